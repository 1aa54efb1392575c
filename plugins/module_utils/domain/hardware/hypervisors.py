# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which devices which hypervisor has: what it lacks keeps a server from starting."""

from __future__ import annotations

from collections.abc import Mapping

# The libvirt driver's, then VMware's; the rest are older, and few clouds have them.
HYPERVISORS = ("kvm", "qemu", "vmware", "xen", "hyperv", "parallels", "lxc")
# QEMU alone emulates, with KVM it is helped by the processor: the devices are the same.
QEMU = ("kvm", "qemu")
DEFAULT = "kvm"

# What images call them besides. The last two are the Sovereign Cloud Stack's words.
_OTHER_NAMES = {"xapi": "xen", "vz": "parallels", "esxi": "vmware", "hyper-v": "hyperv"}

_KVM_BUSES = ("ide", "scsi", "virtio", "usb", "sata", "fdc")
_KVM_NETWORK = (
    "virtio",
    "e1000",
    "e1000e",
    "igb",
    "ne2k_pci",
    "pcnet",
    "rtl8139",
    "spapr-vlan",
    "vmxnet3",
)
_KVM: Mapping[str, tuple[str, ...]] = {
    "hw_disk_bus": _KVM_BUSES,
    "hw_cdrom_bus": _KVM_BUSES,
    "hw_floppy_bus": _KVM_BUSES,
    "hw_rescue_bus": _KVM_BUSES,
    "hw_rescue_device": ("cdrom", "disk", "floppy", "lun"),
    "hw_vif_model": _KVM_NETWORK,
    # BusLogic is ESXi's; libvirt refuses it for QEMU.
    "hw_scsi_model": (
        "virtio-scsi",
        "ibmvscsi",
        "lsilogic",
        "lsisas1068",
        "lsisas1078",
        "vmpvscsi",
    ),
    "hw_video_model": ("virtio", "bochs", "cirrus", "none", "qxl", "vga", "vmvga"),
}
_VMWARE: Mapping[str, tuple[str, ...]] = {
    "hw_disk_bus": ("ide", "scsi"),
    "hw_cdrom_bus": ("ide",),
    "hw_vif_model": (
        "VirtualE1000",
        "VirtualE1000e",
        "VirtualPCNet32",
        "VirtualSriovEthernetCard",
        "VirtualVmxnet",
        "VirtualVmxnet3",
        "e1000",
        "e1000e",
        "pcnet",
        "sriov",
        "vmxnet",
        "vmxnet3",
    ),
    "hw_scsi_model": (
        "lsiLogic",
        "lsiLogicsas",
        "paraVirtual",
        "busLogic",
        "lsisas1068",
        "vmpvscsi",
    ),
}
_XEN: Mapping[str, tuple[str, ...]] = {
    "hw_disk_bus": ("ide", "xen"),
    "hw_cdrom_bus": ("ide", "xen"),
    "hw_rescue_bus": ("ide", "xen"),
    "hw_vif_model": ("e1000", "netfront", "ne2k_pci", "pcnet", "rtl8139"),
}
_HYPERV: Mapping[str, tuple[str, ...]] = {
    "hw_disk_bus": ("ide", "scsi"),
    "hw_cdrom_bus": ("ide", "scsi"),
}
_PARALLELS: Mapping[str, tuple[str, ...]] = {
    "hw_disk_bus": ("ide", "scsi"),
    "hw_cdrom_bus": ("ide", "scsi"),
    "hw_rescue_bus": ("ide", "scsi"),
    "hw_vif_model": ("virtio", "e1000", "rtl8139"),
}
_LXC: Mapping[str, tuple[str, ...]] = {
    "hw_disk_bus": ("lxc",),
    "hw_cdrom_bus": ("lxc",),
    "hw_rescue_bus": ("lxc",),
    "hw_vif_model": (),
}
_VALUES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "kvm": _KVM,
    "qemu": {**_KVM, "hw_vif_model": (*_KVM_NETWORK, "lan9118")},
    "vmware": _VMWARE,
    "xen": _XEN,
    "hyperv": _HYPERV,
    "parallels": _PARALLELS,
    "lxc": _LXC,
}


def values_for(name: str, hypervisor: str) -> tuple[str, ...] | None:
    """The values that a property may have on a hypervisor; None where the tables draw no line."""
    return _VALUES.get(hypervisor, {}).get(name)


def hypervisor_of(properties: Mapping[str, str]) -> str:
    """The hypervisor that an image is for, as it says itself."""
    # Nova prefers the newer name.
    said = properties.get("img_hv_type") or properties.get("hypervisor_type") or DEFAULT
    word = said.strip().lower()
    return _OTHER_NAMES.get(word, word)
