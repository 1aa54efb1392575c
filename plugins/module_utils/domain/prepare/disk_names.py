# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The names that a guest has for its disk by where that is attached, and what is under them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .guest import FileSystem, Guest, lines
from .kernel_arguments import arguments

FSTAB = "/etc/fstab"
# The first disk, as the kernel calls it on each bus, and the number of a partition of it.
_BY_KERNEL = re.compile(r"/dev/(?:(?:[shv]d|xvd)a|(?:nvme0n1|mmcblk0)p|ubda)(\d+)")
# By its slot, or by what a hypervisor says is its number. What device mapper and RAID assemble
# has its names from what is in it, and those stay.
_BY_UDEV = re.compile(r"(/dev/disk/by-(?:path|id)/(?!dm-|md-|lvm-)\S+?)(?:-part(\d+))?")
_ROOT = "root="
# What a guest starts from is on its first disk.
_STARTS_FROM = frozenset({"/", "/boot", "/boot/efi", "/usr"})
_PLACE = 1


class DiskNames:
    """The names of the first disk, as they stand before anything is changed."""

    def __init__(self, guest: Guest) -> None:
        self._file_systems = guest.system.file_systems
        # Another disk has such names as well: only what the guest starts from tells which is which.
        starts_from = [*_in_fstab(guest), *_in_arguments(guest)]
        matches = map(_BY_UDEV.fullmatch, starts_from)
        self._disks = {match[1] for match in matches if match and match[2]}

    def file_system(self, device: str) -> FileSystem | None:
        """The file system under a name of the first disk."""
        by_kernel, by_udev = _BY_KERNEL.fullmatch(device), _BY_UDEV.fullmatch(device)
        number = None
        if by_kernel:
            number = int(by_kernel[1])
        elif by_udev and by_udev[2] and by_udev[1] in self._disks:
            number = int(by_udev[2])
        found = (one for one in self._file_systems if one.uuid and one.number == number)
        return None if number is None else next(found, None)

    def lasting(self, device: str) -> str:
        """How it is called wherever its disk is; as it was, where nobody knows what that is."""
        found = self.file_system(device)
        return f"UUID={found.uuid}" if found else device


def is_by_place(device: str) -> bool:
    """Whether a name is that of a place, and may be another disk's on a cloud."""
    return bool(_BY_KERNEL.fullmatch(device) or _BY_UDEV.fullmatch(device))


def _in_fstab(guest: Guest) -> Iterator[str]:
    for line in lines(guest, FSTAB):
        fields = line.split()
        if len(fields) > _PLACE and fields[_PLACE] in _STARTS_FROM:
            yield fields[0]


def _in_arguments(guest: Guest) -> Iterator[str]:
    for words in arguments(guest):
        yield from (word.removeprefix(_ROOT) for word in words if word.startswith(_ROOT))
