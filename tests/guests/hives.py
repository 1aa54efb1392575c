# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Registries of Windows, made from nothing: an empty hive, and what hivexregedit puts into it."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from guests.store import ran

Values = Mapping[str, str | int]

_PAGE = 4096
_ROOT = b"root"
_NONE = 0xFFFFFFFF
# Where the first cell of a bin is, and what of a header its checksum covers.
_FIRST, _CHECKED, _CHECKSUM = 0x20, 0x1FC, 0x1FC
_ROOT_FLAGS = 0x2C
_SECURITY_AT = 0x2C


def hive(path: Path, name: str, keys: Mapping[str, Values]) -> None:
    """A hive of this name, with these keys and their values."""
    path.write_bytes(_empty())
    beside = path.with_suffix(".reg")
    prefix = f"HKEY_LOCAL_MACHINE\\{name}"
    beside.write_text(_registry(prefix, keys))
    ran("hivexregedit", "--merge", "--prefix", prefix, path, beside)
    beside.unlink()


def _registry(prefix: str, keys: Mapping[str, Values]) -> str:
    """The keys as a text; each after those that it lies in."""
    told: dict[str, Values] = {}
    for key, values in keys.items():
        parts = key.split("\\")
        for length in range(1, len(parts)):
            told.setdefault("\\".join(parts[:length]), {})
        told[key] = values
    text = ""
    for key, values in told.items():
        text += f"[{prefix}\\{key}]\n"
        for name, value in values.items():
            shown = f'"{value}"' if isinstance(value, str) else f"dword:{value:08x}"
            text += f'"{name}"={shown}\n'
        text += "\n"
    return text


def _empty() -> bytes:
    """A hive with a root key and nothing in it: a header, and one bin of cells."""
    root_size = len(_cell(_root_key(security=0)))
    security = _FIRST + root_size
    cells = _cell(_root_key(security)) + _cell(_descriptor(security))
    free = _PAGE - _FIRST - len(cells)
    one_bin = struct.pack("<4sII20x", b"hbin", 0, _PAGE) + cells + struct.pack("<i", free)
    return _header() + one_bin.ljust(_PAGE, b"\0")


def _header() -> bytes:
    header = bytearray(_PAGE)
    struct.pack_into("<4sIIQIIIIII", header, 0, b"regf", 1, 1, 0, 1, 3, 0, 1, _FIRST, _PAGE)
    struct.pack_into("<I", header, 0x2C, 1)
    checksum = 0
    for (word,) in struct.iter_unpack("<I", bytes(header[:_CHECKED])):
        checksum ^= word
    struct.pack_into("<I", header, _CHECKSUM, checksum)
    return bytes(header)


def _root_key(security: int) -> bytes:
    lists = (0, 0, _NONE, _NONE, 0, _NONE, security, _NONE)
    key = struct.pack("<2sHQII", b"nk", _ROOT_FLAGS, 0, 0, _NONE) + struct.pack("<8I", *lists)
    return key + struct.pack("<5IHH", 0, 0, 0, 0, 0, len(_ROOT), 0) + _ROOT


def _descriptor(own: int) -> bytes:
    rights = struct.pack("<BBHIIII", 1, 0, 0x8000, 0, 0, 0, 0)
    return struct.pack("<2sHIIII", b"sk", 0, own, own, 1, len(rights)) + rights


def _cell(data: bytes) -> bytes:
    """One in use, as its negative length says."""
    size = -(-(4 + len(data)) // 8) * 8
    return struct.pack("<i", -size) + data.ljust(size - 4, b"\0")
