# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Named sets of hardware, and what they come to."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.checking import check
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.flags import canonical
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.hypervisors import (
    hypervisor_of,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.known import (
    is_hardware,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.profiles import (
    PROFILES,
    Profile,
    combined,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

NAMES = [profile.name for profile in PROFILES]
# What says all of a guest's devices, for QEMU.
DEVICES = ["virtio", "virtio-scsi", "legacy-ide", "windows", "windows-legacy", "minimal"]


def findings(properties: dict[str, Any], standing: dict[str, str] | None = None) -> list[str]:
    whole = dict(standing or {})
    for name, value in properties.items():
        whole.pop(name, None)
        if value is not None:
            whole[name] = canonical(name, value)
    found = check(properties, whole, hypervisor=hypervisor_of(whole), definitions=None)
    return [finding.message for finding in found]


def test_the_profiles_that_we_promise() -> None:
    """In the order in which they are documented."""
    assert NAMES == [
        "virtio",
        "virtio-scsi",
        "legacy-ide",
        "windows",
        "windows-legacy",
        "uefi",
        "uefi-secureboot",
        "vmware",
        "xen",
        "minimal",
    ]


@pytest.mark.parametrize("profile", PROFILES, ids=NAMES)
def test_a_profile_holds_together(profile: Profile) -> None:
    """It names hardware only, says why of each, and nothing is to be said against it."""
    assert profile.properties.keys() == profile.why.keys()
    assert all(profile.why.values())
    assert all(map(is_hardware, profile.properties))
    assert findings(dict(profile.properties)) == []
    for name, value in profile.properties.items():
        assert value is None or canonical(name, value) == value


@pytest.mark.parametrize("before", DEVICES)
@pytest.mark.parametrize("name", [*DEVICES, "vmware", "xen"])
def test_a_profile_takes_the_place_of_another(before: str, name: str) -> None:
    """Switching to another kind of guest leaves nothing behind that contradicts it."""
    standing = {n: v for n, v in combined([before], {}, {}).items() if v is not None}
    assert findings(combined([name], {}, {}), standing) == []


@pytest.mark.parametrize("firmware", ["uefi", "uefi-secureboot"])
@pytest.mark.parametrize("name", ["virtio", "virtio-scsi", "windows", "minimal"])
def test_firmware_goes_with_devices(firmware: str, name: str) -> None:
    """In either order."""
    for names in ([firmware, name], [name, firmware]):
        assert findings(combined(names, {}, {})) == []


def test_ide_and_uefi_contradict_each_other() -> None:
    """And the user is told, rather than given one of the two."""
    assert "IDE" in findings(combined(["legacy-ide", "uefi"], {}, {}))[0]


def test_later_profiles_win_and_properties_win_over_all() -> None:
    """What is taken back is removed, not left alone."""
    own: dict[str, dict[str, Any]] = {
        "house": {"hw_vif_model": "e1000", "hw_rng_model": None},
        "loud": {"hw_sound_model": "ich9"},
    }
    found = combined(["virtio", "house", "loud"], own, {"hw_sound_model": None, "hw_disk_bus": "x"})
    assert found["hw_vif_model"] == "e1000"
    assert found["hw_rng_model"] is None
    assert found["hw_sound_model"] is None
    assert found["hw_disk_bus"] == "x"
    assert combined(["house", "virtio"], own, {})["hw_rng_model"] == "virtio"
    assert combined([], own, {}) == {}


def test_a_users_own_profile_may_take_a_name_of_ours() -> None:
    """Theirs is what they mean."""
    assert combined(["virtio"], {"virtio": {"hw_boot_menu": True}}, {}) == {"hw_boot_menu": True}


def test_combining_changes_nobodys_data() -> None:
    """The tables are shared by all tasks of a process."""
    own: dict[str, dict[str, Any]] = {"house": {"hw_boot_menu": True}}
    explicit = {"hw_disk_bus": "ide"}
    combined(["house", "virtio"], own, explicit)["hw_disk_bus"] = "scsi"
    assert own == {"house": {"hw_boot_menu": True}}
    assert explicit == {"hw_disk_bus": "ide"}
    assert combined(["virtio"], {}, {})["hw_disk_bus"] == "virtio"


def test_an_unknown_profile_is_told_with_those_that_exist() -> None:
    """The user's own among them, and the closest one."""
    with pytest.raises(InvalidRequest) as refused:
        combined(["virtoi"], {"house": {}}, {})
    for word in ("'virtoi'", "legacy-ide", "house", "closest is virtio.", "profile_definitions"):
        assert word in refused.value.message
