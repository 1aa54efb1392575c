# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Faces of files, for the libraries that read archives, which let no header eat up the memory."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import CuratorError, RefusedDisk
from .region import PIECE, Region

# What a library may read at once to understand a header, or a list of contents.
HEADER_AT_MOST = 4 << 20


class Reader(ABC):
    """Enough of a file for tarfile and zipfile.

    While they parse, `allowance` is what they may still read: sizes in a header are claims, and a
    library that believes one would read the rest of the archive into its memory.
    """

    def __init__(self) -> None:
        self.allowance: int | None = HEADER_AT_MOST
        self._position = 0

    def tell(self) -> int:
        return self._position

    def seekable(self) -> bool:
        return True

    @abstractmethod
    def seek(self, position: int, whence: int = os.SEEK_SET) -> int: ...

    @abstractmethod
    def left(self) -> int:
        """How many bytes follow."""

    @abstractmethod
    def some(self, length: int) -> bytes:
        """At least one byte and at most so many; nothing at the end."""

    def read(self, length: int = -1) -> bytes:
        if length < 0:
            length = self.left()
        if self.allowance is not None:
            if length > self.allowance:
                raise RefusedDisk("It is an archive with a header of a size that makes no sense.")
            self.allowance -= length
        parts = []
        while length and (part := self.some(length)):
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


class RegionReader(Reader):
    """A file that can be read anywhere."""

    def __init__(self, region: Region) -> None:
        super().__init__()
        self._region = region

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._region.size}
        self._position = _not_negative(base[whence] + position)
        return self._position

    def left(self) -> int:
        return max(self._region.size - self._position, 0)

    def some(self, length: int) -> bytes:
        data = self._region.read_at(self._position, min(length, PIECE))
        self._position += len(data)
        return data


class FlowReader(Reader):
    """A stream; it can be sought forward."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = memoryview(b"")

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        if whence != os.SEEK_SET or position < self._position:
            raise ValueError("a stream cannot be read backwards")
        while self._position < position and self.some(position - self._position):
            pass
        return self._position

    def left(self) -> int:
        raise ValueError("a header has a size below zero")

    def some(self, length: int) -> bytes:
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        data = bytes(self._rest[:length])
        self._rest = self._rest[length:]
        self._position += len(data)
        return data


@contextmanager
def parsing(what: str) -> Iterator[None]:
    """Whatever a library trips over in what a stranger wrote is a reason to refuse it."""
    try:
        yield
    except (CuratorError, OSError, GeneratorExit):
        raise
    except Exception as error:
        said = str(error) or type(error).__name__
        raise RefusedDisk(f"It is a damaged {what}: {said}. Fetch or make it again.") from error


def _not_negative(position: int) -> int:
    if position < 0:
        raise ValueError("a header points before the beginning")
    return position
