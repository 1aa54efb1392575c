# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of hardware properties, and which names belong to them."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.known import (
    Kind,
    every,
    hardware,
    is_flag,
    is_hardware,
    known,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.property import (
    Property,
)


@pytest.mark.parametrize("row", every(), ids=lambda row: row.name)
def test_a_row_says_all_that_its_kind_needs(row: Property) -> None:
    """A meaning in one line, and values, a range or a form where there have to be some."""
    assert row.meaning
    assert "\n" not in row.meaning
    assert not row.meaning.endswith(".")
    assert bool(row.values) is (row.kind is Kind.CHOICE)
    assert len(set(row.values)) == len(row.values)
    assert bool(row.pattern and row.example) is (row.kind is Kind.PATTERN)
    assert row.kind is Kind.NUMBER or (row.least, row.most) == (None, None)
    assert set(row.also.values()) <= set(row.values)
    assert all(word == word.lower() for word in row.also)
    if row.any_case:
        assert all(value == value.lower() for value in row.values)
    if row.instead:
        newer = known(row.instead)
        assert newer is not None
        assert (newer.kind, newer.values) == (row.kind, row.values)


def test_no_name_stands_in_two_tables() -> None:
    """One row for a property."""
    names = [row.name for row in every()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "name, row",
    [
        ("hw_disk_bus", "hw_disk_bus"),
        ("hw_numa_cpus.0", "hw_numa_cpus.N"),
        ("hw_numa_mem.127", "hw_numa_mem.N"),
        ("trait:HW_CPU_X86_AVX2", "trait:NAME"),
        ("trait:CUSTOM_1", "trait:NAME"),
        ("hw_numa_cpus.128", None),
        ("hw_numa_cpus.01", None),
        ("hw_numa_cpus.", None),
        ("hw_numa_cpus.٣", None),
        ("hw_numa_cpus", None),
        ("trait:hw_cpu", None),
        ("trait:", None),
        ("hw_disk_bus ", None),
        ("HW_DISK_BUS", None),
        ("", None),
    ],
)
def test_a_property_is_found_by_its_name(name: str, row: str | None) -> None:
    """Families by each of their names, as Nova counts them."""
    found = known(name)
    assert (found.name if found else None) == row


@pytest.mark.parametrize(
    "name",
    [
        "hw_disk_bus",
        "hw_nobody_knows",
        "hw_numa_cpus.3",
        "vmware_adaptertype",
        "vmware_whatever",
        "xenapi_use_agent",
        "hypervisor_type",
        "architecture",
        "vm_mode",
        "os_type",
        "os_distro",
        "os_version",
        "os_admin_user",
        "os_secure_boot",
        "os_require_quiesce",
        "os_shutdown_timeout",
        "img_config_drive",
        "img_hide_hypervisor_id",
        "trait:CUSTOM_GPU",
    ],
)
def test_hardware_is_what_nova_builds_a_server_from(name: str) -> None:
    """Also under names that nobody knows yet, if they say that they are hardware."""
    assert is_hardware(name)


@pytest.mark.parametrize(
    "name",
    [
        "curator_proof",
        "image_source",
        "replace_frequency",
        "os_purpose",
        "os_hash_value",
        "os_glance_task",
        "os_hidden",
        "owner",
        "id",
        "kernel_id",
        "image_type",
        "instance_uuid",
        "block_device_mapping",
        "img_block_device_mapping",
        "img_bdm_v2",
        "root_device_name",
        "owner_id",
        "img_signature",
        "img_signature_certificate_uuid",
        "hw_ephemeral_encryption_secret_uuid",
        "cinder_encryption_key_id",
        "owner_specified.openstack.md5",
        "hw:cpu_sockets",
        "hw_rng:allowed",
        "hwdisk",
        "",
    ],
)
def test_what_an_image_is_made_of_is_no_hardware(name: str) -> None:
    """`exact` removes hardware: it must never take what an image cannot be started without."""
    assert not is_hardware(name)
    assert name not in {row.name for row in hardware()}


def test_switches_are_known() -> None:
    """Everybody spells them as they like."""
    assert is_flag("hw_boot_menu")
    assert is_flag("cache_in_nova")
    assert not is_flag("hw_disk_bus")
    assert not is_flag("hw_nobody_knows")


def test_the_providers_lists_are_there() -> None:
    """What customers have been told to write for years is not refused."""
    buses = known("hw_disk_bus")
    models = known("hw_vif_model")
    assert buses is not None
    assert models is not None
    assert {"ide", "scsi", "virtio", "usb", "sata", "fdc", "xen"} <= set(buses.values)
    qemu = {"e1000", "e1000e", "ne2k_pci", "pcnet", "rtl8139", "virtio"}
    assert {*qemu, "netfront", "vmxnet3"} <= set(models.values)
    vmware = {"virtuale1000", "virtualpcnet32", "virtualvmxnet", "virtualvmxnet3"}
    assert vmware <= set(models.also)
