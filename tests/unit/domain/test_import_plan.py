# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is made of a machine: its images, their hardware, and why."""

from __future__ import annotations

from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.domain.import_plan import (
    plan_import,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.machine_list import machines_of

PROPOSAL = {
    "profiles": ["legacy-ide", "uefi"],
    "properties": {"os_type": "linux", "hw_vif_model": "e1000"},
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
    return plan_import(machine, looks, allowed_formats=allowed)


def test_the_proposal_is_taken() -> None:
    """With auto, hardware and memory are what is proposed, and for its reasons."""
    plan = planned(look())
    assert plan["hardware"] == {
        "profiles": ["legacy-ide", "uefi"],
        "properties": {"os_type": "linux", "hw_vif_model": "e1000"},
    }
    assert (plan["chosen_by"], plan["reasons"]) == ("proposal", PROPOSAL["reasons"])
    (disk,) = plan["disks"]
    assert disk == {"number": 1, "name": "Wiki", "properties": {}, "min_ram": 2048}


def test_properties_of_the_import_win_over_the_proposal() -> None:
    """Hardware that is named counts most; other properties go along with the upload."""
    plan = planned(look(), properties={"hw_vif_model": "virtio", "team": "it"}, min_ram=1024)
    assert plan["hardware"]["properties"] == {"os_type": "linux", "hw_vif_model": "virtio"}
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


def test_a_source_that_is_not_here() -> None:
    """In check mode, an upload of one disk is foreseen, and no hardware."""
    plan = planned()
    assert plan["hardware"] == {"profiles": [], "properties": {}}
    assert [disk["name"] for disk in plan["disks"]] == ["Wiki"]
    assert (plan["faults"], plan["reasons"]) == ([], [])
