# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The programs of guests that make an initramfs, and how each is told which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from .edits import Run
from .guest import Guest, is_file
from .kernels import Kernel


class Maker(Enum):
    """A program that makes one, by the files in which it may be."""

    INITRAMFS_TOOLS = ("/usr/sbin/update-initramfs",)
    DRACUT = ("/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut")
    MKINITCPIO = ("/usr/bin/mkinitcpio",)
    MKINITFS = ("/sbin/mkinitfs",)


def maker_of(guest: Guest) -> Maker | None:
    """The one that the guest has."""
    return next((one for one in Maker if any(is_file(guest, path) for path in one.value)), None)


def making(guest: Guest, kernels: Iterable[Kernel]) -> Iterator[Run]:
    """Make the initramfs of each of these anew, from the settings as they are now."""
    maker = maker_of(guest)
    if maker is Maker.MKINITCPIO:
        yield Run(command=(maker.value[0], "-P"), why="make every initramfs")
        return
    for kernel in kernels:
        command: tuple[str, ...]
        match maker:
            case Maker.INITRAMFS_TOOLS:
                command = (maker.value[0], "-u", "-k", kernel.version)
            case Maker.DRACUT:
                command = ("dracut", "--force", kernel.initramfs or "", kernel.version)
            case Maker.MKINITFS:
                command = (maker.value[0], kernel.version)
            case _:
                return
        yield Run(command=command, why=f"make the initramfs of {kernel.version}")
