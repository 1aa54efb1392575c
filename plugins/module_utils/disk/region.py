# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Bytes of a disk: those that can be read anywhere, and those that come in one order only."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

# How much is read, unpacked and handed on at a time.
PIECE = 1 << 20

# Whoever stops before the end closes it, and so lets go of what stands behind.
Pieces = Generator[bytes, None, None]


@dataclass(frozen=True)
class Region:
    """Bytes that can be read anywhere: a file, or a part of one that lies in it unpacked.

    It holds the open file, not its name: what was inspected is what is read later, whatever the
    name has come to stand for.
    """

    file: BinaryIO
    start: int
    size: int

    @classmethod
    def of(cls, file: BinaryIO) -> Region:
        """All of a file."""
        return cls(file, 0, os.fstat(file.fileno()).st_size)

    def part(self, start: int, size: int) -> Region:
        """Some of it."""
        return Region(self.file, self.start + start, size)

    @property
    def is_part(self) -> bool:
        """Whether the file holds something else besides."""
        return self.start > 0 or self.size < os.fstat(self.file.fileno()).st_size

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to so many bytes; fewer at the end."""
        length = min(length, self.size - offset)
        if offset < 0 or length <= 0:
            return b""
        return os.pread(self.file.fileno(), length, self.start + offset)

    def pieces(self) -> Pieces:
        """All of it, from the beginning."""
        position = 0
        while piece := self.read_at(position, PIECE):
            yield piece
            position += len(piece)


@dataclass(frozen=True)
class Flow:
    """Bytes that come in one order only, as out of a packed file; they can be had again."""

    # None where nothing says it before the end.
    size: int | None
    pieces: Callable[[], Pieces]


def head_of(content: Region | Flow, length: int = PIECE) -> bytes:
    """The first bytes, as many as there are."""
    if isinstance(content, Region):
        return content.read_at(0, length)
    head = b""
    with closing(content.pieces()) as pieces:
        while len(head) < length and (piece := next(pieces, b"")):
            head += piece
    return head[:length]
