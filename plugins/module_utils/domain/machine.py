# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The machine that a disk came from, as its description tells; nobody has seen it run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestSystem:
    """The operating system that somebody chose from a list when the machine was made.

    What is left open is not known, or not certain enough to be stored on an image.
    """

    # One of linux, windows, bsd and other.
    type: str | None = None
    # As libosinfo calls it, which Nova asks: debian, rhel, windows …
    distro: str | None = None
    version: str | None = None
    # In the words of the description.
    described_as: str | None = None
    architecture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A disk of the machine."""

    # The first is the one it starts from.
    number: int
    # The file in the archive; None of a disk that is shipped empty.
    member: str | None
    # In bytes, as the description says.
    capacity: int | None = None
    # In Nova's words: ide, sata, scsi, virtio, nvme …
    bus: str | None = None
    # The model, where a bus has several: lsilogic, pvscsi, virtio-scsi …
    controller: str | None = None
    address: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a description says of a machine."""

    name: str | None = None
    os: GuestSystem = GuestSystem()
    # bios or uefi.
    firmware: str | None = None
    secure_boot: bool | None = None
    cpus: int | None = None
    # In MiB.
    memory: int | None = None
    disks: tuple[Drive, ...] = ()
    # The model of each adapter, in Nova's words where it has some.
    networks: tuple[str, ...] = ()
    # What was left out of all this, and why.
    notes: tuple[str, ...] = ()

    @property
    def shipped(self) -> tuple[Drive, ...]:
        """The disks that have a file."""
        return tuple(drive for drive in self.disks if drive.member is not None)

    def as_result(self) -> dict[str, Any]:
        """As a module returns it."""
        return asdict(self) | {
            "disks": [asdict(drive) for drive in self.disks],
            "networks": list(self.networks),
            "notes": list(self.notes),
        }
