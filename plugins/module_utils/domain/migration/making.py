# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The image at the destination: how it is begun, and the one change with which it is seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..image import Image, ImageState
from ..lineage import TAG, published_marks, staged_name
from ..metadata import DescribedImage, MetadataWish, plan_metadata
from ..plan import Plan
from ..values import LONGEST_NAME
from .carrying import Carried
from .origin import Origin

# What an import by the cloud may add on its own, and what no change may touch.
_NOT_OURS_TO_REMOVE = ("curator_", "os_glance_")
_GIB = 1024**3


def first_record(origin: Origin, carried: Carried, *, owner: str, attempt: int) -> dict[str, Any]:
    """The image as it is begun: private, with all that a later run has to find on it.

    One session may make it for several owners at the same time, each under another id.
    """
    source = origin.image
    lineage = origin.lineage
    image_id = lineage.image_id(owner, attempt)
    return {
        **carried.properties,
        **lineage.as_properties(),
        **origin.mark,
        "curator_id": image_id,
        "id": image_id,
        "name": staged_name(origin.name, image_id, LONGEST_NAME),
        "visibility": "private",
        "disk_format": origin.format_there,
        "container_format": source.container_format,
        "min_disk": source.min_disk,
        "min_ram": source.min_ram,
        "tags": sorted({*source.tags, TAG}),
    }


def publishing(now: str, predecessor: Image | None) -> dict[str, str | None]:
    """What is recorded on the image when it gets its name."""
    return published_marks(now, predecessor)


def smallest_disk(origin: Origin, size: int | None) -> int:
    """The smallest disk in GiB that takes the image; one that was converted has this size."""
    virtual = -(-(size or 0) // _GIB) if origin.converts else 0
    return max(origin.image.min_disk, virtual)


def last_change(
    image: Image,
    origin: Origin,
    carried: Carried,
    *,
    visibility: str,
    owner: str,
    marks: Mapping[str, str | None],
) -> Plan:
    """The one change with which the image gets its name, and is seen."""
    source = origin.image
    added = {
        name: None
        for name in image.properties
        if name not in carried.properties and not name.startswith(_NOT_OURS_TO_REMOVE)
    }
    wish = MetadataWish(
        image=image.id,
        name=origin.name,
        visibility=visibility,
        hidden=source.hidden,
        protected=source.protected,
        min_disk=smallest_disk(origin, image.size),
        min_ram=source.min_ram,
        properties={**added, **carried.properties, **marks},
    )
    new_owner = owner if owner != image.owner else None
    return plan_metadata(wish, DescribedImage(state=ImageState(image=image), new_owner=new_owner))
