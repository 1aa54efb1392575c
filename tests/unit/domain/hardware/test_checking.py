# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with hardware that a task names, in words that help."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.checking import (
    Finding,
    check,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.flags import canonical
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.hypervisors import (
    HYPERVISORS,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.known import every
from hypothesis import given
from hypothesis import strategies as st


def found(
    named: dict[str, Any], standing: dict[str, str] | None = None, hypervisor: str = "kvm"
) -> tuple[Finding, ...]:
    whole = dict(standing or {})
    for name, value in named.items():
        whole.pop(name, None)
        if value is not None:
            whole[name] = canonical(name, value)
    return check(named, whole, hypervisor=hypervisor, definitions=None)


@pytest.mark.parametrize(
    "name, values",
    [
        ("hw_disk_bus", ["virtio", "sata"]),
        ("hw_vif_model", ["e1000", "E1000", "vmxnet3"]),
        ("hw_boot_menu", [True, "yes", "OFF", 0]),
        ("hw_video_ram", [0, "64", 64.0]),
        ("hw_serial_port_count", [3]),
        ("architecture", ["x86_64", "X86_64", "amd64", "i386"]),
        ("hypervisor_type", ["kvm", "QEMU"]),
        ("vm_mode", ["hvm", "pv"]),
        ("os_type", ["linux", "Windows"]),
        ("hw_mem_page_size", ["small", "any", "2048", 2048, "2MB", "1GB"]),
        ("hw_machine_type", ["pc", "q35", "pc-q35-rhel9.4.0", "pc-i440fx-jammy-v8.0", "virt"]),
        ("hypervisor_version_requires", [">=7.0", ">=2.6,<=7.2", " > 1.0 , != 1.1 "]),
        ("hw_cpu_realtime_mask", ["^0-1", "0-3,^2", "5"]),
        ("hw_numa_mem.0", [1024]),
        ("hw_tpm_version", ["2.0", 2.0, "1.2"]),
        ("os_version", ["12", 12, "4.10", 22.04, "Tumbleweed"]),
        ("os_distro", ["debian", "http://debian.org/debian/12"]),
        ("trait:HW_CPU_X86_AVX2", ["required"]),
        ("hw_maxphysaddr_mode", ["passthrough"]),
        ("hw_auto_disk_config", ["disabled"]),
    ],
)
def test_what_nova_reads_is_right(name: str, values: list[Any]) -> None:
    """In every spelling that it takes."""
    for value in values:
        beside = {"hw_numa_cpus.0": "0"} if name == "hw_numa_mem.0" else {}
        assert found({name: value} | beside) == ()


@pytest.mark.parametrize(
    "name, value, parts",
    [
        ("hw_disk_bus", "virtoi", ["'virtoi'", "ide, scsi, virtio", "closest is virtio."]),
        ("hw_disk_bus", "xen", ["kvm does not have", "virtio"]),
        ("hw_vif_model", "VirtualVmxnet3", ["kvm does not have", "closest is vmxnet3."]),
        ("hw_vif_model", "netfront", ["kvm does not have"]),
        ("hw_scsi_model", "buslogic", ["kvm does not have", "virtio-scsi"]),
        ("hw_video_model", "gop", ["kvm does not have"]),
        ("hw_boot_menu", "maybe", ["no switch", "true or false"]),
        ("hw_cpu_sockets", 0, ["'0'", "Give 1 or more."]),
        ("hw_cpu_sockets", "two", ["no whole number"]),
        ("hw_cpu_sockets", 1.5, ["no whole number"]),
        ("hw_cpu_sockets", "1.0", ["no whole number"]),
        ("hw_cpu_sockets", "1" * 23, ["out of range. Give 1 or more."]),
        ("hw_device_id", "1" * 23, ["out of range. Give fewer figures."]),
        ("hw_numa_cpus.0", "0-99999", ["no list of processors between 0 and 4095", "0-3,6"]),
        ("hw_cpu_realtime_mask", "3-0", ["no list of processors"]),
        ("hw_cpu_sockets", True, ["no whole number", "quotes"]),
        ("hw_device_id", "x", ["Give one."]),
        ("hw_redirected_usb_ports", 16, ["0 to 15"]),
        ("hw_serial_port_count", 4, ["0 to 3"]),
        ("architecture", "x64", ["closest is x86_64", "more"]),
        ("hypervisor_type", "hyper-v", ["closest is hyperv"]),
        ("os_secure_boot", True, ["required", "YAML", "quotes"]),
        ("hw_tpm_version", 2, ["closest is 2.0"]),
        ("hw_mem_page_size", "huge", ["2048"]),
        ("hw_machine_type", "pc q35", ["q35"]),
        ("hypervisor_version_requires", "7.0", [">=7.0"]),
        ("hw_cpu_realtime_mask", "0-", ["2-7"]),
        ("os_version", 4.1, ["4.1", "4.10", "quotes"]),
        ("os_distro", False, ["boolean", "quotes"]),
        ("os_version", "4.10\n", ["'4.10\\n'", "line break", "Leave that out."]),
        ("os_command_line", "quiet\x1b[2K", ["nobody sees"]),
        ("trait:HW_CPU_X86_AVX2", "forbidden", ["required"]),
        ("trait:avx2", "required", ["capital letters"]),
        ("hw_dsk_bus", "ide", ["hw_dsk_bus", "closest is hw_disk_bus"]),
        ("hw_zzz", "ide", ["hw_zzz", "leave it out"]),
        ("hw_numa_cpus", "0-3", ["hw_numa_cpus.0"]),
        ("hw_disk_bus", "x" * 5000, ["x…", "Possible are"]),
    ],
)
def test_a_wrong_value_is_told_with_the_right_ones(name: str, value: Any, parts: list[str]) -> None:
    """What was given, what is allowed, the closest of it, and what YAML may have done."""
    beside = {"hw_numa_mem.0": "1"} if name.startswith("hw_numa_cpus.") else {}
    (finding,) = found({name: value}, beside)
    assert finding.name == name
    for part in (name, *parts):
        assert part in finding.message
    assert finding.message.endswith(".")
    assert len(finding.message) < 400


@pytest.mark.parametrize(
    "hypervisor, right, wrong",
    [
        ("vmware", {"hw_vif_model": "VirtualVmxnet3"}, {"hw_vif_model": "virtio"}),
        ("vmware", {"vmware_adaptertype": "paraVirtual"}, {"vmware_adaptertype": "virtio"}),
        ("xen", {"hw_vif_model": "netfront", "hw_disk_bus": "xen"}, {"hw_disk_bus": "virtio"}),
        ("qemu", {"hw_vif_model": "lan9118"}, {"hw_vif_model": "netfront"}),
        ("parallels", {"hw_disk_bus": "scsi"}, {"hw_disk_bus": "sata"}),
        ("hyperv", {"hw_vif_model": "e1000"}, {"hw_disk_bus": "virtio"}),
        ("lxc", {"hw_disk_bus": "lxc"}, {"hw_vif_model": "virtio"}),
        ("ironic", {"hw_disk_bus": "xen"}, {"hw_disk_bus": "xem"}),
    ],
)
def test_values_are_those_of_the_hypervisor(
    hypervisor: str, right: dict[str, Any], wrong: dict[str, Any]
) -> None:
    """Another one's keep a server from starting."""
    assert found(right, hypervisor=hypervisor) == ()
    (finding,) = found(wrong, hypervisor=hypervisor)
    assert finding.name in wrong


def test_another_device_is_no_misspelling() -> None:
    """It sounds a little like one that the hypervisor has."""
    (finding,) = found({"hw_vif_model": "virtio"}, hypervisor="vmware")
    assert "vmware does not have" in finding.message
    assert "closest" not in finding.message


def test_what_stands_is_judged_when_the_hypervisor_changes() -> None:
    """And only then: what stands already is no fault of a task that does not touch it."""
    standing = {"hw_vif_model": "virtio", "hw_disk_bus": "sataa"}
    assert found({"hw_rng_model": "virtio"}, standing, hypervisor="vmware") == ()
    finding = found({"hypervisor_type": "vmware"}, standing, hypervisor="vmware")[0]
    assert finding.name == "hw_vif_model"


def test_removing_is_always_right() -> None:
    """Also what nobody knows."""
    gone = dict.fromkeys(["hw_zzz", "hw_disk_bus", "trait:odd", "hw_numa_cpus"])
    assert found(gone, {"hw_disk_bus": "virtoi"}) == ()


def test_a_rule_is_broken_by_the_task_that_touches_it() -> None:
    """By setting or by removing, under an older name, too; not by one that does neither."""
    broken = {"os_secure_boot": "required"}
    whole = {**broken, "hw_firmware_type": "uefi", "hw_machine_type": "q35"}
    assert [finding.name for finding in found(broken)] == ["secure-boot-needs-uefi"]
    assert found({"hw_rng_model": "virtio"}, broken) == ()
    assert found({"hw_rng_model": "virtio"}, whole) == ()
    assert [f.name for f in found({"hw_firmware_type": None}, whole)] == ["secure-boot-needs-uefi"]
    q35 = {"hw_machine_type": "q35", "hw_rng_model": "virtio"}
    adapter = [finding.name for finding in found({"vmware_adaptertype": "ide"}, q35)]
    assert "ide-disk-needs-pc-board" in adapter
    nodes = {"hw_numa_nodes": "2", "hw_numa_cpus.0": "0", "hw_numa_mem.0": "1"}
    assert [f.name for f in found({"hw_numa_mem.0": 2}, nodes)] == ["numa-nodes-are-whole"]


def test_a_wrong_value_is_told_once() -> None:
    """Rules wait until each value can be read."""
    named = {"os_secure_boot": "required", "hw_firmware_type": "efi"}
    assert [finding.name for finding in found(named)] == ["hw_firmware_type"]


_NAMES = st.sampled_from([row.name.replace(".N", ".0") for row in every()])
_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(codec="utf-8", max_codepoint=0xFFFF, exclude_characters="\0")),
    st.sampled_from([value for row in every() for value in row.values]),
)


@given(st.dictionaries(_NAMES, _VALUES), st.sampled_from(HYPERVISORS))
def test_nothing_that_can_be_stored_upsets_the_check(
    named: dict[str, Any], hypervisor: str
) -> None:
    """Whatever stands on an image, the user gets sentences."""
    for finding in found(named, hypervisor=hypervisor):
        assert finding.message.endswith((".", '."'))
