# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How large packed data is unpacked, where its container says so."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

from .region import Region
from .unpacking import require_zstd

# What follows is reading ahead, and a wrong word is found at the end. So what would take long is
# left unknown: no program writes so many parts.
_MOST_PARTS = 10_000
_LONGEST_INDEX = 1 << 20
_XZ_FOOTER = 12
_XZ_MAGIC_AT_END = b"YZ"


def unpacked_size(packing: str, region: Region) -> int | None:
    """The size after unpacking; None where only unpacking tells it.

    gz names its size modulo 4 GiB and for its last part only, bz2 names none.
    """
    try:
        if packing == "xz":
            return _xz_size(region)
        if packing == "zst":
            return _zst_size(region)
    except (ValueError, IndexError):
        # Damaged: unpacking says it in better words.
        return None
    return None


def _xz_size(region: Region) -> int | None:
    """The sum over the index of each stream, from the last one to the first."""
    total = 0
    end = region.size
    for _n in range(_MOST_PARTS):
        if end == 0:
            return total
        footer = region.read_at(end - _XZ_FOOTER, _XZ_FOOTER)
        if footer[-4:] == bytes(4):
            end -= 4  # Padding.
            continue
        length = (int.from_bytes(footer[4:8], "little") + 1) * 4
        if footer[10:] != _XZ_MAGIC_AT_END or length > _LONGEST_INDEX:
            return None
        index_at = end - _XZ_FOOTER - length
        packed, size = _xz_index(region.read_at(index_at, length))
        total += size
        end = index_at - packed - _XZ_FOOTER
    return None


def _xz_index(index: bytes) -> tuple[int, int]:
    """The size of all blocks, packed and unpacked."""
    numbers = _xz_numbers(index[1:])
    packed = size = 0
    for _n in range(next(numbers)):
        packed += (next(numbers) + 3) // 4 * 4
        size += next(numbers)
    return packed, size


def _xz_numbers(data: bytes) -> Iterator[int]:
    """Numbers of seven bits to a byte, the lowest first; the highest bit says that more follow."""
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:  # noqa: PLR2004  # That bit.
            yield value
            value = shift = 0
    raise ValueError("the index ends in the middle")


def _zst_size(region: Region) -> int | None:
    """The sum over the header of each frame."""
    zstd = require_zstd()
    total = position = 0
    with (
        mmap.mmap(region.file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        memoryview(mapped) as whole,
        whole[region.start : region.start + region.size] as view,
    ):
        for _n in range(_MOST_PARTS):
            if position == region.size:
                return total
            with view[position:] as rest:
                try:
                    size = zstd.get_frame_info(rest).decompressed_size
                    position += zstd.get_frame_size(rest)
                except zstd.ZstdError:
                    return None
            if size is None:
                return None
            total += size
    return None
