# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What is proposed for an image: hardware that the guest has drivers for, and how much it needs.

Safe comes before fast. Devices that a guest has run with are proven; for others, the oldest that
all guests know is taken. Whoever knows better says so and wins; so each choice gives its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .disk import DiskFacts, readable
from .machine import Drive, GuestSystem, Machine

_GIB = 1 << 30

_IDE, _WINDOWS_IDE = "legacy-ide", "windows-legacy"
# Profiles of guests without virtio, and the adapter that those bring along.
_OLD_ADAPTER = "e1000"
# Adapters of other machines that QEMU has, too.
_EMULATED = frozenset({"e1000", "e1000e", "ne2k_pci", "pcnet", "rtl8139", "virtio"})
# In Nova's words; os_type knows no others.
_OS_TYPES = frozenset({"linux", "windows"})
_ON_SATA = {"hw_machine_type": "q35", "hw_disk_bus": "sata", "hw_cdrom_bus": "sata"}

SWITCH_LATER = (
    "Once its owner has installed virtio drivers, the playbook curator.glance.switch_virtio makes "
    "a faster image of it."
)
NOTHING_SHOWS = "whether it could start from virtio, nothing shows."


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Profiles and properties for image_hw_props, and the least that a server needs."""

    profiles: tuple[str, ...] = ()
    # They win over those of the profiles; None takes one of those away.
    properties: Mapping[str, str | None] = field(default_factory=dict)
    # MiB and GiB; None where nothing is known.
    min_ram: int | None = None
    min_disk: int | None = None
    reasons: tuple[str, ...] = ()

    def as_result(self) -> dict[str, Any]:
        """As a module returns it."""
        return {
            "profiles": list(self.profiles),
            "properties": dict(self.properties),
            "min_ram": self.min_ram,
            "min_disk": self.min_disk,
            "reasons": list(self.reasons),
        }


def propose(disk: DiskFacts, machine: Machine | None) -> Proposal:
    """What an image of this disk shall have, by what is known of the disk and of its machine."""
    if not disk.safe:
        return Proposal(reasons=("The disk is refused, so nothing is proposed for it.",))
    machine = machine or Machine()
    drive = _drive(disk, machine)
    if drive is not None and drive != machine.shipped[0]:
        return Proposal(
            min_disk=_min_disk(disk),
            reasons=(_for_a_volume(drive),),
        )
    return _Draft(disk, machine, drive or Drive(number=1, member=None)).proposal()


def _drive(disk: DiskFacts, machine: Machine) -> Drive | None:
    """The disk as its machine had it."""
    return next((drive for drive in machine.shipped if drive.member == disk.member), None)


def _min_disk(disk: DiskFacts) -> int | None:
    return None if disk.virtual_size is None else -(-disk.virtual_size // _GIB)


def _for_a_volume(drive: Drive) -> str:
    return (
        f"It is disk {drive.number} of its machine, which starts from another one: it is for a "
        "volume, and needs no hardware of its own."
    )


class _Draft:
    """A proposal in the making, choice by choice."""

    def __init__(self, disk: DiskFacts, machine: Machine, drive: Drive) -> None:
        self._disk = disk
        self._machine = machine
        self._drive = drive
        self._os: GuestSystem = machine.os
        self._profiles: list[str] = []
        self._properties: dict[str, str | None] = {}
        self._reasons: list[str] = []

    def proposal(self) -> Proposal:
        if self._disk.format == "iso":
            self._reasons.append(
                "An ISO is no disk to start from twice: no bus is proposed for it."
            )
            self._firmware()
        else:
            self._devices(uefi=self._firmware())
        self._identity()
        return Proposal(
            profiles=tuple(self._profiles),
            properties=dict(sorted(self._properties.items())),
            min_ram=self._min_ram(),
            min_disk=self._smallest_disk(),
            reasons=tuple(self._reasons),
        )

    def _firmware(self) -> bool:
        """Whether UEFI starts it. What the disk shows counts more than what is said of it."""
        told, seen = self._machine.firmware, self._disk.firmware
        if seen == ("uefi",):
            reason = "Only UEFI can start it: it has an EFI system partition, and no boot code."
        elif seen == ("bios",) and told == "uefi":
            self._reasons.append(
                "Its description says UEFI, but the disk has no EFI system partition, which UEFI "
                "needs: it is started by the BIOS."
            )
            return False
        elif told == "uefi":
            reason = "It ran with UEFI, as its description says."
        else:
            return False
        self._reasons.append(reason)
        if self._is_arm:
            # The profiles are for x86; machines for ARM have only one board.
            self._properties["hw_firmware_type"] = "uefi"
        elif self._machine.secure_boot:
            self._profiles.append("uefi-secureboot")
            self._reasons.append(
                "It ran with secure boot, and keeps it; take the profile uefi in place of "
                "uefi-secureboot for a cloud that cannot do that."
            )
        else:
            self._profiles.append("uefi")
        return True

    def _devices(self, *, uefi: bool) -> None:
        if self._has_run_on_virtio:
            self._profiles = [*self._virtio_profiles(), *self._profiles]
            self._adapter(default="virtio")
            return
        self._profiles.insert(0, _WINDOWS_IDE if self._os.type == "windows" else _IDE)
        if self._drive.bus == "sata":
            self._properties |= _ON_SATA
            self._reasons.append("It ran on SATA, and so has the drivers for that: q35 with SATA.")
        elif uefi:
            self._properties |= _ON_SATA
            self._reasons.append(
                "With UEFI, clouds offer the machine type q35, which has no IDE: SATA takes its "
                f"place. {self._no_proof()}"
            )
        else:
            self._reasons.append(
                f"IDE, which nearly every guest has drivers for. {self._no_proof()}"
            )
        self._adapter(default=_OLD_ADAPTER)
        self._reasons.append(SWITCH_LATER)

    @property
    def _has_run_on_virtio(self) -> bool:
        return (
            self._drive.bus == "virtio" or self._drive.controller == "virtio-scsi" or self._is_arm
        )

    @property
    def _is_arm(self) -> bool:
        return self._os.architecture == "aarch64"

    def _virtio_profiles(self) -> tuple[str, ...]:
        on_scsi = self._drive.controller == "virtio-scsi"
        if self._drive.bus is None or not (on_scsi or self._drive.bus == "virtio"):
            self._reasons.append("It is for ARM, whose machines have no IDE: virtio.")
        else:
            kind = "virtio-scsi" if on_scsi else "virtio"
            self._reasons.append(f"It ran on {kind}, and so has the drivers for that.")
        if self._os.type == "windows":
            # The profile windows by itself starts from virtio-scsi, which is another driver.
            return ("windows",) if on_scsi else ("windows", "virtio")
        return ("virtio-scsi",) if on_scsi else ("virtio",)

    def _no_proof(self) -> str:
        """Why not virtio."""
        had = self._drive.controller or self._drive.bus
        if had:
            return f"It ran on {had}; {NOTHING_SHOWS}"
        return f"What it ran on is not known, and {NOTHING_SHOWS}"

    def _adapter(self, *, default: str) -> None:
        models = self._machine.networks
        known = [model for model in models if model in _EMULATED]
        model = known[0] if known else _OLD_ADAPTER if models else default
        if model != default:
            self._properties["hw_vif_model"] = model
            if default == "virtio":
                # Its profiles give it several queues, which others do not have.
                self._properties["hw_vif_multiqueue_enabled"] = None
        if known:
            self._reasons.append(f"Its network adapter was {model}, and stays so.")
        elif models:
            self._reasons.append(
                f"Its network adapter was {models[0]}, which few clouds have: {model} in its place."
            )

    def _identity(self) -> None:
        told = {
            "os_type": self._os.type if self._os.type in _OS_TYPES else None,
            "os_distro": self._os.distro,
            "os_version": self._os.version if self._os.distro else None,
            "architecture": self._os.architecture,
        }
        known = {name: value for name, value in told.items() if value}
        if known:
            self._properties |= known
            label = self._os.described_as or self._os.distro or self._os.type
            self._reasons.append(
                f"Its description calls the system {label!r}: hence {', '.join(sorted(known))}."
            )

    def _min_ram(self) -> int | None:
        memory = self._machine.memory
        if memory is not None:
            self._reasons.append(f"min_ram is what the machine had, {readable(memory << 20)}.")
        return memory

    def _smallest_disk(self) -> int | None:
        if self._disk.format == "iso":
            return None
        needed = _min_disk(self._disk)
        if needed is not None:
            self._reasons.append(f"min_disk is the size of the disk in whole GiB, {needed}.")
        return needed
