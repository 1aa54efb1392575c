# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The partition table of a disk that becomes smaller: both copies of a GPT, or an MBR."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from zlib import crc32

from ...errors import CheckFailed

SECTOR = 512
_SIGNATURE = b"EFI PART"
# Signature, revision, size of the header, its checksum, reserved; this copy, the other copy, the
# first and the last usable sector, the disk's id; where the entries are, how many, how large each
# is, and their checksum.
_HEADER = struct.Struct("<8sIIIIQQQQ16sQIII")
# Of an entry: kind, id, first and last sector.
_ENTRY = struct.Struct("<16s16sQQ")
_ENTRIES_AT = 2
_USUAL = (128, 128)
# Of an MBR: what firmware wants to know, then the first sector and how many there are.
_MBR_ENTRIES_AT = 446
_MBR_ENTRY = struct.Struct("<8sII")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The partitions, and how many sectors the disk has."""

    revision: int
    first_usable: int
    disk_id: bytes
    entries: bytes
    sectors: int

    def with_end(self, number: int, last: int, sectors: int) -> Table:
        """The same with another end of one partition, on a disk of another size."""
        size = _USUAL[1]
        at = (number - 1) * size
        kind, own, first, _last = _ENTRY.unpack_from(self.entries, at)
        entry = _ENTRY.pack(kind, own, first, last) + self.entries[at + _ENTRY.size : at + size]
        entries = self.entries[:at] + entry + self.entries[at + size :]
        return replace(self, entries=entries, sectors=sectors)

    def primary(self) -> bytes:
        """From the second sector on."""
        header = self._header(here=1, other=self.sectors - 1, entries_at=_ENTRIES_AT)
        return header + self.entries

    def backup(self) -> bytes:
        """Up to the end of the disk."""
        entries_at = self.sectors - 1 - len(self.entries) // SECTOR
        return self.entries + self._header(here=self.sectors - 1, other=1, entries_at=entries_at)

    def _header(self, *, here: int, other: int, entries_at: int) -> bytes:
        last_usable = self.sectors - 2 - len(self.entries) // SECTOR

        def packed(checksum: int) -> bytes:
            return _HEADER.pack(
                *(_SIGNATURE, self.revision, _HEADER.size, checksum, 0, here, other),
                *(self.first_usable, last_usable, self.disk_id),
                *(entries_at, *_USUAL, crc32(self.entries)),
            )

        return packed(crc32(packed(0))).ljust(SECTOR, b"\0")


def read_table(head: bytes) -> Table:
    """The table of a disk, of its first 34 sectors."""
    if len(head) < SECTOR + _HEADER.size or head[SECTOR : SECTOR + 8] != _SIGNATURE:
        raise CheckFailed("The disk has no partition table (GPT) where one should be.")
    fields = _HEADER.unpack_from(head, SECTOR)
    revision, other, first_usable, disk_id = fields[1], fields[6], fields[7], fields[9]
    entries_at, count, size = fields[10:13]
    if entries_at != _ENTRIES_AT or (count, size) != _USUAL:
        raise CheckFailed("Its partition table (GPT) has an unusual form: the disk stays as it is.")
    begin = _ENTRIES_AT * SECTOR
    return Table(
        revision=revision,
        first_usable=first_usable,
        disk_id=disk_id,
        entries=head[begin : begin + count * size],
        sectors=other + 1,
    )


def with_end(sector: bytes, number: int, last: int) -> bytes:
    """The first sector of a disk with an MBR, with another end of one of its four partitions."""
    at = _MBR_ENTRIES_AT + (number - 1) * _MBR_ENTRY.size
    *before, first, _count = _MBR_ENTRY.unpack_from(sector, at)
    entry = _MBR_ENTRY.pack(*before, first, last - first + 1)
    return sector[:at] + entry + sector[at + _MBR_ENTRY.size :]
