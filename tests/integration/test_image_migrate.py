# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_migrate between two real clouds; what is stored is read with other clients."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.disks import gpt_disk
from support.messages import sentence
from support.migrating import forget, found, ok, some_bytes, stored
from support.openstack import openstack

MIB = 1 << 20
slow = pytest.mark.slow
PROPERTIES = {
    "os_distro": "debian",
    "hw_disk_bus": "scsi",
    "hw_scsi_model": "virtio-scsi",
    "a note": "with~signs/and more",
}
SITE = {"owner_specified.openstack.sha256": "x", "base_image_ref": "y", "curator_entry": "z"}


def qcow2(folder: Path) -> bytes:
    """A disk as clouds have many."""
    plain, disk = folder / "plain", folder / "disk"
    plain.write_bytes(gpt_disk())
    subprocess.run(["qemu-img", "convert", "-O", "qcow2", plain, disk], check=True)
    return disk.read_bytes()


def test_an_image_with_all_that_belongs_to_it(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """Foreseen, moved, and left alone the second time; seen by the openstack client."""
    data = some_bytes(3 * MIB)
    source = cloud.new_image(
        data=data,
        visibility="community",
        protected=True,
        os_hidden=True,
        min_disk=7,
        min_ram=512,
        tags=["a tag", "b:c"],
        **PROPERTIES,
        **SITE,
    )
    predicted = ok(migrate(image=source["id"], check=True, diff=True))
    assert (predicted["changed"], predicted["action"]) == (True, "created")
    assert found(cloud["elsewhere"], source["id"]) == []

    done = ok(migrate(image=source["id"], diff=True))
    assert done["diff"] == predicted["diff"]
    assert done["image"]["id"] == predicted["image"]["id"]
    assert {one["name"] for one in done["dropped"]} == {*SITE, "stores"}
    assert done["transfer"]["bytes"] == len(data)
    assert done["transfer"]["proven_by"] == "os_hash_value"
    here = openstack("provider", "image", "show", source["id"])
    there = openstack("elsewhere", "image", "show", done["image"]["id"])
    for name in ("name", "visibility", "protected", "min_disk", "min_ram", "size", "checksum"):
        assert there[name] == here[name], name
    for name in ("disk_format", "container_format", "status"):
        assert there[name] == here[name], name
    for name in ("os_hash_value", "os_hidden", *PROPERTIES):
        assert there["properties"][name] == here["properties"][name], name
    assert not (SITE.keys() - {"curator_entry"}) & there["properties"].keys()
    assert set(there["tags"]) == {"a tag", "b:c", "managed_by_curator"}
    assert there["properties"]["curator_migrated_from"] == f"provider/{source['id']}"
    assert stored(cloud, "elsewhere", there["id"]) == data

    with cloud.requests_seen("glance", "second") as seen:
        again = ok(migrate(image=source["id"], diff=True))
    assert (again["changed"], again["action"]) == (False, "unchanged")
    assert again["diff"] == {"before": {}, "after": {}}
    assert not [line for line in seen if not line.startswith("GET ")]
    assert not [line for line in seen if "/file" in line]


def test_what_was_renamed_there_is_there(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """Also what somebody else put there: content counts, and nothing of it is touched."""
    data = some_bytes(1000, seed=2)
    source = cloud.new_image(data=data)
    first = ok(migrate(image=source["id"]))["image"]["id"]
    rename = [{"op": "replace", "path": "/name", "value": "renamed"}]
    patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    cloud["elsewhere"].done("PATCH", f"/images/{first}", json=rename, headers=patch)
    again = ok(migrate(image=source["id"]))
    assert (again["changed"], again["image"]["id"]) == (False, first)
    assert "'renamed'" in again["warnings"][0]
    assert cloud["elsewhere"].image(first)["name"] == "renamed"

    foreign = cloud.new_image("elsewhere", data=some_bytes(1000, seed=3), os_hidden=True)
    twin = cloud.new_image(data=some_bytes(1000, seed=3))
    result = ok(migrate(image=twin["id"]))
    assert (result["changed"], result["image"]["id"]) == (False, foreign["id"])
    assert cloud["elsewhere"].image(foreign["id"]) == foreign


@slow
def test_images_that_share_their_bytes_are_all_brought(
    cloud: LoopbackCloud, migrate: RunModule
) -> None:
    """The same disk with other hardware is another image."""
    twins = [
        cloud.new_image(data=b"the same" * 100, hw_disk_bus=bus)["id"] for bus in ("scsi", "ide")
    ]
    ids = [ok(migrate(image=twin))["image"]["id"] for twin in twins]
    assert len(set(ids)) == len(twins)
    assert [cloud["elsewhere"].image(one)["hw_disk_bus"] for one in ids] == ["scsi", "ide"]
    assert not any(ok(migrate(image=twin))["changed"] for twin in twins)


def test_a_name_that_is_taken(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """An error that changes nothing; with rotate, the old one steps back."""
    source = cloud.new_image(data=b"new")
    old = cloud.new_image("elsewhere", data=b"old", name=source["name"])
    message = sentence(migrate(image=source["id"]))
    assert old["id"] in message
    assert "on_conflict" in message
    assert cloud["elsewhere"].image(old["id"]) == old
    assert found(cloud["elsewhere"], source["id"]) == []

    result = ok(
        migrate(image=source["id"], on_conflict="rotate", supersede={"rename": "{name} (old)"})
    )
    assert result["action"] == "rotated"
    assert result["previous"] == {"id": old["id"], "name": f"{source['name']} (old)"}
    assert cloud["elsewhere"].image(old["id"])["os_hidden"]
    again = ok(migrate(image=source["id"], on_conflict="rotate"))
    assert (again["changed"], again["previous"]) == (False, None)


def test_members_are_mapped(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """By name and by id, with their answers; who is not mapped is told."""
    projects = [cloud.new_project("elsewhere") for _n in range(2)]
    here = {name: cloud[name].project_id for name in ("customer_a", "customer_b", "publisher")}
    image = cloud.new_shared_image(
        customer_a="accepted", customer_b="rejected", publisher="accepted"
    )
    asked = {
        "image": image["id"],
        "project_map": {"customer_a": projects[0]["name"], here["customer_b"]: projects[1]["id"]},
    }
    result = ok(migrate(**asked))
    assert result["unmapped_members"] == [here["publisher"]]
    assert here["publisher"] in result["warnings"][0]
    there = cloud["elsewhere"].image(result["image"]["id"])
    assert there["visibility"] == "shared"
    listed = openstack("elsewhere", "image", "member", "list", there["id"])
    assert {one["Member ID"]: one["Status"] for one in listed} == {
        projects[0]["id"]: "accepted",
        projects[1]["id"]: "rejected",
    }
    assert not ok(migrate(**asked))["changed"]


@slow
def test_members_that_are_mapped_later(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """They are added; a project that does not exist is an error before anything is done."""
    image = cloud.new_shared_image(customer_a="accepted", publisher="accepted")
    projects = [cloud.new_project("elsewhere") for _n in range(2)]
    first = {"customer_a": projects[0]["name"]}
    there = ok(migrate(image=image["id"], project_map=first))["image"]["id"]
    more = {**first, "publisher": projects[1]["name"]}
    added = ok(migrate(image=image["id"], project_map=more))
    assert (added["changed"], added["action"], added["transfer"]) == (True, "unchanged", None)
    assert cloud["elsewhere"].members(there)[projects[1]["id"]] == "accepted"

    unknown = {"customer_a": "there is no such project"}
    other = cloud.new_shared_image(customer_a="accepted")
    assert "no such project" in sentence(migrate(image=other["id"], project_map=unknown))
    assert found(cloud["elsewhere"], other["id"]) == []


def test_kernel_and_ramdisk_come_first(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """They are named by the ids that they have there, and brought once for all that need them."""
    kernel, ramdisk = (
        cloud.new_image(
            data=kind.encode() * 100,
            name=f"{kind} {index}",
            disk_format=kind,
            container_format=kind,
        )
        for index, kind in enumerate(("aki", "ari"))
    )
    ids = {"kernel_id": kernel["id"], "ramdisk_id": ramdisk["id"]}
    images = [cloud.new_image(data=b"root" * index, **ids) for index in (1, 2)]
    try:
        there = [
            cloud["elsewhere"].image(ok(migrate(image=one["id"]))["image"]["id"]) for one in images
        ]
        (new_kernel,) = found(cloud["elsewhere"], kernel["id"])
        (new_ramdisk,) = found(cloud["elsewhere"], ramdisk["id"])
        for image in there:
            assert image["kernel_id"] == new_kernel["id"]
            assert image["ramdisk_id"] == new_ramdisk["id"]
        assert (new_kernel["disk_format"], new_kernel["container_format"]) == ("aki", "aki")
        assert stored(cloud, "elsewhere", new_ramdisk["id"]) == b"ari" * 100
        assert not ok(migrate(image=images[0]["id"]))["changed"]
    finally:
        forget(cloud, "elsewhere", kernel["id"], ramdisk["id"])


@slow
def test_a_kernel_that_is_gone(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """The image would not start: an error, unless the task says what to take."""
    gone = "11111111-2222-4333-8444-555555555555"
    image = cloud.new_image(kernel_id=gone)
    assert gone in sentence(migrate(image=image["id"]))
    result = ok(migrate(image=image["id"], properties={"kernel_id": None}))
    assert "kernel_id" not in result["image"]["properties"]


def test_converted_on_its_way(cloud: LoopbackCloud, migrate: RunModule, tmp_path: Path) -> None:
    """A qcow2 becomes raw, as qemu-img makes it; known again by where it came from."""
    source = cloud.new_image(
        data=qcow2(tmp_path), disk_format="qcow2", vmware_disktype="sparse", min_disk=0
    )
    asked = {"image": source["id"], "disk_format": "raw", "cache_dir": str(tmp_path / "cache")}
    predicted = ok(migrate(**asked, check=True, diff=True))
    result = ok(migrate(**asked, diff=True))
    assert result["diff"] == predicted["diff"]
    there = cloud["elsewhere"].image(result["image"]["id"])
    assert (there["disk_format"], there["size"], there["min_disk"]) == ("raw", 4 * MIB, 1)
    assert there["os_hash_value"] == hashlib.sha512(gpt_disk()).hexdigest()
    assert "vmware_disktype" not in there
    assert list((tmp_path / "cache").iterdir()) == []
    again = ok(migrate(**asked))
    assert (again["changed"], again["image"]["id"]) == (False, there["id"])
    # As it is, it is another image, and its name is taken.
    assert "on_conflict" in sentence(migrate(image=source["id"]))


@slow
def test_converted_where_it_is(cloud: LoopbackCloud, migrate: RunModule, tmp_path: Path) -> None:
    """The qcow2 steps back for its raw version, which is found by its name and by the old id."""
    source = cloud.new_image(data=qcow2(tmp_path), disk_format="qcow2")
    in_place = {
        "image": source["id"],
        "disk_format": "raw",
        "destination": {"cloud": "provider"},
        "on_conflict": "rotate",
    }
    raw = ok(migrate(**in_place))
    assert (raw["action"], raw["previous"]["id"]) == ("rotated", source["id"])
    assert [one["id"] for one in cloud.images_named(source["name"])] == [raw["image"]["id"]]
    for image in (source["id"], source["name"]):
        assert not ok(migrate(**{**in_place, "image": image}))["changed"]


@slow
def test_a_disk_that_lies(cloud: LoopbackCloud, migrate: RunModule, tmp_path: Path) -> None:
    """What names another file as its backing is not opened, whoever put it into the cloud."""
    disk = tmp_path / "disk"
    subprocess.run(["qemu-img", "create", "-f", "qcow2", disk, "1M"], check=True)
    base = ["-F", "raw", "-b", "/etc/hostname", "-u"]
    subprocess.run(["qemu-img", "rebase", "-f", "qcow2", *base, disk], check=True)
    # Glance takes it where it is said to be raw; then somebody says otherwise.
    source = cloud.new_image(data=None, disk_format="qcow2")
    octets = {"Content-Type": "application/octet-stream"}
    put = cloud["provider"].http(
        "PUT", f"/images/{source['id']}/file", data=disk.read_bytes(), headers=octets
    )
    if not put.ok:
        # Newer ones look into it themselves: then there is nothing to move.
        assert "queued" in sentence(migrate(image=source["id"], disk_format="raw"))
        return
    assert "backing" in sentence(migrate(image=source["id"], disk_format="raw"))


@pytest.mark.parametrize(
    "attributes, word",
    [
        ({"data": None}, "queued"),
        pytest.param({"data": b""}, "0 bytes", marks=slow),
        (
            {"data": b"", "block_device_mapping": '[{"snapshot_id": "x"}]'},
            "openstack image create --volume",
        ),
        pytest.param({"data": b"x", "cinder_encryption_key_id": "x"}, "encrypted", marks=slow),
    ],
)
def test_what_cannot_be_moved(
    cloud: LoopbackCloud, migrate: RunModule, attributes: dict[str, Any], word: str
) -> None:
    """A clear word, which comes before anything is done."""
    source = cloud.new_image(**attributes)
    assert word in sentence(migrate(image=source["id"], check=True))
    assert found(cloud["elsewhere"], source["id"]) == []


@slow
def test_a_deactivated_image(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """Its owner cannot read it; an administrator can."""
    source = cloud.new_image("customer_a", data=b"closed")
    cloud["customer_a"].done("POST", f"/images/{source['id']}/actions/deactivate")
    refused = migrate(image=source["id"], cloud="customer_a")
    assert "deactivated" in sentence(refused)
    assert found(cloud["elsewhere"], source["id"]) == []
    assert ok(migrate(image=source["id"]))["image"]["status"] == "active"


@slow
def test_a_limit_of_the_rate(cloud: LoopbackCloud, migrate: RunModule, tmp_path: Path) -> None:
    """It holds, that is what it promises; also for what is larger than what was read."""
    source = cloud.new_image(data=bytes(3 * MIB))
    transfer = ok(migrate(image=source["id"], rate_limit="2 MiB"))["transfer"]
    assert transfer["seconds"] >= 1.0
    disk = cloud.new_image(data=qcow2(tmp_path), disk_format="qcow2")
    transfer = ok(migrate(image=disk["id"], disk_format="raw", rate_limit="3 MiB"))["transfer"]
    assert (transfer["bytes"], transfer["seconds"] >= 1.0) == (4 * MIB, True)
