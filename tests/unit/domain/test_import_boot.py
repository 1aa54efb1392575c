# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How imported machines are booted, and which hardware is tried after the one that was chosen."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.checking import check
from ansible_collections.curator.glance.plugins.module_utils.domain.import_boot import (
    boot_check,
    hardware_to_try,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest


def tried(
    *profiles: str, own: dict[str, Any] | None = None, **properties: Any
) -> list[dict[str, Any]]:
    hardware = {"profiles": profiles, "properties": {**properties, **(own or {})}}
    return hardware_to_try(hardware, own or {}, {})


@pytest.mark.parametrize(
    "profiles, properties, buses",
    [
        (["virtio"], {}, ["virtio", "scsi", "ide"]),
        ([], {}, [None, "scsi", "ide"]),
        (["virtio-scsi"], {}, ["scsi", "ide"]),
        (["legacy-ide"], {}, ["ide"]),
        (["windows"], {}, ["scsi", "ide"]),
        (["virtio"], {"os_type": "windows"}, ["virtio", "ide"]),
        (["virtio", "uefi"], {}, ["virtio", "scsi", "sata"]),
        (["windows", "uefi"], {}, ["scsi", "sata"]),
        (["virtio"], {"hw_disk_bus": "scsi", "hw_scsi_model": "lsilogic"}, ["scsi", "ide"]),
        (["virtio"], {"architecture": "aarch64"}, ["virtio", "scsi"]),
        (["vmware"], {}, [None]),
        (["xen"], {}, ["xen"]),
    ],
)
def test_what_is_slower_comes_later(
    profiles: list[str], properties: dict[str, Any], buses: list[str | None]
) -> None:
    """By bus, from virtio to what every system has a driver for, on the board that it has."""
    found = tried(*profiles, **properties)
    assert [one["hardware"].get("hw_disk_bus") for one in found] == buses
    assert found[0]["profiles"] == profiles
    assert found[0]["properties"] == properties
    assert len({one["name"] for one in found}) == len(buses)
    for one in found[1:]:
        findings = check(one["hardware"], one["hardware"], hypervisor="kvm", definitions=None)
        assert [finding.message for finding in findings] == [], one


def test_what_the_user_names_stays() -> None:
    """A bus that is named is the only one; another property is that of all."""
    assert len(tried("virtio", own={"hw_disk_bus": "virtio"})) == 1
    found = tried("virtio", own={"hw_vif_model": "rtl8139"})
    assert {one["hardware"]["hw_vif_model"] for one in found} == {"rtl8139"}


def test_how_it_is_booted() -> None:
    """Of a machine that nobody knows a user of, the console is all that tells."""
    assert boot_check("no") == {}
    alone = {"expect": {"ssh": False}}
    assert boot_check("yes") == {"where": "cloud", "options": alone}
    assert boot_check({"where": "local", "ram": "512"}) == {
        "where": "local",
        "options": {"ram": 512, **alone},
    }
    known = {"user": "debian", "network": "n"}
    assert boot_check(known) == {"where": "cloud", "options": {"user": "debian", "network": ["n"]}}


@pytest.mark.parametrize(
    "given, message",
    [
        ({"flavour": "x"}, "import_vm_boot_check has no key 'flavour'. Write flavor."),
        ({"where": "here"}, "import_vm_boot_check.where is 'here'. Possible are cloud, local."),
        ("perhaps", "import_vm_boot_check is 'perhaps'. Give true or false."),
    ],
)
def test_what_cannot_be_meant(given: Any, message: str) -> None:
    """It is said before anything is fetched."""
    with pytest.raises(InvalidRequest) as caught:
        boot_check(given)
    assert caught.value.message == message
