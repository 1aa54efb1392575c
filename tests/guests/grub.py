# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GRUB, put into a disk that is a file: no loop device, no mount, no root."""

from __future__ import annotations

import struct
from pathlib import Path

from guests.store import GuestError, ran

_LIBRARY = Path("/usr/lib/grub")
_BIOS, _EFI = "i386-pc", "x86_64-efi"
_SECTOR = 512
_MODULES = (
    *("part_msdos", "part_gpt", "ext2", "search", "search_label"),
    *("linux", "normal", "configfile", "gzio"),
)
# In the first sector: as much code as fits before the partition table, the place of the number of
# the sector that it loads, and two bytes that make it look for a drive of its own.
_CODE = 440
_LOADS = slice(0x5C, 0x64)
_DRIVE_CHECK = slice(0x66, 0x68)
_NO_OPERATION = b"\x90\x90"
# At the end of the core's first sector: where the rest of the core lies, and how much it is.
_REST = slice(_SECTOR - 12, _SECTOR)


def install(disk: Path, *, at: int, room: int, label: str) -> None:
    """Make a disk start by BIOS: the core goes to a sector with room behind it.

    It finds /boot/grub/grub.cfg on the file system with this label.
    """
    core = bytearray(_image(_BIOS, label, disk.with_suffix(".core"), "biosdisk").read_bytes())
    core += bytes(-len(core) % _SECTOR)
    if len(core) > room * _SECTOR:
        raise GuestError(f"GRUB's core has {len(core)} bytes, and {room} sectors are not enough.")
    first = bytearray((_LIBRARY / _BIOS / "boot.img").read_bytes())
    first[_LOADS] = struct.pack("<Q", at)
    first[_DRIVE_CHECK] = _NO_OPERATION
    _start, _length, segment = struct.unpack("<QHH", core[_REST])
    core[_REST] = struct.pack("<QHH", at + 1, len(core) // _SECTOR - 1, segment)
    with disk.open("r+b") as file:
        file.write(first[:_CODE])
        file.seek(at * _SECTOR)
        file.write(core)


def efi_loader(label: str, folder: Path) -> Path:
    """The file that UEFI starts, for the same."""
    return _image(_EFI, label, folder / "bootx64.efi", "fat")


def _image(platform: str, label: str, made: Path, *modules: str) -> Path:
    if not (_LIBRARY / platform).exists():
        raise GuestError(
            f"GRUB for {platform} is missing. Install Debian's packages grub-pc-bin and "
            "grub-efi-amd64-bin."
        )
    early = made.with_suffix(".cfg")
    early.write_text(f"search.fs_label {label} root\nset prefix=($root)/boot/grub\n")
    ran(
        *("grub-mkimage", "-O", platform, "-c", early, "-p", "/boot/grub", "-o", made),
        *(*modules, *_MODULES),
    )
    return made
