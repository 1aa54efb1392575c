# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Finding the image that a task is about."""

from __future__ import annotations

import time

from ..domain.image import Image
from ..domain.lookup import is_uuid, listings, matching, the_only
from ..errors import ImageNotFound, InvalidRequest, NotReady
from .connect import Cloud

# What Glance is doing while bytes are on their way: a change made now would be lost, because the
# upload writes the image back whole at its end, as it was at its start.
_BEING_WRITTEN = frozenset({"saving", "uploading", "importing"})
_POLL_SECONDS = 1.0


def find_image(cloud: Cloud, reference: str, *, as_consumer: bool = False) -> Image:
    """The one image with this id or name; none and several are errors."""
    if is_uuid(reference):
        image = cloud.glance.image(reference)
        if image:
            return image
    for query in listings(reference, cloud.project_id, as_consumer=as_consumer):
        found = cloud.glance.images(query, doing=f"look for image {reference!r}")
        matches = matching(found, reference, cloud.project_id, as_consumer=as_consumer)
        image = the_only(open_to_us(cloud, matches), reference)
        if image:
            return image
    if as_consumer:
        _refuse_own(cloud, reference)
        raise ImageNotFound(
            f"No image {reference!r} is shared with {cloud.project}. Its owner has to share it "
            "first."
        )
    raise ImageNotFound(
        f"There is no image {reference!r} in the lists of {cloud.project}. Check the name, or give "
        "the id; openstack image list shows both. An image that was offered and not accepted, or a "
        "community image of others, is found by its id only."
    )


def open_to_us(cloud: Cloud, images: list[Image]) -> list[Image]:
    """Without what others share with others: an administrator's listing has that as well."""
    own = cloud.project_id
    return [
        image
        for image in images
        if image.visibility != "shared"
        or image.owner == own
        or (own is not None and cloud.glance.member(image.id, own) is not None)
    ]


def _refuse_own(cloud: Cloud, name: str) -> None:
    """Say it when somebody wants to answer an offer of its own."""
    for query in listings(name, cloud.project_id):
        if "owner" not in query:
            return
        found = cloud.glance.images(query, doing=f"look for image {name!r}")
        if any(image.name == name and image.owner == cloud.project_id for image in found):
            raise InvalidRequest(
                f"Image {name!r} belongs to {cloud.project}, the one of this session; there is "
                "nothing to answer. Use the cloud of the project that it is shared with."
            )


def being_written(image: Image) -> bool:
    """Whether somebody is sending the image's data."""
    return image.status in _BEING_WRITTEN


def settle(cloud: Cloud, image: Image) -> None:
    """Wait until nobody is writing the image's data any more, if the task may wait."""
    deadline = time.monotonic() + cloud.timeout
    while being_written(image):
        if not cloud.wait or time.monotonic() > deadline:
            raise NotReady(
                f"Image {image.id} is {image.status}: its data is being written, and Glance would "
                "forget a change made meanwhile. Run the task again when the image is active"
                + (f" (waited {cloud.timeout:.0f} s)." if cloud.wait else ", or with wait: true.")
            )
        time.sleep(_POLL_SECONDS)
        image = find_image(cloud, image.id)
