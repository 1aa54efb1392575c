# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""QEMU's readers of disk formats: what they say of a disk, and the raw disk that they deliver.

Only for disks that were judged safe before, and even so with every door closed: the format is
named and not guessed, what a header says of other files is overruled, and the one file to read is
handed over open, not by a name that could have come to stand for something else.
"""

from __future__ import annotations

import errno
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from ..domain.disk import readable
from ..domain.disk_signs import SECTOR
from ..errors import NoSpace, RefusedDisk
from . import tools
from .region import Pieces, Region
from .serving import served

# QEMU's names, where Glance has others.
_DRIVERS = {"vhd": "vpc", "iso": "raw"}
# What a driver is told beside the file.
_TOLD: dict[str, dict[str, Any]] = {
    # No backing file, whatever the header says.
    "qcow2": {"backing": None},
    "vmdk": {"backing": None},
    # The size that the footer names, as Hyper-V does. QEMU would otherwise believe the geometry of
    # most disks, which can be shorter, and the end of the disk would be lost.
    "vpc": {"force_size_calc": "current_size"},
}
# Files of these may end within a sector, and QEMU takes no part of a file that does. In an archive,
# the rest of the sector is padding. Others are looked at from their end, and have whole sectors.
_ENDS_ANYWHERE = frozenset({"qcow2"})
# Of these, QEMU can look through the tables, and so sees a disk that was cut short.
_CHECKED = frozenset({"qcow2", "vmdk", "vhdx"})
# What a qcow2 has beside the data of the disk: a fraction of it, as a shift, and some of its own.
_SHARE_OF_TABLES = 6
_LEAST_TABLES = 16 << 20
_PERCENT = re.compile(rb"\(([\d.]+)/100%\)")
# qemu-img check: 3 means space that nothing uses, which does no harm.
_ONLY_LEAKS = 3


class _Open(Protocol):
    """Anything with an open file behind it."""

    def fileno(self) -> int: ...


def delivered_size(file_format: str, region: Region) -> int:
    """How many bytes the raw disk will have, asked of those who will deliver it."""
    with handed_over(file_format, region) as (node, number):
        question = ["qemu-img", "info", "--output", "json", node]
        try:
            told = json.loads(tools.ask(question, files=[number]))
        except tools.ToolFailed as failure:
            raise RefusedDisk(
                f"It is damaged, or of a kind that QEMU does not read as {file_format}: {failure}."
            ) from failure
        if told.get("backing-filename") or told.get("encrypted"):
            raise RefusedDisk("QEMU finds a backing file or encryption in it, against its header.")
        if file_format in _CHECKED:
            _check(node, number)
    return int(told["virtual-size"])


def _check(node: str, number: int) -> None:
    """Refuse a disk whose tables point past its end: QEMU would read zeros there, and not fail."""
    try:
        tools.ask(["qemu-img", "check", "--output", "json", node], files=[number])
    except tools.ToolFailed as failure:
        if failure.code != _ONLY_LEAKS:
            raise RefusedDisk(
                "It is damaged or was cut short: qemu-img check finds tables that point past its "
                f"end or contradict each other ({failure}). Fetch or make it again."
            ) from failure


def raw_pieces(file_format: str, region: Region, size: int) -> Pieces:
    """The raw disk as a stream, without a file in between; where can_serve() says so."""
    with handed_over(file_format, region) as (node, number):
        yield from served(node, number, _limits(size))


def raw_file(file_format: str, region: Region, size: int, scratch: Path) -> BinaryIO:
    """The raw disk in a sparse file without a name, which is gone with whoever holds it."""
    with handed_over(file_format, region) as (node, number):
        measure = ["qemu-img", "measure", "--output", "json", "-O", "raw", node]
        needed = json.loads(tools.ask(measure, files=[number]))["required"]
        require_space(scratch, needed)
        target = tempfile.TemporaryFile(dir=scratch, buffering=0)  # noqa: SIM115  # Handed on.
        try:
            target.truncate(size)
            with tools.numbered(target.fileno()) as target_number:
                convert = ["qemu-img", "convert", "-n", "--target-is-zero", "-O", "raw", node]
                tools.ask(
                    [*convert, f"/dev/fd/{target_number}"],
                    _limits(size, writes=True),
                    files=[number, target_number],
                )
        except BaseException:
            target.close()
            raise
    return target


def size_as_qcow2(file_format: str, region: Region) -> int:
    """How much a qcow2 of the disk takes at the most, if it is not compressed."""
    with handed_over(file_format, region) as (node, number):
        measure = ["qemu-img", "measure", "--output", "json", "-O", "qcow2", node]
        return int(json.loads(tools.ask(measure, files=[number]))["required"])


def write_qcow2(
    file_format: str, region: Region, size: int, target: _Open, *, compressed: bool
) -> Iterator[int]:
    """Make a qcow2 of the disk in an empty file, and say again and again how much is through."""
    limits = _limits(size + (size >> _SHARE_OF_TABLES) + _LEAST_TABLES, writes=True)
    with (
        handed_over(file_format, region) as (node, number),
        tools.numbered(target.fileno()) as target_number,
    ):
        place = f"/dev/fd/{target_number}"
        create = ["qemu-img", "create", "-q", "-f", "qcow2", place, str(size)]
        tools.ask(create, files=[target_number], limits=limits)
        convert = ["qemu-img", "convert", "-p", "-n", "--target-is-zero", "-O", "qcow2"]
        packing = ["-c"] if compressed else []
        command = [*convert, *packing, node, place]
        try:
            for said in tools.run(command, limits, files=[number, target_number]):
                for percent in _PERCENT.findall(said):
                    yield int(size * float(percent) / 100)
        except tools.ToolFailed as failure:
            if os.strerror(errno.ENOSPC) in str(failure):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from failure
            raise


def require_space(folder: Path, needed: int) -> None:
    """Refuse to begin what cannot be ended for want of space."""
    state = os.statvfs(folder)
    free = state.f_bavail * state.f_frsize
    if free < needed:
        raise NoSpace(
            f"{folder} has {readable(free)} free, and {readable(needed)} are needed there for a "
            "while. Free some, or name a folder on a larger disk with cache_dir (for "
            "image_inspect, with TMPDIR)."
        )


def _limits(size: int, *, writes: bool = False) -> tools.Limits:
    # Ten times what the slowest compression takes.
    seconds = 120 + 100 * (size >> 30)
    return tools.Limits(cpu_seconds=seconds, output_bytes=size if writes else 0)


@contextmanager
def handed_over(file_format: str, region: Region) -> Iterator[tuple[str, int]]:
    """The node that QEMU shall open, and the number of the open file behind it."""
    with tools.numbered(region.file.fileno()) as number:
        file: dict[str, Any] = {"driver": "file", "filename": f"/dev/fd/{number}"}
        if region.is_part:
            size = region.size
            if file_format in _ENDS_ANYWHERE:
                size += -size % SECTOR
            file = {"driver": "raw", "offset": region.start, "size": size, "file": file}
        driver = _DRIVERS.get(file_format, file_format)
        node = {"driver": driver, "read-only": True, **_TOLD.get(driver, {}), "file": file}
        yield f"json:{json.dumps(node)}", number
