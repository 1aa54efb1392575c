# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listings of two clouds, as image_info tells them, for tests to turn about."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import TAG
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.many.clouds import (
    SOURCE,
    cloud_of,
    destinations_of,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.many.deciding import (
    decide,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.origin import Origin

HERE, THERE = "project-here", "project-there"
MIB = 1 << 20


def shown(name: str, *, content: str = "", **said: Any) -> dict[str, Any]:
    """An image of the source, as image_info returns it; its content is its name unless said."""
    data = (content or name).encode()
    image = Image(
        **{
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {said.get('owner', HERE)}")),
            "name": name,
            "status": "active",
            "visibility": "private",
            "owner": HERE,
            "size": MIB,
            "disk_format": "raw",
            "container_format": "bare",
            "checksum": hashlib.md5(data, usedforsecurity=False).hexdigest(),
            "os_hash_algo": "sha512",
            "os_hash_value": hashlib.sha512(data).hexdigest(),
            "created_at": "2026-11-20T00:00:00Z",
            **said,
        }
    )
    return image.as_result()


def moved(image: dict[str, Any], **said: Any) -> dict[str, Any]:
    """The image that image_migrate has made of another one at the destination."""
    source = Image(**{**image, "tags": tuple(image["tags"])})
    origin = Origin(image=source, cloud="here", disk_format=said.pop("convert", "keep"))
    image_id = origin.lineage.image_id(THERE, 0)
    properties = {
        **origin.lineage.as_properties(),
        **origin.mark,
        "curator_id": image_id,
        "curator_state": "published",
        **said.pop("properties", {}),
    }
    return {
        **image,
        "id": image_id,
        "owner": THERE,
        "disk_format": origin.format_there,
        "tags": [TAG],
        "properties": properties,
        "created_at": "2026-11-21T00:00:00Z",
        **said,
    }


def listing(images: Sequence[dict[str, Any]], project: str) -> dict[str, Any]:
    """What image_info tells."""
    return {"images": list(images), "project_id": project}


def decided(
    given: Sequence[Any] = (),
    *,
    here: Sequence[dict[str, Any]] = (),
    there: Sequence[dict[str, Any]] | dict[str, Any] = (),
    source: Any = "here",
    destinations: Sequence[Any] = ("there",),
    **said: Any,
) -> dict[str, Any]:
    """The plan for a list; all destinations have the same images unless the test says more."""
    if not isinstance(there, dict):
        there = {str(destination): there for destination in destinations}
    return decide(
        given,
        source=cloud_of(source, SOURCE).as_plain(),
        here=listing(here, HERE),
        destinations=[cloud.as_plain() for cloud in destinations_of(destinations)],
        there=[
            ((number, said.get("owner")), _told(there[str(destination)]))
            for number, destination in enumerate(destinations)
        ],
        found=said.get("found", ()),
        select=said.get("select"),
        common=said.get("common", {}),
        update_members=said.get("update_members", False),
    )


def _told(images: Any) -> dict[str, Any]:
    return images if isinstance(images, dict) else listing(images, THERE)


def actions(plan: dict[str, Any]) -> list[str]:
    """What is to be done, for each image and destination."""
    return [move["action"] for image in plan["images"] for move in image["moves"]]


def reasons(plan: dict[str, Any]) -> list[str]:
    """Why not, or what for."""
    return [move["reason"] for image in plan["images"] for move in image["moves"]]
