# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A disk that starts by BIOS and by UEFI, made of a folder with a root file system."""

from __future__ import annotations

import os
from pathlib import Path

from guests import grub
from guests.store import ran

_GIB = 2
_SECTOR = 512
_MIB = (1 << 20) // _SECTOR
# Sectors: GRUB's core without a file system, the EFI system partition, and the rest.
_CORE, _ESP, ROOT_AT = _MIB, 2 * _MIB, 10 * _MIB
_TABLE = f"""label: gpt
start={_CORE}, size={_ESP - _CORE}, type=21686148-6449-6E6F-744E-656564454649
start={_ESP}, size={ROOT_AT - _ESP}, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
start={ROOT_AT}, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4
"""
# At the end of a disk with a GPT is the second copy of it.
_TABLE_AT_END = 2048


def write_disk(disk: Path, tree: Path, label: str) -> None:
    """A raw disk; files for it come and stay beside it."""
    disk.touch()
    os.truncate(disk, _GIB << 30)
    ran("sfdisk", "-q", disk, stdin=_TABLE.encode())
    blocks = ((_GIB << 30) - (ROOT_AT + _TABLE_AT_END) * _SECTOR) // 4096
    ran(
        *("mke2fs", "-q", "-t", "ext4", "-b", "4096", "-L", label, "-d", tree),
        *("-O", "^metadata_csum_seed,^orphan_file", "-J", "size=16"),
        *("-E", f"offset={ROOT_AT * _SECTOR}", disk, str(blocks)),
    )
    grub.install(disk, at=_CORE, room=_ESP - _CORE, label=label)
    esp = disk.with_name("esp")
    esp.touch()
    os.truncate(esp, (ROOT_AT - _ESP) * _SECTOR)
    ran("mkfs.vfat", "-n", "ESP", esp)
    loader = grub.efi_loader(label, disk.parent)
    ran("mmd", "-i", esp, "::/EFI", "::/EFI/BOOT")
    ran("mcopy", "-i", esp, loader, "::/EFI/BOOT/BOOTX64.EFI")
    with disk.open("r+b") as file:
        file.seek(_ESP * _SECTOR)
        file.write(esp.read_bytes())
