# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The virtual hardware of an image, decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.definitions import (
    definitions_from,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware_plan import (
    HardwarePlan,
    HardwareSeen,
    HardwareWish,
    plan_hardware,
    refuse_in_advance,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.plan import PatchImage
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

STORED = {
    "hw_disk_bus": "ide",
    "hw_boot_menu": "yes",
    "hw_rng_model": "virtio",
    "curator_proof": "sha512:0",
    "image_source": "private",
    "instance_uuid": "u",
}
_BASE: dict[str, Any] = {"id": "i", "name": "img", "status": "active", "visibility": "private"}
IMAGE = Image(**_BASE, properties=STORED)
NOTHING: dict[str, Any] = {
    "image": "img",
    "properties": None,
    "profiles": None,
    "profile_definitions": None,
    "hypervisor": None,
    "exact": False,
    "validation": "strict",
}
ACME = definitions_from(
    [
        {
            "namespace": "Acme",
            "resource_type_associations": [{"name": "OS::Glance::Image", "prefix": "hw_"}],
            "properties": {"acme": {"type": "string", "title": "Acme", "enum": ["big", "small"]}},
        }
    ]
)


def wish(**options: Any) -> HardwareWish:
    return HardwareWish.from_params(NOTHING | options)


def plan(*, seen: HardwareSeen | None = None, **options: Any) -> HardwarePlan:
    return plan_hardware(wish(**options), seen or HardwareSeen(image=IMAGE))


def operations(found: HardwarePlan) -> dict[str, tuple[str, Any]]:
    (step,) = found.change.steps
    assert isinstance(step, PatchImage)
    return {part["path"]: (part["op"], part.get("value")) for part in step.operations}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"properties": {}},
        {"properties": {"hw_disk_bus": "ide", "hw_boot_menu": True}},
        {"properties": {"hw_boot_menu": "on", "hw_vif_model": None}},
        {"properties": {"hw_disk_bus": "ide", "hw_boot_menu": 1, "hw_rng_model": "virtio"}}
        | {"exact": True},
    ],
)
def test_what_is_so_already_is_no_change(options: dict[str, Any]) -> None:
    """A value that says the same in other words stays as it is written."""
    found = plan(**options)
    assert not found.changed
    result = found.after.as_result()
    assert result["before"] == result["after"]
    assert found.before.as_diff() == found.after.as_diff()


def test_everything_goes_into_one_patch() -> None:
    """Set, changed and removed in one request; what is not named stays."""
    found = plan(properties={"hw_disk_bus": "scsi", "hw_rng_model": None, "hw_cpu_sockets": 2})
    assert operations(found) == {
        "/hw_disk_bus": ("add", "scsi"),
        "/hw_rng_model": ("remove", None),
        "/hw_cpu_sockets": ("add", "2"),
    }
    result = found.after.as_result()
    assert result["before"] == {
        "hw_boot_menu": "yes",
        "hw_disk_bus": "ide",
        "hw_rng_model": "virtio",
    }
    assert result["after"] == {"hw_boot_menu": "yes", "hw_cpu_sockets": "2", "hw_disk_bus": "scsi"}
    assert result["image"]["properties"]["image_source"] == "private"


def test_a_verdict_goes_with_the_hardware_that_it_was_about() -> None:
    """In the same request; what changes nothing leaves it, and is not called a change."""
    verdict = {"curator_verified_at": "2026-11-21T00:00:00Z", "curator_verified_as": "x"}
    image = replace(IMAGE, properties={**STORED, **verdict})
    seen = HardwareSeen(image=image)
    assert operations(plan(seen=seen, properties={"hw_disk_bus": "scsi"})) == {
        "/hw_disk_bus": ("add", "scsi"),
        **{f"/{name}": ("remove", None) for name in verdict},
    }
    assert not plan(seen=seen, properties={"hw_disk_bus": "ide"}).changed


def test_exact_removes_hardware_only() -> None:
    """What else stands on the image is no business of this task."""
    assert operations(plan(properties={}, exact=True)) == {
        "/hw_boot_menu": ("remove", None),
        "/hw_disk_bus": ("remove", None),
        "/hw_rng_model": ("remove", None),
    }


def test_properties_win_over_profiles() -> None:
    """And a null takes away what a profile would set; the result says what the profiles came to."""
    own = {"house": {"hw_vif_model": "rtl8139", "hw_watchdog_action": "reset"}}
    found = plan(
        profiles=["legacy-ide", "house"],
        profile_definitions=own,
        properties={"hw_rng_model": None, "hw_watchdog_action": None},
    )
    result = found.after.as_result()
    assert result["profiles"].items() >= own["house"].items()
    assert result["after"]["hw_vif_model"] == "rtl8139"
    assert not {"hw_rng_model", "hw_watchdog_action"} & result["after"].keys()


def test_strict_lists_all_that_is_wrong() -> None:
    """In the message for people, and one by one for plays."""
    with pytest.raises(InvalidRequest) as refused:
        plan(properties={"hw_disk_bus": "virtoi", "hw_vif_model": "e100"})
    assert len(refused.value.facts["findings"]) == 2
    for word in ("virtoi", "virtio", "e100", "e1000", "validation: warn"):
        assert word in refused.value.message


def test_warn_sets_it_and_says_so() -> None:
    """A finding is a warning, and a part of the result."""
    found = plan(properties={"hw_disk_bus": "virtoi"}, validation="warn")
    assert operations(found) == {"/hw_disk_bus": ("add", "virtoi")}
    assert "virtoi" in found.warnings[0]
    assert found.after.as_result()["findings"] == list(found.warnings)


def test_off_asks_nothing_and_says_nothing() -> None:
    """Whatever it is."""
    odd = {"hw_disk_bus": "virtoi", "hw_acme": "big"}
    assert wish(properties=odd, validation="off").questions(STORED) == ()
    assert plan(properties=odd, validation="off").warnings == ()


def test_the_cloud_is_asked_where_the_tables_have_a_gap() -> None:
    """Its definitions answer for names and values; closed to us, the finding says so."""
    known, unknown = {"hw_disk_bus": "scsi"}, {"hw_acme": "big"}
    assert wish(properties=known).questions(STORED) == ()
    assert wish(properties=unknown | known).questions(STORED) == ("hw_acme",)
    assert plan(properties=unknown, seen=HardwareSeen(image=IMAGE, definitions=ACME)).changed
    for definitions, told in ((ACME, False), (None, True)):
        with pytest.raises(InvalidRequest) as refused:
            plan(
                properties={"hw_acme": "huge"},
                seen=HardwareSeen(image=IMAGE, definitions=definitions),
            )
        assert ("closed to this session" in refused.value.message) is told


def test_combinations_are_judged_as_they_will_stand() -> None:
    """What is removed counts no more, and what stands does."""
    stored = {"hw_disk_bus": "scsi", "hw_firmware_type": "uefi", "hw_machine_type": "q35"}
    image = HardwareSeen(image=Image(**_BASE, properties=stored))
    assert plan(properties={"hw_scsi_model": "virtio-scsi"}, seen=image).changed
    assert plan(properties={"os_secure_boot": "required"}, seen=image).changed
    with pytest.raises(InvalidRequest, match="os_secure_boot"):
        plan(
            properties={"os_secure_boot": "required", "hw_firmware_type": None},
            seen=image,
        )
    with pytest.raises(InvalidRequest, match="hw_scsi_model"):
        plan(properties={"hw_scsi_model": "virtio-scsi"})


def test_the_hypervisor_is_the_images_own() -> None:
    """As it will stand, unless the task names one for the check."""
    vmware = HardwareSeen(image=Image(**_BASE, properties={"hypervisor_type": "vmware"}))
    model = {"hw_vif_model": "VirtualVmxnet"}
    assert plan(properties=model, seen=vmware).changed
    assert plan(properties=model | {"hypervisor_type": "vmware"}).changed
    with pytest.raises(InvalidRequest, match="VirtualVmxnet"):
        plan(properties=model, seen=vmware, hypervisor="kvm")


@pytest.mark.parametrize("validation", ["strict", "warn", "off"])
@pytest.mark.parametrize(
    "name", ["os_hash_algo", "os_glance_x", "id", "stores", "owner", "curator_proof", "min_disk"]
)
def test_what_can_be_no_hardware_is_refused_in_any_case(name: str, validation: str) -> None:
    """Also where it is to be removed, and where a profile has it."""
    for value in ("x", None):
        with pytest.raises(InvalidRequest, match=name):
            wish(properties={name: value}, validation=validation)
    with pytest.raises(InvalidRequest, match=name):
        wish(profiles=["own"], profile_definitions={"own": {name: "x"}}, validation=validation)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"image": ""}, "image is empty"),
        ({"exact": True}, "exact is true without properties or profiles"),
        ({"profiles": ["virtoi"]}, "virtio"),
        ({"profile_definitions": {"own": ["x"]}}, "profile_definitions has a list for own"),
        ({"properties": {"hw_disk_bus": ["ide"]}}, "hw_disk_bus is a list"),
        ({"properties": {"": "x"}}, "empty name"),
        ({"properties": {"hw_\U0001f600": "x"}}, "cannot store"),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(options: dict[str, Any], message: str) -> None:
    """Before anything is asked of the cloud."""
    with pytest.raises(InvalidRequest, match=message):
        wish(**options)


def test_what_no_image_can_have_is_refused_before_there_is_one() -> None:
    """What only some hypervisor lacks, or another property would mend, may yet turn out right."""
    for options in (
        {"profiles": ["virtio", "uefi"]},
        {"profiles": ["legacy-ide", "uefi"], "properties": {"hw_disk_bus": "sata"}},
        {"profiles": ["vmware"]},
        {"properties": {"vmware_disktype": "sparse"}},
        {"properties": {"hw_disk_bus": "ide", "architecture": "aarch64"}},
        {"properties": {"hw_tpm_model": "tpm-crb"}},
        {"properties": {"hw_vif_model": "VirtualVmxnet"}},
        {"properties": {"hw_scsi_model": "virtio-scsi"}, "hypervisor": "kvm"},
        {"properties": {"hw_disk_bus": "floppy"}, "validation": "warn"},
    ):
        refuse_in_advance(wish(**options), None)
    with pytest.raises(InvalidRequest, match="floppy"):
        refuse_in_advance(wish(properties={"hw_disk_bus": "floppy"}), None)
    with pytest.raises(InvalidRequest, match="VirtualVmxnet"):
        refuse_in_advance(
            wish(properties={"hw_vif_model": "VirtualVmxnet"}, hypervisor="kvm"), None
        )


@pytest.mark.parametrize(
    "options, message",
    [
        ({"profiles": ["legacy-ide", "uefi"]}, "Set hw_disk_bus to sata"),
        ({"profiles": ["windows-legacy", "uefi-secureboot"]}, "Set hw_disk_bus to sata"),
        ({"properties": {"hw_cpu_cores": 4, "hw_cpu_max_cores": 2}}, "to at most 2"),
        ({"properties": {"architecture": "x86_64", "hw_architecture": "i686"}}, "passes over"),
        (
            {"properties": {"hw_firmware_type": "uefi", "hw_machine_type": "microvm"}},
            "no UEFI firmware for that board",
        ),
    ],
)
def test_what_a_task_contradicts_itself_is_refused_before_there_is_an_image(
    options: dict[str, Any], message: str
) -> None:
    """Nothing that the image may have would mend it; warn lets it pass, as ever."""
    with pytest.raises(InvalidRequest, match=message):
        refuse_in_advance(wish(**options), None)
    refuse_in_advance(wish(**options, validation="warn"), None)
