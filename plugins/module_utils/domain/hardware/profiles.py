# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Named sets of hardware that go well together, and what they come to when they are combined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InvalidRequest
from .judging import closest


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a kind of guest needs, and why; None removes what would stand in the way."""

    name: str
    meaning: str
    properties: Mapping[str, str | None]
    # For each property.
    why: Mapping[str, str]


def _profile(name: str, meaning: str, **properties: tuple[str | None, str]) -> Profile:
    return Profile(
        name=name,
        meaning=meaning,
        properties={key: value for key, (value, _why) in properties.items()},
        why={key: why for key, (_value, why) in properties.items()},
    )


_FAST_NETWORK = ("virtio", "The fastest network card of QEMU")
_QUEUES = ("true", "A queue for each processor, so that one of them is no bottleneck")
_RANDOM = ("virtio", "Random numbers of the host, so that keys are made without waiting")
_NO_MODEL = (None, "There is no SCSI bus whose controller it could name")
_NO_QUEUES = (None, "Only virtio network cards have several queues")
_IDE = ("ide", "Every system since the 1990s has a driver for it")
_OLD_BOARD = ("pc", "The board with an IDE bus; where a cloud prefers q35, there is none")
_OLD_CDROM = ("ide", "Found by the same driver as the disk")
_OLD_NETWORK = ("e1000", "An Intel card that every system of the last 20 years has a driver for")
_WINDOWS = ("windows", "Hyper-V enlightenments, and a clock in local time, as Windows expects")
_NO_OTHER_INPUT = (None, "It would win over hw_pointer_model")
_TABLET = ("usbtablet", "The pointer stays where it is seen in a remote console")
_UEFI = ("uefi", "Disks that are made for UEFI do not start by BIOS")
_Q35 = ("q35", "The board with PCI Express, which UEFI systems are made for")
_USUAL_CDROM = (None, "Nova takes the bus that the board has: q35 has no IDE")

PROFILES: tuple[Profile, ...] = (
    _profile(
        "virtio",
        "Modern Linux: paravirtual disk and network, the fastest that QEMU has",
        hw_disk_bus=("virtio", "The fastest disk, with a driver in every Linux since 2008"),
        hw_scsi_model=_NO_MODEL,
        hw_vif_model=_FAST_NETWORK,
        hw_vif_multiqueue_enabled=_QUEUES,
        hw_rng_model=_RANDOM,
    ),
    _profile(
        "virtio-scsi",
        "Linux with many disks, or that gives space back by discarding it",
        hw_disk_bus=("scsi", "Many disks on one controller, and discard with older systems, too"),
        hw_scsi_model=("virtio-scsi", "The paravirtual controller, much faster than emulated ones"),
        hw_vif_model=_FAST_NETWORK,
        hw_vif_multiqueue_enabled=_QUEUES,
        hw_rng_model=_RANDOM,
    ),
    _profile(
        "legacy-ide",
        "Guests of unknown age, or without virtio drivers: slow, and starts nearly always",
        hw_disk_bus=_IDE,
        hw_cdrom_bus=_OLD_CDROM,
        hw_scsi_model=_NO_MODEL,
        hw_machine_type=_OLD_BOARD,
        hw_vif_model=_OLD_NETWORK,
        hw_vif_multiqueue_enabled=_NO_QUEUES,
    ),
    _profile(
        "windows",
        "Windows with virtio drivers installed",
        os_type=_WINDOWS,
        hw_disk_bus=("scsi", "With virtio-scsi, Windows gives space back by discarding it"),
        hw_scsi_model=("virtio-scsi", "The driver vioscsi, which the virtio drivers bring"),
        hw_vif_model=("virtio", "The driver netkvm, which the virtio drivers bring"),
        hw_vif_multiqueue_enabled=_QUEUES,
        hw_pointer_model=_TABLET,
        hw_input_bus=_NO_OTHER_INPUT,
    ),
    _profile(
        "windows-legacy",
        "Windows without virtio drivers, as it comes from another virtualization",
        os_type=_WINDOWS,
        hw_disk_bus=("ide", "Windows has the driver, and others are not started before setup"),
        hw_cdrom_bus=_OLD_CDROM,
        hw_scsi_model=_NO_MODEL,
        hw_machine_type=_OLD_BOARD,
        hw_vif_model=("e1000", "Windows has had the driver since Vista"),
        hw_vif_multiqueue_enabled=_NO_QUEUES,
        hw_pointer_model=_TABLET,
        hw_input_bus=_NO_OTHER_INPUT,
    ),
    _profile(
        "uefi",
        "Disks that start by UEFI, on x86",
        hw_firmware_type=_UEFI,
        hw_machine_type=_Q35,
        hw_cdrom_bus=_USUAL_CDROM,
    ),
    _profile(
        "uefi-secureboot",
        "Systems that are signed for Secure Boot, on x86",
        hw_firmware_type=("uefi", "Secure Boot is a part of UEFI"),
        hw_machine_type=("q35", "The only board on x86 that can protect the firmware"),
        hw_cdrom_bus=_USUAL_CDROM,
        os_secure_boot=("required", "Starts on hosts only that can do it, and signed systems only"),
    ),
    _profile(
        "vmware",
        "Disks for VMware; vmware_disktype is left to you, as it has to say how the VMDK is made",
        hypervisor_type=("vmware", "Keeps the image from hosts with another hypervisor"),
        vmware_adaptertype=("lsiLogicsas", "Linux and every Windows since Vista have the driver"),
        hw_disk_bus=(None, "vmware_adaptertype names bus and controller, and this would win"),
        hw_scsi_model=(None, "vmware_adaptertype names bus and controller, and this would win"),
        hw_cdrom_bus=(None, "The driver for VMware puts CD-ROM drives on IDE"),
        hw_vif_model=("VirtualVmxnet3", "VMware's own network card, the fastest it has"),
        hw_vif_multiqueue_enabled=_NO_QUEUES,
    ),
    _profile(
        "xen",
        "Guests with Xen's drivers, on the few clouds that still have Xen",
        hypervisor_type=("xen", "Keeps the image from hosts with another hypervisor"),
        hw_disk_bus=("xen", "Xen's paravirtual disk"),
        hw_cdrom_bus=("ide", "Xen's paravirtual bus has no drives"),
        hw_scsi_model=_NO_MODEL,
        hw_vif_model=("netfront", "Xen's paravirtual network card"),
        hw_vif_multiqueue_enabled=_NO_QUEUES,
    ),
    _profile(
        "minimal",
        "Appliances and network functions that are seen on a serial console: few devices",
        hw_disk_bus=("virtio", "The fastest disk, and the least to emulate"),
        hw_scsi_model=_NO_MODEL,
        hw_vif_model=_FAST_NETWORK,
        hw_video_model=("none", "No graphics card: there is nothing on the graphical console"),
        hw_input_bus=("virtio", "Keyboard and tablet without USB"),
        hw_pointer_model=(None, "It would be one on USB"),
        hw_usb_model=("none", "No USB controller to emulate"),
        hw_sound_model=(None, "No sound card"),
        hw_rng_model=_RANDOM,
    ),
)
_BY_NAME = {profile.name: profile for profile in PROFILES}


def combined(
    names: Sequence[str],
    definitions: Mapping[str, Mapping[str, Any]],
    explicit: Mapping[str, Any],
) -> dict[str, Any]:
    """What profiles and properties come to: later ones win, and what is named outright over all.

    A profile of the user's own wins over one of ours with the same name.
    """
    result: dict[str, Any] = {}
    for name in names:
        result |= _properties(name, definitions)
    return result | dict(explicit)


def _properties(name: str, definitions: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    if name in definitions:
        return definitions[name]
    if name in _BY_NAME:
        return _BY_NAME[name].properties
    there = [*_BY_NAME, *(own for own in definitions if own not in _BY_NAME)]
    meant = closest(name, there)
    hint = f" The closest is {meant}." if meant else ""
    raise InvalidRequest(
        f"There is no profile {name!r}. Possible are {', '.join(there)}.{hint} Others are added "
        "with profile_definitions."
    )
