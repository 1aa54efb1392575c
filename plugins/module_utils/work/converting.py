# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""From an image as it was read to a file in another format."""

from __future__ import annotations

from pathlib import Path

from ..disk.opening import OpenDisk, open_disk
from ..disk.saving import GrowingFile, require_room
from ..domain.disk import DiskWish
from ..domain.readable import DEFAULT_ALGORITHM
from ..domain.saving.wish import RAW, Form
from ..errors import RefusedDisk
from ..hashing import Digests
from ..progress import Progress
from ..source.reckoning import digests_of
from .watching import Stop


def convert(
    source: Path,
    asked: DiskWish,
    form: Form,
    file: GrowingFile,
    *,
    progress: Progress,
    stop: Stop,
) -> str:
    """Write a disk that is judged safe into an empty file; the digest of what was written."""
    folder = file.path.parent
    with open_disk(source, asked, scratch=folder, progress=progress) as disk:
        if disk.facts.packing:
            raise RefusedDisk(
                f"{asked.name} is refused. Glance has it as {asked.declared}, and it is packed "
                f"({'.'.join(disk.facts.packing)}). Use disk_format: keep."
            )
        if form.disk_format == RAW:
            return _written_raw(disk, file, progress, stop)
        if not form.compressed:
            require_room(folder, disk.room_as_qcow2(), f"{asked.name} as qcow2")
        disk.write_qcow2(file, compressed=form.compressed)
    return digests_of(file.path, (DEFAULT_ALGORITHM,), progress, "hashing")[DEFAULT_ALGORITHM]


def _written_raw(disk: OpenDisk, file: GrowingFile, progress: Progress, stop: Stop) -> str:
    with disk.stream("raw") as stream, Digests([DEFAULT_ALGORITHM]) as digests:
        progress.stage("convert", stream.size)
        require_room(file.path.parent, stream.size or 0, f"{file.path.name} as raw")
        for piece in digests.over(stream.pieces):
            stop.check()
            file.write(piece)
            progress.moved(len(piece))
        return digests.results()[DEFAULT_ALGORITHM]
