# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks of guests that are nothing but files: made by mke2fs, and read by debugfs."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from support.disks import SECTOR

ROOT_UUID = "7f3c1a9e-53d2-4a7c-9d0e-2b61c0f4d8aa"
_FIRST_SECTOR = 2048
_BLOCK = 1024
_LINUX = 0x83
_ACTIVE = 0x80
# Not on everybody's PATH.
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
# By these, libguestfs knows a Debian.
_FOLDERS = ("bin", "boot", "dev", "etc", "lib", "proc", "root", "run", "sbin", "sys", "tmp", "usr")
DEBIAN = {
    "etc/os-release": 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n',
    "etc/debian_version": "12.5\n",
    "etc/fstab": f"UUID={ROOT_UUID} / ext4 errors=remount-ro 0 1\n",
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/shadow": "root:*:19000:0:99999:7:::\n",
    "etc/hostname": "accounting\n",
    "var/lib/dpkg/status": "Package: dpkg\nStatus: install ok installed\nVersion: 1.21\n",
}


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass(frozen=True)
class Pipe:
    """A pipe that waits for its other end."""


@dataclass(frozen=True)
class Hole:
    """A file of this size with nothing in it."""

    size: int


Content = str | bytes | Link | Pipe | Hole


def guest_disk(path: Path, files: Mapping[str, Content], *, mib: int = 32) -> Path:
    """A raw disk with a partition and a file system of these files, and what a Debian has."""
    size = mib << 20
    start = _FIRST_SECTOR * SECTOR
    entry = struct.pack("<B3xB3xII", _ACTIVE, _LINUX, _FIRST_SECTOR, size // SECTOR - _FIRST_SECTOR)
    head = bytearray(start)
    head[:2] = b"\xeb\xfe"
    head[446:462] = entry
    head[510:512] = b"\x55\xaa"
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        for name in _FOLDERS:
            (tree / name).mkdir(parents=True)
        for name, content in {**DEBIAN, **files}.items():
            _put(tree / name, content)
        path.write_bytes(head)
        os.truncate(path, size)
        kind = ["-q", "-t", "ext4", "-b", str(_BLOCK), "-O", "^metadata_csum_seed,^orphan_file"]
        where = ["-U", ROOT_UUID, "-E", f"offset={start},root_owner=0:0"]
        blocks = str((size - start) // _BLOCK)
        _ran("mke2fs", *kind, *where, "-d", str(tree), str(path), blocks)
    return path


def read(
    disk: Path, name: str, disk_format: str = "raw", *, first_sector: int = _FIRST_SECTOR
) -> bytes | None:
    """A file of a guest, by debugfs; None if it is not there."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "raw")
        _ran("qemu-img", "convert", "-f", disk_format, "-O", "raw", str(disk), str(raw))
        out = Path(folder, "out")
        place = f"{raw}?offset={first_sector * SECTOR}"
        _ran("debugfs", "-R", f"dump /{name} {out}", place)
        return out.read_bytes() if out.exists() and _is_there(place, name) else None


def rights(disk: Path, name: str) -> str:
    """What debugfs says of a file: its kind, rights, owner and times."""
    return _ran("debugfs", "-R", f"stat /{name}", f"{disk}?offset={_FIRST_SECTOR * SECTOR}")


def everything(disk: Path) -> dict[str, tuple[object, ...]]:
    """All there is in a guest: rights and owner of each name, and time and content of files."""
    with tempfile.TemporaryDirectory() as folder:
        _ran("debugfs", "-R", f"rdump / {folder}", f"{disk}?offset={_FIRST_SECTOR * SECTOR}")
        return {str(path.relative_to(folder)): _described(path) for path in Path(folder).rglob("*")}


def _described(path: Path) -> tuple[object, ...]:
    found = path.lstat()
    rights = (found.st_mode, found.st_uid, found.st_gid)
    if path.is_symlink():
        return (*rights, str(path.readlink()))
    if path.is_file():
        return (*rights, found.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
    return rights


def zero(disk: Path, name: str) -> None:
    """Damage a file or a folder: nothing but zeros is left of its first block."""
    start = _FIRST_SECTOR * SECTOR
    blocks = _ran("debugfs", "-R", f"blocks /{name}", f"{disk}?offset={start}").split()
    with disk.open("r+b") as file:
        file.seek(start + int(blocks[0]) * _BLOCK)
        file.write(bytes(_BLOCK))


def is_sound(disk: Path) -> bool:
    """Whether e2fsck finds nothing wrong with the file system of a raw disk."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "part")
        shutil.copyfile(disk, part)
        content = part.read_bytes()[_FIRST_SECTOR * SECTOR :]
        part.write_bytes(content)
        done = subprocess.run(
            ["e2fsck", "-fn", part], check=False, capture_output=True, env=_environment()
        )
        return done.returncode == 0


def _is_there(place: str, name: str) -> bool:
    return "Inode:" in _ran("debugfs", "-R", f"stat /{name}", place)


def _put(path: Path, content: Content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    match content:
        case str():
            path.write_text(content)
        case bytes():
            path.write_bytes(content)
        case Link():
            path.symlink_to(content.target)
        case Pipe():
            os.mkfifo(path)
        case Hole():
            path.touch()
            os.truncate(path, content.size)


def _ran(*command: str) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, errors="replace", env=_environment()
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": _PATH, "LC_ALL": "C"}
