# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The members of a tar archive, OVA among them, in a file or in a stream."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from ..domain.disk_members import MOST_MEMBERS, plain_name, too_many
from ..errors import RefusedDisk
from .reading import HEADER_AT_MOST, Reader, parsing
from .region import PIECE, Pieces

# tarfile puts what it reads of a sparse member together bit by bit, which takes the square of this.
_SPARSE_PIECE = 1 << 16


@dataclass(frozen=True)
class Entry:
    """One regular file in an archive; it can be read until the next one is asked for."""

    name: str
    size: int
    # Where its bytes are in the archive. None of a sparse member, which has them in parts.
    start: int | None
    _archive: tarfile.TarFile
    _header: tarfile.TarInfo
    _reader: Reader

    def pieces(self) -> Pieces:
        """All of its bytes, holes as zeros."""
        self._reader.allowance = None
        read = 0
        for piece in self._plain() if self.start is not None else self._sparse():
            read += len(piece)
            yield piece
        if read != self.size:
            raise RefusedDisk(
                f"It is an archive that ends in the middle of {self.name}: it was cut short. "
                "Fetch it again."
            )

    def _plain(self) -> Pieces:
        self._reader.seek(self._header.offset_data)
        left = self.size
        while left and (piece := self._reader.some(min(left, PIECE))):
            yield piece
            left -= len(piece)

    def _sparse(self) -> Pieces:
        with parsing("tar archive"):
            file = self._archive.extractfile(self._header)
            if file is None:
                return
            while True:
                parts = [file.read(_SPARSE_PIECE) for _n in range(PIECE // _SPARSE_PIECE)]
                piece = b"".join(parts)
                if not piece:
                    return
                yield piece


def entries(reader: Reader) -> Iterator[Entry]:
    """The regular files of an archive, in their order; refused is what no archive of a disk has."""
    archive = None
    for _n in range(MOST_MEMBERS + 1):
        reader.allowance = HEADER_AT_MOST
        with parsing("tar archive"):
            if archive is None:
                archive = tarfile.TarFile(
                    fileobj=reader,  # type: ignore[arg-type]  # All that tarfile uses of a file.
                    encoding="utf-8",
                    errors="replace",
                )
            header = archive.next()
            if header is None:
                return
        name = plain_name(header.name)
        if header.isdir():
            continue
        _require_regular(header, name)
        start: int | None = header.offset_data
        if header.issparse():
            _require_order(header, name)
            start = None
        yield Entry(name, header.size, start, archive, header, reader)
    raise too_many()


def _require_regular(header: tarfile.TarInfo, name: str) -> None:
    if not header.isreg():
        kind = "a link" if header.islnk() or header.issym() else "no regular file"
        raise RefusedDisk(
            f"It is an archive whose member {name} is {kind}. Links and devices are not followed; "
            "pack the disk itself."
        )
    if header.size < 0:
        raise RefusedDisk(f"It is an archive whose member {name} has a size below zero.")


def _require_order(header: tarfile.TarInfo, name: str) -> None:
    """Refuse a sparse member whose parts are not one after the other, each inside it."""
    # Old formats of GNU tar fill their list up with parts of no length.
    parts = [part for part in cast("list[tuple[int, int]]", header.sparse) if part[1]]
    reached = 0
    for offset, length in parts:
        if offset < reached or length < 0 or offset + length > header.size:
            raise RefusedDisk(
                f"It is an archive whose sparse member {name} has parts that overlap, or lie "
                "outside of it."
            )
        reached = offset + length
    header.sparse = parts  # type: ignore[assignment]
