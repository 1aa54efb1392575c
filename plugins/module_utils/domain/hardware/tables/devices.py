# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The tables: devices that a guest has, and the buses they hang on."""

from __future__ import annotations

from ..property import Property, choice, flag, number

_BUSES = ("fdc", "ide", "sata", "scsi", "usb", "virtio", "xen", "lxc", "uml")

# VMware's own names came first; Nova still translates them.
_VMWARE_NETWORK = {
    "virtuale1000": "e1000",
    "virtuale1000e": "e1000e",
    "virtualpcnet32": "pcnet",
    "virtualsriovethernetcard": "sriov",
    "virtualvmxnet": "vmxnet",
    "virtualvmxnet3": "vmxnet3",
}
_VMWARE_SCSI = {"lsilogicsas": "lsisas1068", "paravirtual": "vmpvscsi"}

STORAGE: tuple[Property, ...] = (
    choice("hw_disk_bus", "The bus of the disks", *_BUSES),
    choice("hw_cdrom_bus", "The bus of CD-ROM drives", *_BUSES),
    choice("hw_floppy_bus", "The bus of floppy drives", *_BUSES),
    choice(
        "hw_scsi_model",
        "The controller on the SCSI bus",
        "buslogic",
        "ibmvscsi",
        "lsilogic",
        "lsisas1068",
        "lsisas1078",
        "virtio-scsi",
        "vmpvscsi",
        also=_VMWARE_SCSI,
        any_case=True,
    ),
    # Nova takes any text; vSphere knows these.
    choice(
        "hw_disk_type",
        "How the VMDK in the image is laid out, for VMware",
        "preallocated",
        "thin",
        "thick",
        "eagerZeroedThick",
        "sparse",
        "streamOptimized",
    ),
    choice("hw_rescue_bus", "The bus of this image where it rescues another server", *_BUSES),
    choice(
        "hw_rescue_device",
        "The device that this image is where it rescues another server",
        "cdrom",
        "disk",
        "floppy",
        "fs",
        "lun",
    ),
    flag("hw_ephemeral_encryption", "Whether disks on the compute host are encrypted"),
    choice(
        "hw_ephemeral_encryption_format",
        "How disks on the compute host are encrypted",
        "plain",
        "luks",
        "luksv2",
    ),
    flag("hw_virtio_packed_ring", "Whether virtio devices use the packed form of their queues"),
)

NETWORK: tuple[Property, ...] = (
    choice(
        "hw_vif_model",
        "The model of the network cards",
        "virtio",
        "ne2k_pci",
        "pcnet",
        "rtl8139",
        "e1000",
        "e1000e",
        "netfront",
        "spapr-vlan",
        "lan9118",
        "sriov",
        "vmxnet",
        "vmxnet3",
        "igb",
        also=_VMWARE_NETWORK,
        any_case=True,
    ),
    flag(
        "hw_vif_multiqueue_enabled", "Whether virtio network cards have a queue for each processor"
    ),
)

PERIPHERALS: tuple[Property, ...] = (
    choice(
        "hw_video_model",
        "The graphics card",
        "cirrus",
        "qxl",
        "vga",
        "vmvga",
        "xen",
        "virtio",
        "gop",
        "none",
        "bochs",
    ),
    number("hw_video_ram", "Memory of the graphics card in MiB, where the flavor allows", least=0),
    choice("hw_pointer_model", "A tablet instead of a mouse; older than hw_input_bus", "usbtablet"),
    choice("hw_input_bus", "The bus of keyboard and tablet", "usb", "virtio"),
    choice("hw_usb_model", "The USB controller", "none", "nec-xhci", "qemu-xhci"),
    number("hw_redirected_usb_ports", "USB ports that a SPICE client can lend", least=0, most=15),
    choice(
        "hw_sound_model",
        "The sound card",
        "sb16",
        "es1370",
        "pcspk",
        "ac97",
        "ich6",
        "ich9",
        "usb",
        "virtio",
    ),
    choice("hw_rng_model", "The source of random numbers", "virtio"),
    choice(
        "hw_watchdog_action",
        "What happens to a guest that no longer resets its watchdog",
        "none",
        "pause",
        "poweroff",
        "reset",
        "disabled",
    ),
    choice("hw_tpm_model", "The interface of the emulated TPM", "tpm-tis", "tpm-crb"),
    choice(
        "hw_tpm_version", "The version of the emulated TPM, and that there is one", "1.2", "2.0"
    ),
    choice(
        "hw_viommu_model",
        "The IOMMU, for guests that hand devices on",
        "intel",
        "smmuv3",
        "virtio",
        "auto",
    ),
    # QEMU has four serial ports, and Nova uses one for its log.
    number("hw_serial_port_count", "How many serial ports there are", least=0, most=3),
)
