# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which hypervisor has which devices, and which one an image is for."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.hypervisors import (
    HYPERVISORS,
    hypervisor_of,
    values_for,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.judging import (
    in_tables,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.known import (
    hardware,
    known,
)


@pytest.mark.parametrize(
    "name, hypervisor, values",
    [
        ("hw_disk_bus", "kvm", {"ide", "scsi", "virtio", "usb", "sata", "fdc"}),
        ("hw_cdrom_bus", "qemu", {"ide", "scsi", "virtio", "usb", "sata", "fdc"}),
        ("hw_disk_bus", "xen", {"ide", "xen"}),
        ("hw_vif_model", "kvm", {"e1000", "e1000e", "ne2k_pci", "pcnet", "rtl8139", "virtio"}),
        ("hw_vif_model", "qemu", {"lan9118", "virtio"}),
        ("hw_vif_model", "xen", {"e1000", "netfront", "ne2k_pci", "pcnet", "rtl8139"}),
        (
            "hw_vif_model",
            "vmware",
            {"VirtualE1000", "VirtualPCNet32", "VirtualVmxnet", "VirtualVmxnet3"},
        ),
        ("hw_vif_model", "parallels", {"virtio", "e1000", "rtl8139"}),
        ("hw_disk_bus", "lxc", {"lxc"}),
    ],
)
def test_a_hypervisor_has_its_devices(name: str, hypervisor: str, values: set[str]) -> None:
    """Those that providers name, at least."""
    assert values <= set(values_for(name, hypervisor) or ())


def test_what_a_hypervisor_has_is_in_the_tables() -> None:
    """A value that only one of the lists knew would be refused everywhere."""
    for row in hardware():
        for hypervisor in HYPERVISORS:
            for value in values_for(row.name, hypervisor) or ():
                assert in_tables(row, value), (row.name, hypervisor, value)


def test_where_the_tables_draw_no_line_there_is_none() -> None:
    """Neither for other properties nor for hypervisors that nobody knows."""
    assert values_for("hw_rng_model", "kvm") is None
    assert values_for("hw_disk_bus", "ironic") is None
    assert values_for("hw_vif_model", "lxc") == ()


@pytest.mark.parametrize(
    "properties, hypervisor",
    [
        ({}, "kvm"),
        ({"hypervisor_type": ""}, "kvm"),
        ({"hypervisor_type": "QEMU"}, "qemu"),
        ({"hypervisor_type": "xapi"}, "xen"),
        ({"hypervisor_type": "vz"}, "parallels"),
        ({"hypervisor_type": "hyper-v"}, "hyperv"),
        ({"hypervisor_type": "esxi"}, "vmware"),
        ({"hypervisor_type": "ironic"}, "ironic"),
        ({"hypervisor_type": "kvm", "img_hv_type": "vmware"}, "vmware"),
    ],
)
def test_an_image_says_whom_it_is_for(properties: dict[str, str], hypervisor: str) -> None:
    """As Nova reads it: the newer name wins."""
    assert hypervisor_of(properties) == hypervisor


def test_every_hypervisor_can_be_asked_for() -> None:
    """What the check knows is a value of the property, too."""
    row = known("hypervisor_type")
    assert row is not None
    assert set(HYPERVISORS) <= set(row.values)
