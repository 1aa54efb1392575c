# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What image_share has to know before it can plan."""

from __future__ import annotations

from ..cloud.connect import Cloud
from ..cloud.images import find_image
from ..cloud.projects import resolve
from ..domain.image import Image, ImageState, Member
from ..domain.share import SharedImage, ShareWish
from ..errors import ImageNotFound


def read_shared_image(cloud: Cloud, wish: ShareWish) -> SharedImage:
    """The image, its members as far as the session sees them, and the projects named."""
    if wish.answer:
        image = find_image(cloud, wish.image, as_consumer=True)
        return SharedImage(
            state=ImageState(image=image, members=_own_membership(cloud, image)),
            own_project=cloud.project_id,
        )
    try:
        image = find_image(cloud, wish.image)
    except ImageNotFound:
        # Check mode takes it that the image will be there; its projects have to be there now.
        if wish.present:
            resolve(cloud, wish.projects or (), domain=wish.project_domain)
        raise
    members = cloud.glance.members(image.id) if image.visibility == "shared" else ()
    known = {member.project_id for member in members}
    if image.owner:
        known.add(image.owner)
    projects = resolve(
        cloud,
        wish.projects or (),
        known=known,
        domain=wish.project_domain,
        missing_ok=not wish.present,
    )
    return SharedImage(
        state=ImageState(image=image, members=members),
        own_project=cloud.project_id,
        projects=projects.ids,
        warnings=tuple(projects.warnings),
    )


def _own_membership(cloud: Cloud, image: Image) -> tuple[Member, ...]:
    project = cloud.project_id
    # Other images have no members, and Glance answers the question with an error.
    if project is None or image.visibility != "shared" or image.owner == project:
        return ()
    member = cloud.glance.member(image.id, project)
    return (member,) if member else ()
