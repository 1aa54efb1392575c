# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_inspect, as a task runs it; no cloud is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from integration.conftest import RunModule
from support.disks import Workshop, gpt_disk, tar
from support.hostile_disks import DISKS
from support.ovas import Fault, vmware_ova
from support.running import run_module


@pytest.fixture
def inspect() -> RunModule:
    """Run image_inspect."""

    def run(**options: Any) -> dict[str, Any]:
        return run_module("image_inspect", **options)

    return run


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop for disks."""
    return Workshop(tmp_path)


def test_a_safe_disk(shop: Workshop, inspect: RunModule) -> None:
    """All that is known of it; the same in check mode, and nothing changes."""
    path = shop.disk("qcow2")
    expected = {
        "changed": False,
        "format": "qcow2",
        "virtual_size": len(gpt_disk()),
        "file_size": path.stat().st_size,
        "safe": True,
        "verdict": "Nothing speaks against opening it.",
        "reasons": [],
        "packing": [],
        "member": None,
        "members": [],
        "partition_table": "gpt",
        "firmware": ["bios", "uefi"],
        "machine": None,
        "disks": [
            {
                "number": 1,
                "member": None,
                "size": path.stat().st_size,
                "capacity": len(gpt_disk()),
                "bus": None,
            }
        ],
    }
    for check in (False, True):
        result = inspect(path=str(path), check=check)
        assert {key: result[key] for key in expected} == expected
        assert result["proposal"]["profiles"] == ["legacy-ide"]
        assert result["proposal"]["min_disk"] == 1
        assert all(reason.endswith(".") for reason in result["proposal"]["reasons"])


def test_a_disk_in_an_archive(shop: Workshop, inspect: RunModule) -> None:
    """Its members are listed; which one is the disk may have to be said, where nothing says it."""
    disk = shop.disk("vmdk-streamOptimized").read_bytes()
    path = shop.file("vm.ova", tar({"vm.ovf": b"<Envelope/>", "1.vmdk": disk, "2.vmdk": disk}))
    asked = inspect(path=str(path))
    assert not asked["safe"]
    assert "1.vmdk, 2.vmdk" in asked["verdict"]
    assert [member["name"] for member in asked["members"]] == ["vm.ovf", "1.vmdk", "2.vmdk"]
    told = inspect(path=str(path), member="2.vmdk")
    assert told["safe"]
    assert (told["format"], told["packing"], told["member"]) == ("vmdk", ["tar"], "2.vmdk")
    assert inspect(path=str(path), member="3.vmdk")["failed"]


def test_a_machine_of_two_disks(shop: Workshop, inspect: RunModule) -> None:
    """What it was, which disks there are, and what is proposed; each disk can be judged."""
    disks = [shop.disk("vmdk-streamOptimized")] * 2
    path = vmware_ova(
        shop.folder / "shop.ova",
        disks,
        firmware="efi",
        memory=4096,
        guest="windows2019srv_64Guest",
    )
    told = inspect(path=str(path))
    assert told["safe"]
    assert told["member"] == "shop-disk1.vmdk"
    assert told["machine"]["name"] == "web01"
    assert told["machine"]["os"]["distro"] == "windows"
    assert told["machine"]["disks"][0]["controller"] == "pvscsi"
    assert [disk["member"] for disk in told["disks"]] == ["shop-disk1.vmdk", "shop-disk2.vmdk"]
    assert told["proposal"] == {
        "profiles": ["windows-legacy", "uefi"],
        "properties": {
            "architecture": "x86_64",
            "hw_cdrom_bus": "sata",
            "hw_disk_bus": "sata",
            "hw_machine_type": "q35",
            "os_distro": "windows",
            "os_type": "windows",
            "os_version": "2019",
        },
        "min_ram": 4096,
        "min_disk": 1,
        "reasons": told["proposal"]["reasons"],
    }
    second = inspect(path=str(path), member=told["disks"][1]["member"])
    assert second["safe"]
    assert second["member"] == "shop-disk2.vmdk"
    assert second["disks"] == told["disks"]
    assert (second["proposal"]["profiles"], second["proposal"]["min_disk"]) == ([], 1)


@pytest.mark.parametrize(
    "fault, says",
    [
        (Fault.OUTSIDE, "outside of the archive"),
        (Fault.MISSING_DISK, "not in the archive"),
        (Fault.WRONG_MANIFEST, "its manifest says"),
        (Fault.SEVERAL_MACHINES, "several machines: web01, database"),
    ],
)
def test_a_machine_that_is_refused(
    shop: Workshop, inspect: RunModule, fault: Fault, says: str
) -> None:
    """Nothing is proposed for it."""
    disks = [shop.disk("vmdk-streamOptimized")]
    refused = inspect(path=str(vmware_ova(shop.folder / "shop.ova", disks, fault=fault)))
    assert not refused["safe"]
    assert says in refused["verdict"]
    assert refused["proposal"]["profiles"] == []


def test_a_refused_disk_is_no_failure(shop: Workshop, inspect: RunModule) -> None:
    """The task says why, and goes on."""
    made = DISKS["qcow2 that would read a file of this host"].make(shop)
    assert isinstance(made, bytes)
    result = inspect(path=str(shop.file("disk.qcow2", made)))
    assert "failed" not in result or not result["failed"]
    assert not result["safe"]
    assert "backing file (/etc/passwd)" in result["reasons"][0]
    assert result["verdict"] == result["reasons"][0]


def test_what_the_task_says_of_it(shop: Workshop, inspect: RunModule) -> None:
    """A format and a limit, in the words that people use."""
    path = str(shop.disk("qcow2"))
    assert inspect(path=path, format="qcow2", max_virtual_size="4 MiB")["safe"]
    assert "is qcow2" in inspect(path=path, format="raw")["verdict"]
    assert "no more than 3 MiB" in inspect(path=path, max_virtual_size="3M")["verdict"]


@pytest.mark.parametrize(
    "options, says",
    [
        ({"path": "/no/such/file"}, "No such file"),
        ({"path": "/"}, "Is a directory"),
        ({"path": "/etc/hosts", "max_virtual_size": "large"}, "is no size"),
        ({"path": "/etc/hosts", "format": "vpc"}, "value of format must be one of"),
    ],
)
def test_errors(inspect: RunModule, options: dict[str, str], says: str) -> None:
    """What is no file cannot be judged."""
    result = inspect(**options)
    assert result["failed"]
    assert says in result["msg"]
