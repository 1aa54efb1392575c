# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""That an image holds the bytes that were meant: as the cloud says, and if need be as it shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from ..cloud.connect import Cloud
from ..domain.image import Image
from ..errors import Conflict, Unproven
from ..hashing import Digests
from ..progress import Progress

_DEFAULT = "sha512"
_FALLBACK = "md5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The bytes that an image shall have."""

    size: int
    digests: Mapping[str, str]


def algorithms(cloud: Cloud) -> tuple[str, ...]:
    """What to compute while the bytes pass.

    Which digest Glance computes shows only on images that are there. Where there is none, md5 goes
    along, which Glance always has.
    """
    newest = cloud.glance.newest()
    if newest is None or not newest.os_hash_algo:
        return (_DEFAULT, _FALLBACK)
    likely = {_DEFAULT, newest.os_hash_algo} & hashlib.algorithms_available
    return tuple(sorted(likely, reverse=True))


def prove(cloud: Cloud, image_id: str, content: Content, progress: Progress) -> tuple[Image, str]:
    """The image as the cloud has it now, and what proved that it has these bytes."""
    image = cloud.glance.image(image_id)
    if image is None or image.status != "active":
        state = "gone" if image is None else image.status
        raise Conflict(
            f"Image {image_id} is {state} after its data was sent. Somebody else removed or "
            "changed it. Run the task again."
        )
    if image.size != content.size:
        raise Unproven(
            f"Image {image_id} has {image.size} bytes where {content.size} were sent. Something "
            "between here and the cloud's store cut or filled them. Run the task again."
        )
    algorithm, value = image.os_hash_algo or "", image.os_hash_value
    proven_by = "os_hash_value"
    if algorithm not in content.digests:
        algorithm, value, proven_by = _FALLBACK, image.checksum, "checksum"
    if value is None or algorithm not in content.digests:
        algorithm, proven_by = next(iter(content.digests)), "read back"
        value = _read_back(cloud, image, algorithm, progress)
    if value != content.digests[algorithm]:
        raise Unproven(
            f"Image {image_id} has the {algorithm} {value} where {content.digests[algorithm]} was "
            "sent. The bytes were changed on their way or in the cloud's store. Run the task again."
        )
    return image, proven_by


def _read_back(cloud: Cloud, image: Image, algorithm: str, progress: Progress) -> str:
    progress.stage("reading back", image.size)
    with Digests([algorithm]) as digests:
        for piece in digests.over(cloud.data.download(image.id)):
            progress.moved(len(piece))
        return digests.results()[algorithm]
