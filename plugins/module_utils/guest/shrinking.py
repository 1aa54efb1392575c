# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Making a guest's last file system, and its partition, as small as what is in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..domain.prepare.guest import System
from ..domain.prepare.partition_table import SECTOR, Table, read_table, with_end
from ..errors import CheckFailed
from .appliance import CallFailed

Call = Callable[..., Any]

_DISK = "/dev/sda"
_EXT = frozenset({"ext2", "ext3", "ext4"})
# So much stays free: a guest writes before it has grown again.
_STAYS_FREE = 128 << 20
# Less is not worth a disk of an odd size.
_WORTH_IT = 256 << 20
_ALIGNED = 1 << 20
# Room for the second copy of the table.
_AFTER = 1 << 20
_SECONDS = 3600


def slack_of(call: Call, system: System) -> int | None:
    """About by how many bytes the disk could be smaller; 0 where it cannot, or hardly."""
    last = _last(call, system)
    if last is None:
        return None
    place = next((at for at, device in (system.mounted or {}).items() if device == last[0]), None)
    if place is None:
        return None
    state = call("statvfs", place)
    free = int(state["bavail"] * state["frsize"]) - 2 * _STAYS_FREE
    return free if free > _WORTH_IT else 0


def shrink(call: Call, system: System) -> int:
    """Make it smaller; how large the disk has to be from now on."""
    last = _last(call, system)
    if last is None:
        raise CheckFailed("The last partition is no ext file system: it cannot be made smaller.")
    device, number, start = last
    mounted = dict(system.mounted or {})
    call("umount_all", within=_SECONDS)
    try:
        call("e2fsck", device, forceall=True, within=_SECONDS)
        call("resize2fs_M", device, within=_SECONDS)
        told = call("tune2fs_l", device)
        least = int(told["Block count"]) * int(told["Block size"])
        end = -(-(start + least + _STAYS_FREE) // _ALIGNED) * _ALIGNED
        # By its size and not by that of its partition, of which the kernel keeps the old one.
        call("resize2fs_size", device, end - start, within=_SECONDS)
        disk_size = end + _AFTER
        if system.partition_table == "gpt":
            _rewrite_gpt(call, number, end, disk_size)
        else:
            sector = call("pread_device", _DISK, SECTOR, 0)
            call("pwrite_device", _DISK, with_end(sector, number, end // SECTOR - 1), 0)
        return disk_size
    finally:
        for place in sorted(mounted, key=len):
            call("mount", mounted[place], place)


def _rewrite_gpt(call: Call, number: int, end: int, disk_size: int) -> None:
    """Both copies of a GPT, the second where the disk will end."""
    head = call("pread_device", _DISK, 34 * SECTOR, 0)
    table: Table = read_table(head).with_end(number, end // SECTOR - 1, disk_size // SECTOR)
    call("pwrite_device", _DISK, table.primary(), SECTOR)
    backup = table.backup()
    call("pwrite_device", _DISK, backup, disk_size - len(backup))


def _last(call: Call, system: System) -> tuple[str, int, int] | None:
    """The last partition of the disk, if it holds a file system that can be made smaller."""
    try:
        partitions = call("part_list", _DISK)
    except CallFailed:
        return None
    last = max(partitions, key=lambda one: int(one["part_start"]), default=None)
    if last is None:
        return None
    number = int(last["part_num"])
    found = next((one for one in system.file_systems if one.number == number), None)
    if found is None or found.type not in _EXT or (system.partition_table == "mbr" and number > 4):  # noqa: PLR2004  # Logical ones lie in another.
        return None
    return found.device, number, int(last["part_start"])
