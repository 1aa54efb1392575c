# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What image_info tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..cloud.connect import Cloud
from ..cloud.images import open_to_us
from ..cloud.projects import resolve
from ..domain.find import Search, ask
from ..domain.image import Image, ImageState
from ..domain.lookup import by_name, is_uuid, listings, matching


def search(cloud: Cloud, wanted: Search) -> dict[str, Any]:
    """The images that answer a search, or what a query says about them."""
    owner = None
    if wanted.owner is not None:
        owner = resolve(cloud, [wanted.owner], known=[cloud.project_id or ""]).ids[wanted.owner]
    images = list(_found(cloud, wanted, owner))
    described = [_described(cloud, wanted, image) for image in images]
    if wanted.query is not None:
        return {"result": ask(wanted.query, described)}
    return {"images": described, "project_id": cloud.project_id}


def _found(cloud: Cloud, wanted: Search, owner: str | None) -> Iterable[Image]:
    if wanted.image is None:
        for listing in wanted.listings(owner):
            yield from cloud.glance.images(listing, doing="list images")
        return
    if is_uuid(wanted.image):
        image = cloud.glance.image(wanted.image)
        if image:
            if wanted.admits(image, owner):
                yield image
            return
    yield from _named(cloud, wanted, wanted.image, owner)


def _named(cloud: Cloud, wanted: Search, name: str, owner: str | None) -> Iterable[Image]:
    """All images of a name: where the search does not say whose, one's own before others'."""
    if owner or wanted.visibility or wanted.member_status:
        for listing in wanted.listings(owner):
            parts = [*listing, *by_name(name).items()]
            found = cloud.glance.images(parts, doing=f"look for image {name!r}")
            yield from (image for image in found if image.name == name)
        return
    for query in listings(name, cloud.project_id):
        found = cloud.glance.images(query, doing=f"look for image {name!r}")
        matches = open_to_us(cloud, matching(found, name, cloud.project_id))
        if matches:
            yield from matches
            return


def _described(cloud: Cloud, wanted: Search, image: Image) -> dict[str, Any]:
    """An image in the shape of all modules; one that was asked for alone with its members."""
    if wanted.image is None or image.visibility != "shared":
        return image.as_result()
    state = ImageState(image=image, members=cloud.glance.members(image.id))
    shown: dict[str, Any] = state.as_result()["image"]
    return shown
