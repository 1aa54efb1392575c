# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The block storage API: one function a request, in the words of this collection."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote

from ..domain.volume import Volume
from ..errors import Forbidden, NotFound
from .paging import following_page
from .service import Service

# Of 2016, and the first that lets an image be private from its beginning.
_VERSION = {"OpenStack-API-Version": "volume 3.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Volumes that were made from an image, as many as were asked for."""

    volumes: tuple[Volume, ...]
    # Whether the answer is about every project's.
    everywhere: bool
    more: bool = False


class Cinder:
    """What this collection asks of Cinder."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def _send(self, method: str, path: str, **options: Any) -> Any:
        return self._service.send(method, path, headers=_VERSION, **options)

    def volume(self, volume_id: str) -> Volume | None:
        """The volume with this id, if there is one that the session may see."""
        try:
            answer = self._send(
                "GET", _path(volume_id), doing=f"read volume {volume_id}", expect="volume"
            )
        except NotFound:
            return None
        return Volume.from_cinder(answer["volume"])

    def volumes_named(self, name: str) -> list[Volume]:
        """The volumes of the session's own project that have a name."""
        found = self._listed({"name": name}, doing=f"look for volume {name!r}")
        return [volume for volume in found if volume.name == name]

    def copies(self, image_id: str, at_most: int) -> Copies:
        """What was made from an image: of every project where policy tells, else of the own."""
        everywhere = self._sees_every_project()
        query = {
            "glance_metadata": json.dumps({"image_id": image_id}),
            **({"all_tenants": "1"} if everywhere else {}),
        }
        listed = self._listed(query, doing=f"ask which volumes use image {image_id}")
        # To a plain member, the filter is none on some clouds, and all volumes are in the listing.
        found = list(islice((one for one in listed if one.image_id == image_id), at_most + 1))
        return Copies(
            volumes=tuple(found[:at_most]), everywhere=everywhere, more=len(found) > at_most
        )

    def _sees_every_project(self) -> bool:
        """Whether the session is an administrator's to Cinder.

        Nothing in a listing says so: who may not ask for every project's volumes gets its own.
        """
        try:
            self._send(
                "GET", "/os-services", doing="ask what the session may see", expect="services"
            )
        except Forbidden:
            return False
        return True

    def _listed(self, query: Mapping[str, str], *, doing: str) -> Iterator[Volume]:
        parts: list[tuple[str, str]] | None = list(query.items())
        while parts is not None:
            page = self._send("GET", "/volumes/detail", doing=doing, expect="volumes", query=parts)
            yield from map(Volume.from_cinder, page["volumes"])
            parts = following_page(page, "volumes")

    def create_image(self, volume_id: str, name: str, *, force: bool) -> str:
        """Begin to make a raw image of a volume, and say which id it has."""
        wish = {
            "image_name": name,
            "disk_format": "raw",
            "container_format": "bare",
            "visibility": "private",
            "protected": False,
            "force": force,
        }
        answer = self._send(
            "POST",
            _path(volume_id, "action"),
            doing=f"make an image of volume {volume_id}",
            expect="os-volume_upload_image",
            hints={
                400: (
                    "A volume that a server has can be read only where the cloud's operator allows "
                    "it (enable_force_upload). Detach it, or make an image of a snapshot of it."
                ),
            },
            json={"os-volume_upload_image": wish},
        )
        return str(answer["os-volume_upload_image"]["image_id"])


def _path(volume_id: str, *more: str) -> str:
    return "/".join(["/volumes", *(quote(part, safe="") for part in (volume_id, *more))])
