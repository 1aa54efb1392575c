# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is made of a machine: its images, their hardware, and why."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.import_plan import (
    plan_import,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.machine_list import machines_of

PROPOSAL: dict[str, Any] = {
    "profiles": ["legacy-ide", "uefi"],
    "properties": {
        "os_type": "linux",
        "hw_vif_model": "e1000",
        "hw_machine_type": "q35",
        "hw_disk_bus": "sata",
        "hw_cdrom_bus": "sata",
    },
    "min_ram": 2048,
    "min_disk": 8,
    "reasons": ["IDE, which nearly every guest has drivers for."],
}


def look(**facts: Any) -> dict[str, Any]:
    """What image_inspect says of a disk."""
    return {
        "safe": True,
        "verdict": "Nothing speaks against opening it.",
        "format": "vmdk",
        "virtual_size": 8 << 30,
        "member": None,
        "disks": [{"number": 1, "member": None}],
        "proposal": PROPOSAL,
        **facts,
    }


TWO = look(
    member="b.vmdk", disks=[{"number": 1, "member": "b.vmdk"}, {"number": 2, "member": "a.vmdk"}]
)


def planned(*looks: dict[str, Any], allowed: tuple[str, ...] = (), **keys: Any) -> dict[str, Any]:
    (machine,) = machines_of([{"name": "Wiki", "source": "/srv/wiki.ova", **keys}])
    ours = {"ours": {"hw_disk_bus": "scsi"}}
    return plan_import(machine, looks, allowed_formats=allowed, profile_definitions=ours)


def test_the_proposal_is_taken() -> None:
    """With auto, hardware and memory are what is proposed, and for its reasons."""
    plan = planned(look())
    assert plan["hardware"] == {
        "profiles": ["legacy-ide", "uefi"],
        "properties": PROPOSAL["properties"],
    }
    assert (plan["chosen_by"], plan["reasons"]) == ("proposal", PROPOSAL["reasons"])
    (disk,) = plan["disks"]
    assert disk == {"number": 1, "name": "Wiki", "properties": {}, "min_ram": 2048}


def test_properties_of_the_import_win_over_the_proposal() -> None:
    """Hardware that is named counts most; other properties go along with the upload."""
    plan = planned(look(), properties={"hw_vif_model": "virtio", "team": "it"}, min_ram=1024)
    assert plan["hardware"]["properties"] == {**PROPOSAL["properties"], "hw_vif_model": "virtio"}
    assert plan["disks"][0]["properties"] == {"team": "it"}
    assert plan["disks"][0]["min_ram"] == 1024


def test_profiles_of_the_import_win() -> None:
    """Proposed hardware is left alone then; which system it is was found, and stays."""
    plan = planned(look(), profile=["virtio"])
    assert plan["hardware"] == {
        "profiles": ["virtio"],
        "properties": {"os_type": "linux"},
    }
    assert plan["chosen_by"] == "import"
    assert "Proposed was legacy-ide, uefi." in plan["reasons"]


def test_a_machine_of_two_disks() -> None:
    """Each is an image, in the order of the description; what servers need is said of the first."""
    plan = planned(TWO, look(member="a.vmdk"), min_disk=20, expires="2027-06-30")
    first, second = plan["disks"]
    assert [first["name"], second["name"]] == ["Wiki", "Wiki disk 2"]
    assert [first["member"], second["member"]] == ["b.vmdk", "a.vmdk"]
    assert first["properties"] == {"provided_until": "2027-06-30", "import_vm_disk": "1"}
    assert second["properties"] == {"provided_until": "2027-06-30", "import_vm_disk": "2"}
    assert (first["min_disk"], first["min_ram"]) == (20, 2048)
    assert not {"min_disk", "min_ram"} & second.keys()


def test_one_disk_of_several() -> None:
    """Whoever names a member wants that one, under the plain name."""
    (disk,) = planned(TWO, member="a.vmdk")["disks"]
    assert disk["name"] == "Wiki"
    assert disk["member"] == "a.vmdk"
    assert disk["properties"] == {}


def test_what_speaks_against_it() -> None:
    """A refused disk, and one in a format that is not allowed; each of several by its name."""
    bad = look(member="a.vmdk", safe=False, verdict="It is larger than max_virtual_size allows.")
    assert planned(look(), allowed=("vmdk",))["faults"] == []
    assert planned(TWO, bad)["faults"] == [
        "a.vmdk: It is larger than import_vm_max_size allows.",
    ]
    (fault,) = planned(look(), allowed=("raw", "qcow2"))["faults"]
    assert "The disk is vmdk, and import_vm_allowed_formats has raw, qcow2" in fault


@pytest.mark.parametrize(
    "keys, says",
    [
        ({"profile": ["virtoi"]}, "The closest is virtio"),
        ({"profile": ["legacy-ide", "uefi"]}, "Such a board has no IDE bus"),
        ({"properties": {"hw_vif_model": "e1000f"}, "hypervisor": "kvm"}, ""),
        ({"properties": {"hw_disk_bus": "ide"}}, "Such a board has no IDE bus"),
        ({"properties": {"hw_vif_multiqueue_enabled": "perhaps"}}, "hw_vif_multiqueue_enabled"),
        ({"profile": ["virtio"], "hypervisor": "vmware"}, "vmware does not have"),
    ],
)
def test_hardware_that_cannot_be(keys: dict[str, Any], says: str) -> None:
    """It is refused before a byte moves, save what the cloud's own definitions may have."""
    faults = planned(look(), **keys)["faults"]
    assert bool(faults) is bool(says)
    assert says in " ".join(faults)


def test_hardware_that_is_let_through() -> None:
    """Profiles of the user's own, what is only warned of, and what the source may complete."""
    assert planned(look(), profile=["ours"])["faults"] == []
    assert planned(look(), profile=["legacy-ide", "uefi"], validation="warn")["faults"] == []
    half = {"hw_scsi_model": "virtio-scsi", "hw_disk_bus": "ide"}
    assert planned(look(), properties=half)["faults"] != []
    assert planned(properties=half)["faults"] == []
    assert planned(properties={"hw_vif_multiqueue_enabled": "perhaps"})["faults"] != []


@pytest.mark.parametrize("min_disk, faults", [(7, 1), (8, 0), (0, 1)])
def test_a_disk_that_is_too_small(min_disk: int, faults: int) -> None:
    """A smallest disk that the disk does not fit on is a fault in check mode as well."""
    told = planned(look(), min_disk=min_disk)["faults"]
    assert len(told) == faults
    assert all("Give at least 8" in fault for fault in told)


def test_a_source_that_is_not_here() -> None:
    """In check mode, an upload of one disk is foreseen, and no hardware."""
    plan = planned()
    assert plan["hardware"] == {"profiles": [], "properties": {}}
    assert [disk["name"] for disk in plan["disks"]] == ["Wiki"]
    assert (plan["faults"], plan["reasons"]) == ([], [])
