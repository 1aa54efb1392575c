# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a download is asked to lead to, and in which format that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ...errors import InvalidRequest
from ..disk import FORMATS, PLAIN_FORMATS, parse_size, readable
from ..disk_signs import SECTOR
from ..image import Image
from ..rate import parse_rate

KEEP, RAW, QCOW2 = "keep", "raw", "qcow2"


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadWish:
    """What the task asks for."""

    image: str
    # A file, or a folder for a file that is named after the image.
    path: str
    disk_format: str = KEEP
    compress: bool = False
    overwrite: bool = False
    max_virtual_size: int
    retries: int
    # Bytes in a second; None: as fast as it goes.
    rate: int | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what contradicts itself."""
        for option in ("image", "path"):
            if not params[option]:
                raise InvalidRequest(f"{option} is empty. Give it a value.")
        if params["compress"] and params["disk_format"] != QCOW2:
            raise InvalidRequest(
                f"compress is true with disk_format: {params['disk_format']}. Only a qcow2 can be "
                "compressed and still be a disk: use disk_format: qcow2, or leave compress out."
            )
        if params["retries"] < 0:
            raise InvalidRequest(f"retries is {params['retries']}. Give 0 or more.")
        plain = ("image", "path", "disk_format", "compress", "overwrite", "retries")
        return cls(
            **{name: params[name] for name in plain},
            max_virtual_size=parse_size(params["max_virtual_size"]),
            rate=parse_rate(params["rate_limit"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the file shall be: the image's bytes, or another format made of them."""

    disk_format: str
    converts: bool = False
    compressed: bool = False


def form_of(wish: DownloadWish, image: Image) -> Form:
    """The form in which the task wants this image."""
    has = image.disk_format or RAW
    wanted = has if wish.disk_format == KEEP else wish.disk_format
    same = wanted == has or (wanted == RAW and has in PLAIN_FORMATS)
    if same and not wish.compress:
        return Form(disk_format=wanted)
    _require_convertible(image, has)
    return Form(disk_format=wanted, converts=True, compressed=wish.compress)


def _require_convertible(image: Image, disk_format: str) -> None:
    keep = "Use disk_format: keep, which saves its bytes as they are."
    if disk_format not in FORMATS or image.container_format != "bare":
        raise InvalidRequest(
            f"Image {image.id} is {disk_format} in the container {image.container_format}, which "
            f"cannot be converted; disks can, of the formats {', '.join(FORMATS)} and without a "
            f"container (bare). {keep}"
        )
    if disk_format in PLAIN_FORMATS and image.size is not None and image.size % SECTOR:
        raise InvalidRequest(
            f"Image {image.id} has {image.size} bytes, which is no whole number of sectors: a "
            f"qcow2 of it would stand for {readable(SECTOR - image.size % SECTOR)} more. {keep}"
        )


def room_needed(form: Form, image: Image) -> int:
    """How many bytes have to fit beside each other at the most, as far as the image tells."""
    downloaded = image.size or 0
    if form.converts and form.disk_format == RAW:
        return downloaded + (image.virtual_size or 0)
    return downloaded
