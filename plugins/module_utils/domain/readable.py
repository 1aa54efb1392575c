# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Whether the bytes of an image can be read, and what they have to be."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from ..errors import NotReady
from .image import Image

DEFAULT_ALGORITHM = "sha512"
_GONE = frozenset({"killed", "deleted", "pending_delete"})
# What Nova writes on the snapshot of a server that was started from a volume.
_VOLUMES = "block_device_mapping"


def refuse_unreadable(image: Image) -> None:
    """Say why an image has no bytes to read, if it has none.

    One that is deactivated passes: an administrator may read it, and only asking tells.
    """
    reason = _reason(image)
    if reason:
        raise NotReady(f"Image {image.id} cannot be read: {reason}")


def _reason(image: Image) -> str | None:
    match image.status:
        case "queued":
            return "it is queued, so its data was never sent. Upload it, or take another image."
        case "saving" | "uploading" | "importing":
            return (
                f"it is {image.status}, so its data is still on its way. Run the task again when "
                "it is active."
            )
        case status if status in _GONE:
            return f"it is {status}, so its data is gone or about to go. Take another image."
    if image.size == 0 and image.properties.get(_VOLUMES) not in {None, "", "[]"}:
        return (
            "it is the snapshot of a server with volumes, which holds no data itself but names "
            "snapshots of these volumes (block_device_mapping). Make an image of the volume "
            "(openstack image create --volume), and take that one."
        )
    if image.size == 0:
        return "it has 0 bytes. Upload its data to another image, and take that one."
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDigest:
    """What an image's bytes hash to, as Glance says."""

    algorithm: str
    value: str
    # The attribute that says it.
    told_by: str


def known_digest(image: Image) -> KnownDigest | None:
    """The best digest that Glance has and that can be computed here; old images have md5 alone."""
    if image.os_hash_value and image.os_hash_algo in hashlib.algorithms_available:
        return KnownDigest(
            algorithm=str(image.os_hash_algo), value=image.os_hash_value, told_by="os_hash_value"
        )
    if image.checksum:
        return KnownDigest(algorithm="md5", value=image.checksum, told_by="checksum")
    return None


def goes_on(content_range: str, *, start: int, size: int | None) -> bool:
    """Whether a part of an image is all that follows the bytes before it."""
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", content_range.strip())
    if found is None or int(found[1]) != start:
        return False
    if found[3] != "*" and int(found[2]) + 1 != int(found[3]):
        return False
    return size is None or int(found[2]) + 1 == size
