# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Rules: disks, network cards and what else is plugged in."""

from __future__ import annotations

from ..hypervisors import QEMU
from ..reading import BOARD
from ..tables.older import ADAPTER
from .boot import X86
from .conditions import (
    Rule,
    begins,
    exceeds,
    has,
    is_missing,
    is_not,
    is_one_of,
    is_other_than,
    is_set,
    lacks,
    never,
)

_ON = is_one_of("true")
_NO_IDE = (
    "Such a board has no IDE bus: only boards of the pc family have one, which are the usual ones "
    "on x86."
)


def _without_ide(board: str | None) -> bool:
    return has("q35")(board) or begins("virt", "pseries", "powernv", "s390", "microvm")(board)


DEVICE_RULES: tuple[Rule, ...] = (
    never(
        "scsi-model-needs-scsi-bus",
        when={
            "hw_scsi_model": is_set,
            "hw_disk_bus": is_not("scsi"),
            "hw_cdrom_bus": is_not("scsi"),
            "hw_rescue_bus": is_not("scsi"),
        },
        # It means bus and model at once.
        unless={ADAPTER.name: is_set},
        because="It names the controller of a SCSI bus on which nothing hangs.",
        instead="Set hw_disk_bus to scsi, or remove hw_scsi_model.",
        only_on=(*QEMU, "vmware", "parallels"),
    ),
    *(
        never(
            f"ide-{device}-needs-pc-board",
            when={f"hw_{device}_bus": is_one_of("ide"), BOARD: _without_ide},
            because=_NO_IDE,
            instead=(
                f"Set hw_{device}_bus to sata (or {faster}), as is right beside the profiles for "
                "UEFI; or set hw_machine_type to pc."
            ),
        )
        for device, faster in (("disk", "virtio"), ("cdrom", "scsi"), ("rescue", "virtio"))
    ),
    never(
        "rescue-is-no-floppy",
        when={"hw_rescue_bus": is_one_of("fdc"), "hw_rescue_device": is_not("floppy")},
        because="It is the bus of floppy drives, and libvirt puts nothing else there.",
        instead="Set hw_rescue_bus to another bus, or hw_rescue_device to floppy.",
    ),
    never(
        "floppy-needs-fdc",
        when={"hw_floppy_bus": is_other_than("fdc")},
        because="libvirt puts floppy drives on their own bus only.",
        instead="Set hw_floppy_bus to fdc, or remove it.",
    ),
    never(
        "multiqueue-needs-virtio",
        when={"hw_vif_multiqueue_enabled": _ON, "hw_vif_model": is_other_than("virtio")},
        because="Only virtio network cards have several queues.",
        instead="Set hw_vif_model to virtio, or remove hw_vif_multiqueue_enabled.",
    ),
    never(
        "packed-ring-needs-virtio",
        when={
            "hw_virtio_packed_ring": _ON,
            "hw_vif_model": is_other_than("virtio"),
            "hw_disk_bus": is_other_than("virtio", "scsi"),
        },
        because="Only virtio devices have such queues, and there are none.",
        instead="Remove hw_virtio_packed_ring.",
    ),
    never(
        "tablet-on-its-bus",
        when={
            "hw_pointer_model": is_one_of("usbtablet"),
            "hw_input_bus": is_other_than("usb"),
        },
        because="Nova reads hw_input_bus and passes over hw_pointer_model, which is older.",
        instead="Remove hw_pointer_model: hw_input_bus alone brings a tablet, too.",
    ),
    *(
        never(
            name,
            when={
                key: asks,
                "hw_input_bus": is_one_of("virtio"),
                "hw_usb_model": is_not("nec-xhci", "qemu-xhci"),
            },
            unless={"hw_disk_bus": is_one_of("usb"), "hw_cdrom_bus": is_one_of("usb")},
            because="Nova leaves the USB controller out where neither tablet nor disk needs one.",
            instead=f"Set hw_usb_model to qemu-xhci, or remove {key}.",
        )
        for name, key, asks in (
            ("redirected-ports-need-usb", "hw_redirected_usb_ports", exceeds(0)),
            ("usb-sound-needs-usb", "hw_sound_model", is_one_of("usb")),
        )
    ),
    never(
        "tpm-crb-needs-version-2",
        when={"hw_tpm_model": is_one_of("tpm-crb"), "hw_tpm_version": is_other_than("2.0")},
        because="That interface came with version 2.0, and Nova refuses it with another.",
        instead='Set hw_tpm_version to "2.0", or hw_tpm_model to tpm-tis.',
    ),
    never(
        "tpm-model-needs-version",
        when={"hw_tpm_model": is_set, "hw_tpm_version": is_missing},
        because="Nova adds a TPM where a version is named, and passes over the model elsewhere.",
        instead='Set hw_tpm_version to "2.0", or remove hw_tpm_model.',
    ),
    never(
        "viommu-needs-q35-on-x86",
        when={"hw_viommu_model": is_set, BOARD: lacks("q35")},
        unless={BOARD: begins("virt"), "hw_architecture": is_other_than(*X86)},
        because="On x86 Nova gives an IOMMU to Q35 boards only.",
        instead="Set hw_machine_type to q35, or remove hw_viommu_model.",
    ),
    never(
        "viommu-needs-its-architecture",
        when={"hw_viommu_model": is_set, "hw_architecture": is_other_than(*X86, "aarch64")},
        because="Nova gives an IOMMU to x86 and AArch64 guests only.",
        instead="Remove hw_viommu_model.",
    ),
    never(
        "viommu-intel-needs-x86",
        when={
            "hw_viommu_model": is_one_of("intel"),
            "hw_architecture": is_one_of("aarch64"),
        },
        because="Intel's IOMMU belongs to x86 boards.",
        instead="Set hw_viommu_model to auto.",
    ),
    never(
        "viommu-smmuv3-needs-aarch64",
        when={"hw_viommu_model": is_one_of("smmuv3"), "hw_architecture": is_one_of(*X86)},
        because="SMMUv3 belongs to AArch64 boards.",
        instead="Set hw_viommu_model to auto.",
    ),
    never(
        "quiesce-needs-guest-agent",
        when={"os_require_quiesce": _ON, "hw_qemu_guest_agent": is_not("true")},
        because="Only the guest agent can freeze file systems: every snapshot would be refused.",
        instead="Set hw_qemu_guest_agent to true, or remove os_require_quiesce.",
    ),
)
