# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The names of the files in an initramfs, as its bytes come by."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import RefusedDisk

# Archives in the form that kernels read, with checksums and without.
MAGICS = (b"070701", b"070702")
_HEADER = 110
_END = b"TRAILER!!!"
_LONGEST_NAME = 4096
# In a header: thirteen numbers of eight digits, of which these are the size and the name's length.
_SIZE, _NAME_LENGTH = 6, 11


class Bytes:
    """Pieces that are taken in amounts of one's own."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""
        self.position = 0

    def peek(self, length: int) -> bytes:
        """The next bytes, fewer at the end."""
        while len(self._rest) < length:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._rest += piece
        return self._rest[:length]

    def take(self, length: int) -> bytes:
        """The next bytes, gone from here on."""
        taken = self.peek(length)
        self._rest = self._rest[length:]
        self.position += len(taken)
        return taken

    def skip(self, length: int) -> None:
        """Leave so many out."""
        while length > 0 and (taken := self.take(min(length, 1 << 20))):
            length -= len(taken)

    def skip_zeros(self) -> None:
        """Leave out what fills the room between archives."""
        while (some := self.peek(512)) and not some.strip(b"\0"):
            self.skip(len(some))
        some = self.peek(512)
        self.skip(len(some) - len(some.lstrip(b"\0")))

    def rest(self) -> Iterator[bytes]:
        """All that is left."""
        if self._rest:
            yield self._rest
        self._rest = b""
        yield from self._pieces


def names(content: Bytes) -> Iterator[str]:
    """The names in the archives that stand here, one behind the other, up to something else."""
    content.skip_zeros()
    while content.peek(6) in MAGICS:
        begin = content.position
        yield from _names(content, begin)
        content.skip_zeros()


def _names(content: Bytes, begin: int) -> Iterator[str]:
    while True:
        header = content.take(_HEADER)
        if len(header) < _HEADER or header[:6] not in MAGICS:
            raise RefusedDisk("The disk is refused. It has an initramfs that is damaged.")
        try:
            numbers = [int(header[at : at + 8], 16) for at in range(6, _HEADER, 8)]
        except ValueError:
            raise RefusedDisk("The disk is refused. It has an initramfs that is damaged.") from None
        size, length = numbers[_SIZE], numbers[_NAME_LENGTH]
        if length > _LONGEST_NAME:
            raise RefusedDisk("The disk is refused. It has an initramfs that is damaged.")
        name = content.take(length).rstrip(b"\0")
        content.skip(-(content.position - begin) % 4)
        content.skip(size)
        content.skip(-(content.position - begin) % 4)
        if name == _END:
            return
        yield name.decode("utf-8", "replace")
