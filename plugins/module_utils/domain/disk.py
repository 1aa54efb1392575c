# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a task wants of a disk, and what is known of one after a look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..errors import InvalidRequest
from .machine import Drive, Machine

# Glance's names for the formats that can be read here.
FORMATS = ("raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "iso")
# Their bytes are the disk itself: nothing has to be converted, and no tool opens them.
PLAIN_FORMATS = frozenset({"raw", "iso"})
UNKNOWN = "unknown"

DEFAULT_MAX_VIRTUAL_SIZE = 2 << 40

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgtp])(?:i?b)?|b|bytes?)?", re.IGNORECASE)
_UNITS = ("", "k", "m", "g", "t", "p")


@dataclass(frozen=True, kw_only=True)
class DiskWish:
    """What is said of a file before anybody has looked into it."""

    # As the user or the URL gave it; for messages, and for its suffix.
    name: str
    declared: str | None = None
    member: str | None = None
    # Of several disks that a description puts in order, take the first; others are a question.
    first_disk: bool = False
    max_virtual_size: int = DEFAULT_MAX_VIRTUAL_SIZE
    # A kernel, a ramdisk and the like: taken as they are, neither unpacked nor judged.
    verbatim: bool = False

    def __post_init__(self) -> None:
        if self.declared is not None and self.declared not in FORMATS:
            raise InvalidRequest(
                f"There is no disk format {self.declared!r} here. Use one of {', '.join(FORMATS)}, "
                "or leave it out and let the content decide."
            )
        if self.max_virtual_size < 1:
            raise InvalidRequest(
                f"A largest virtual size of {self.max_virtual_size} bytes lets no disk through. "
                "Use the size of the largest disk that may be, such as 25 GiB."
            )

    def needs_its_end(self, name: str) -> bool:
        """Whether a packed disk of that name has to be unpacked before its format is known.

        A fixed VHD shows itself only at its end. So this is asked for by a word or a suffix.
        """
        if self.declared is not None:
            return self.declared == "vhd"
        return re.search(r"\.(vhd|vpc)(\.\w+)*$", name, re.IGNORECASE) is not None

    @property
    def largest_container(self) -> int:
        """How much may come out of a packed file: the largest disk, and what lies around it."""
        return self.max_virtual_size + (self.max_virtual_size >> 4) + (64 << 20)


@dataclass(frozen=True, kw_only=True)
class DiskFacts:
    """What a look at a file has shown."""

    # One of FORMATS, or what else the content was recognised as.
    format: str
    # None as long as the end of a packed raw disk was not seen.
    virtual_size: int | None
    # Of the file as it lies there, packed or not.
    file_size: int
    # Innermost first, like the suffixes of a file name: ("tar", "gz").
    packing: tuple[str, ...] = ()
    member: str | None = None
    # Name and size of what an archive holds, as far as it was read.
    members: tuple[tuple[str, int], ...] = ()
    # What a description in the archive says of the machine.
    machine: Machine | None = None
    partition_table: str | None = None
    firmware: tuple[str, ...] = ()
    # Why it is refused.
    reasons: tuple[str, ...] = ()

    @property
    def safe(self) -> bool:
        """Whether nothing was found that speaks against opening it."""
        return not self.reasons

    def as_result(self) -> dict[str, Any]:
        """As modules return it."""
        return {
            "format": self.format,
            "virtual_size": self.virtual_size,
            "file_size": self.file_size,
            "safe": self.safe,
            "verdict": " ".join(self.reasons) or "Nothing speaks against opening it.",
            "reasons": list(self.reasons),
            "packing": list(self.packing),
            "member": self.member,
            "members": [{"name": name, "size": size} for name, size in self.members],
            "partition_table": self.partition_table,
            "firmware": list(self.firmware),
            "machine": self.machine.as_result() if self.machine else None,
            "disks": self.disks,
        }

    @property
    def disks(self) -> list[dict[str, Any]]:
        """The disks that can be made images of, in the order of the machine."""
        sizes: dict[str | None, int] = {None: self.file_size, **dict(self.members)}
        if self.machine and self.machine.shipped:
            drives = self.machine.shipped
        elif self.format != UNKNOWN:
            drives = (Drive(number=1, member=self.member),)
        else:
            drives = ()
        return [
            {
                "number": drive.number,
                "member": drive.member,
                "size": sizes.get(drive.member),
                "capacity": self._capacity(drive),
                "bus": drive.bus,
            }
            for drive in drives
        ]

    def _capacity(self, drive: Drive) -> int | None:
        """What was seen of a disk counts more than what is said: some descriptions round it up."""
        seen = self.virtual_size if drive.member == self.member else None
        return drive.capacity if seen is None else seen


@dataclass(frozen=True, kw_only=True)
class InspectWish:
    """What a task wants to know about which file."""

    path: str
    disk: DiskWish

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> InspectWish:
        """The wish of image_inspect."""
        path = params["path"]
        return cls(
            path=path,
            disk=DiskWish(
                name=path,
                declared=params["format"],
                member=params["member"],
                first_disk=True,
                max_virtual_size=parse_size(params["max_virtual_size"]),
            ),
        )


def parse_size(value: str | int) -> int:
    """Bytes, from a number or from text such as 25 GiB; every unit is a power of 1024."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _SIZE.fullmatch(str(value).strip())
    if not match:
        raise InvalidRequest(
            f"{value!r} is no size. Write a number of bytes, or a number and a unit: 500 MiB, "
            "25 GiB, 2 TiB."
        )
    number, unit = match.groups()
    return int(Decimal(number) * 1024 ** _UNITS.index((unit or "").lower()))


def readable(size: int) -> str:
    """A size as people read it, exact where a unit fits: 25 GiB, 10.5 MiB, 300 bytes."""
    for power, unit in ((5, "PiB"), (4, "TiB"), (3, "GiB"), (2, "MiB"), (1, "KiB")):
        if abs(size) >= 1024**power:
            return f"{round(size / 1024**power, 2):g} {unit}"
    return f"{size} bytes"
