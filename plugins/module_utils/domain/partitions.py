# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How a disk is divided and which firmware starts it, as far as its first bytes tell."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

# How many bytes are worth reading for this.
ENOUGH = 1 << 20

_SECTOR = 512
_EFI_SYSTEM = UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")
_BIOS_BOOT = UUID("21686148-6449-6e6f-744e-656564454649")
_MBR_TYPE_GPT = 0xEE
_MBR_TYPE_EFI = 0xEF
_MOST_ENTRIES = 1024
_ISO_SECTOR = 2048
_ISO_BOOT_RECORD = 17 * _ISO_SECTOR
_EL_TORITO = b"\x00CD001\x01EL TORITO SPECIFICATION"
_PLATFORMS = {0x00: "bios", 0xEF: "uefi"}


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What a disk says of its own division."""

    table: str | None = None
    firmware: tuple[str, ...] = ()
    # Where the disk ends by its own account, if it says so.
    end: int | None = None


def layout_of(head: bytes) -> Layout:
    """Read the first bytes of a raw disk, at most ENOUGH."""
    mbr = _mbr(head)
    for size in (_SECTOR, 4096):
        if head[size : size + 8] == b"EFI PART":
            return _gpt(head, size, boots=_has_boot_code(head) and mbr is not None)
    if mbr is None:
        return Layout(firmware=_el_torito(head))
    firmware = set(_el_torito(head))
    if _MBR_TYPE_EFI in mbr:
        firmware.add("uefi")
    if _has_boot_code(head):
        firmware.add("bios")
    return Layout(table="mbr", firmware=tuple(sorted(firmware)))


def _mbr(head: bytes) -> tuple[int, ...] | None:
    """The types of the partitions of an MBR; None where it is none, as in a FAT boot sector."""
    if head[510:512] != b"\x55\xaa":
        return None
    entries = [head[446 + 16 * n : 462 + 16 * n] for n in range(4)]
    used = [entry for entry in entries if entry[4]]
    if not used or any(entry[0] not in {0x00, 0x80} for entry in entries):
        return None
    return tuple(entry[4] for entry in used)


def _has_boot_code(head: bytes) -> bool:
    return any(head[:440])


def _gpt(head: bytes, sector: int, *, boots: bool) -> Layout:
    backup, table, count, size = struct.unpack_from("<32xQ32xQII", head, sector)
    firmware = set()
    for kind in _partition_types(head, table * sector, count, size):
        if kind == _EFI_SYSTEM:
            firmware.add("uefi")
        elif kind == _BIOS_BOOT:
            firmware.add("bios")
    # Boot code alone may be what a partitioning tool leaves in every protective MBR.
    if boots and not firmware:
        firmware.add("bios")
    return Layout(table="gpt", firmware=tuple(sorted(firmware)), end=(backup + 1) * sector)


def _partition_types(head: bytes, start: int, count: int, size: int) -> Iterator[UUID]:
    if size < 128:  # noqa: PLR2004  # What the specification demands.
        return
    for number in range(min(count, _MOST_ENTRIES)):
        kind = head[start + number * size :][:16]
        if len(kind) == 16 and any(kind):  # noqa: PLR2004  # The size of a UUID.
            yield UUID(bytes_le=kind)


def _el_torito(head: bytes) -> tuple[str, ...]:
    """The firmware that an ISO's boot catalog has something for."""
    if not head.startswith(_EL_TORITO, _ISO_BOOT_RECORD):
        return ()
    (sector,) = struct.unpack_from("<I", head, _ISO_BOOT_RECORD + 0x47)
    catalog = head[sector * _ISO_SECTOR :][:_ISO_SECTOR]
    found = set()
    for at in range(0, len(catalog), 32):
        # A validation entry (1) comes first; section headers (0x90, the last 0x91) may follow.
        if catalog[at] in ({0x01} if at == 0 else {0x90, 0x91}):
            found.add(_PLATFORMS.get(catalog[at + 1], ""))
    return tuple(sorted(found - {""}))
