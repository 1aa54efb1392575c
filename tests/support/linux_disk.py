# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks of a small Linux machine: a partition table, a file system, and files in it."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from support.disks import SECTOR

SIZE = 8 << 20
_FIRST_SECTOR = 2048
_LINUX = 0x83
_ACTIVE = 0x80
_ROOT = "7f3c1a9e-53d2-4a7c-9d0e-2b61c0f4d8aa"

_FILES = {
    "etc/os-release": 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n',
    "etc/fstab": f"UUID={_ROOT} / ext4 errors=remount-ro 0 1\n",
    "etc/hostname": "accounting\n",
    "boot/grub/grub.cfg": f"linux /boot/vmlinuz root=UUID={_ROOT}\n",
}


@cache
def linux_disk(seed: int = 1) -> bytes:
    """A disk that BIOS would start: boot code and a partition in an MBR, with ext4 in it."""
    chance = random.Random(seed)  # noqa: S311  # The same disk in every run.
    start = _FIRST_SECTOR * SECTOR
    entry = struct.pack("<B3xB3xII", _ACTIVE, _LINUX, _FIRST_SECTOR, SIZE // SECTOR - _FIRST_SECTOR)
    head = bytearray(start)
    head[:440] = chance.randbytes(440)
    head[446:462] = entry
    head[510:512] = b"\x55\xaa"
    kernel = chance.randbytes(1 << 20)
    return bytes(head) + _file_system({"boot/vmlinuz": kernel}, SIZE - start)


@cache
def data_disk(seed: int = 2) -> bytes:
    """A disk without partitions, as machines have one for their data."""
    chance = random.Random(seed)  # noqa: S311  # As above.
    return _file_system({"ledger.db": chance.randbytes(256 << 10)}, SIZE // 2)


def _file_system(files: dict[str, bytes], size: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        tree, disk = Path(folder, "tree"), Path(folder, "disk")
        for name, content in {**{n: text.encode() for n, text in _FILES.items()}, **files}.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(content)
        disk.touch()
        os.truncate(disk, size)
        # It is not on everybody's PATH.
        path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
        kind = ["-q", "-t", "ext4", "-b", "1024", "-U", _ROOT]
        command = ["mke2fs", *kind, "-d", str(tree), str(disk)]
        subprocess.run(command, check=True, env={**os.environ, "PATH": path})
        return disk.read_bytes()
