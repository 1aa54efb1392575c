# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which images stand under a name, and when that is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from ..cloud.connect import Cloud
from ..domain.image import Image
from ..domain.lineage import has_stepped_back
from ..domain.lookup import by_name
from ..errors import InvalidRequest

HIDDEN = {"os_hidden": "true"}


def own_project(cloud: Cloud) -> str:
    """The project of the session, to which what it makes and publishes belongs."""
    if cloud.project_id is None:
        raise InvalidRequest(
            "The session is for no project, so it can own no image. Give project_name in auth."
        )
    return cloud.project_id


def now() -> str:
    """The time as it stands on an image."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def named_images(cloud: Cloud, name: str, owner: str) -> tuple[Image, ...]:
    """Images of the owner that have the name: the visible ones, or else hidden ones.

    One that stepped back and kept its name does not stand in the way.
    """
    for query in (by_name(name), {**by_name(name), **HIDDEN}):
        found = tuple(
            image
            for image in listed(cloud, {**query, "owner": owner})
            if image.name == name and image.owner == owner and not has_stepped_back(image, owner)
        )
        if found:
            return found
    return ()


def listed(cloud: Cloud, query: Mapping[str, str], *, both: bool = False) -> Iterator[Image]:
    """A listing of visible images, and of hidden ones where both are asked for."""
    doing = "look for images of that name"
    yield from cloud.glance.images(query, doing=doing)
    if both:
        yield from cloud.glance.images({**query, **HIDDEN}, doing=doing)
