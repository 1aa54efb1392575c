# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Combinations: for each rule hardware that breaks it, and the same made right."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.checking import check
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.cpu_lists import (
    processors,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.hypervisors import (
    hypervisor_of,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.rules import (
    RULES,
    Rule,
)

from unit.domain.hardware.rule_cases import CASES, ENCRYPTED, NODES, SECURE, STATELESS, TDX, VMWARE

# What looks like a breach, and is none.
SOUND: list[dict[str, str]] = [
    SECURE,
    ENCRYPTED,
    ENCRYPTED | STATELESS,
    ENCRYPTED | TDX,
    NODES,
    {"hw_firmware_type": "uefi"},
    {"hw_firmware_type": "bios"},
    {"hw_firmware_type": "uefi", "hw_machine_type": "pc"},
    {"hw_machine_type": "isapc"},
    {"architecture": "aarch64"},
    {"architecture": "s390x"},
    {
        "architecture": "aarch64",
        "hw_emulation_architecture": "x86_64",
        "hw_firmware_type": "bios",
    },
    {"architecture": "mips", "hw_emulation_architecture": "x86_64", "hw_firmware_type": "uefi"},
    {"os_secure_boot": "required", "hw_firmware_type": "uefi", "hw_machine_type": "virt"},
    {"os_secure_boot": "required", "architecture": "aarch64", "hw_machine_type": "raspi3b"},
    {"hw_scsi_model": "virtio-scsi", "hw_rescue_bus": "scsi"},
    {"hw_virtio_packed_ring": "true", "hw_vif_model": "virtio", "hw_disk_bus": "ide"},
    {"hw_tpm_version": "1.2"},
    {"hw_viommu_model": "intel", "hw_machine_type": "q35"},
    {"hw_viommu_model": "smmuv3", "hw_machine_type": "virt"},
    {"hw_redirected_usb_ports": "1", "hw_input_bus": "virtio", "hw_disk_bus": "usb"},
    {"hw_redirected_usb_ports": "1", "hw_input_bus": "virtio", "hw_cdrom_bus": "usb"},
    {"hw_cpu_policy": "shared"},
    {"hw_cpu_thread_policy": "require"},
    VMWARE | {"vmware_adaptertype": "paraVirtual", "vmware_disktype": "streamOptimized"},
]

# What breaks one rule, and might seem to break a second.
BREACHES: list[tuple[str, dict[str, str]]] = [
    ("secure-boot-needs-uefi", {"os_secure_boot": "required", "architecture": "x86_64"}),
    ("uefi-needs-its-board", {"hw_firmware_type": "uefi", "architecture": "ppc64le"}),
    ("viommu-needs-its-architecture", {"hw_viommu_model": "auto", "architecture": "s390x"}),
    (
        "memory-encryption-needs-x86",
        {"hw_mem_encryption": "true", "hw_firmware_type": "uefi", "architecture": "aarch64"},
    ),
    ("memory-encryption-model-needs-encryption", STATELESS | {"hw_firmware_type": "uefi"}),
    (
        "memory-encryption-model-needs-encryption",
        {"hw_mem_encryption_model": "amd-sev-snp"},
    ),
    ("memory-encryption-model-needs-encryption", {"hw_mem_encryption_model": "intel-tdx"}),
    (
        "vmware_adaptertype-and-its-parts",
        VMWARE | {"vmware_adaptertype": "paraVirtual", "hw_disk_bus": "ide"},
    ),
]


def broken(properties: Mapping[str, str]) -> dict[str, str]:
    found = check(properties, properties, hypervisor=hypervisor_of(properties), definitions=None)
    return {finding.name: finding.message for finding in found}


@pytest.mark.parametrize("rule, wrong, change", CASES, ids=[case[0] for case in CASES])
def test_a_rule_sees_what_breaks_it_and_nothing_else(
    rule: str, wrong: dict[str, str], change: Mapping[str, str | None]
) -> None:
    """The message says how things stand, and the change that it asks for is enough."""
    message = broken(wrong)[rule]
    assert message.endswith(".")
    assert any(name in message for name in wrong)
    right = {name: value for name, value in {**wrong, **change}.items() if value is not None}
    assert rule not in broken(right)


@pytest.mark.parametrize("properties", SOUND, ids=str)
def test_nothing_is_said_of_what_is_sound(properties: dict[str, str]) -> None:
    """What strict refuses without need keeps people from their work."""
    assert broken(properties) == {}


@pytest.mark.parametrize("rule, properties", BREACHES)
def test_one_mistake_is_told_once(rule: str, properties: dict[str, str]) -> None:
    """By the rule that knows best what to do."""
    assert list(broken(properties)) == [rule]


def test_every_rule_is_tried() -> None:
    """And bears a name of its own."""
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert {case[0] for case in CASES} == set(names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_reason_and_knows_what_it_looks_at(
    rule: Rule,
) -> None:
    """One about nothing would never be asked."""
    assert rule.reason.endswith(".")
    assert rule.concerns
    assert rule.broken({}) is None


def test_rules_of_one_hypervisor_say_nothing_on_another() -> None:
    """Hyper-V has Secure Boot by other means, and Xen no Q35."""
    secure = {"os_secure_boot": "required"}
    assert broken(secure)
    assert not broken(secure | {"hypervisor_type": "hyperv"})


@pytest.mark.parametrize(
    "text, members",
    [
        ("0", {0}),
        ("0-3,^2,6", {0, 1, 3, 6}),
        ("^1-2,0-3", {0, 3}),
        ("3-1", None),
        ("0-99999", None),
        ("a", None),
        ("", None),
        ("-1", None),
    ],
)
def test_lists_of_processors_are_read_as_nova_reads_them(
    text: str, members: set[int] | None
) -> None:
    """And not counted beyond what any guest has."""
    assert processors(text) == members
