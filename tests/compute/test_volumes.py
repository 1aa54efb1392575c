# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes on a real Cinder: images that some were made from stay; of others, images are made."""

from __future__ import annotations

from typing import Any

import pytest

from support.cloud import User
from support.compute import ComputeCloud
from support.disks import gpt_disk
from support.messages import sentence
from support.running import run_module
from support.versions import new_version
from support.waiting import until

GIB = 1 << 30
OF_THE_BASE: dict[str, Any] = {
    "os_distro": "debian",
    "hw_disk_bus": "ide",
    "curator_id": "another",
    "curator_state": "superseded",
}


def retire(image: dict[str, Any], **options: Any) -> dict[str, Any]:
    given = {"cloud": "provider", "image": image["id"], "level": "delete", **options}
    return run_module("image_retire", **given)


@pytest.mark.long
def test_an_image_that_a_volume_was_made_from(compute_cloud: ComputeCloud, name: str) -> None:
    """It stays as long as there is one, whoever has it; other images go without force."""
    cloud = compute_cloud.cloud
    image, spare = (
        new_version(cloud, name, "superseded", visibility="public") for _number in range(2)
    )
    own = new_version(cloud, name, "superseded", user="customer_a")
    of_all, of_own = (compute_cloud.new_volume(one["id"]) for one in (image, own))
    refused = retire(image, force=True)
    assert f"({of_all}) of project customer_a" in sentence(refused)
    assert refused["asked"] == {"servers": "all_projects", "volumes": "all_projects"}
    assert [(user["kind"], user["id"]) for user in refused["in_use"]] == [("volume", of_all)]
    assert retire(spare)["action"] == "deleted"
    # A member is told of its own, and whatever else its listing has is not taken for such.
    refused = retire(own, cloud="customer_a", force=True)
    assert [user["id"] for user in refused["in_use"]] == [of_own]
    assert refused["asked"] == {"servers": "own_project", "volumes": "own_project"}
    for volume in (of_all, of_own):
        compute_cloud.delete_volume(volume)
    assert "servers and volumes only" in sentence(retire(own, cloud="customer_a"))
    assert retire(own, cloud="customer_a", force=True)["action"] == "deleted"
    assert retire(image)["action"] == "deleted"


@pytest.mark.long
def test_an_image_of_a_volume(compute_cloud: ComputeCloud, name: str) -> None:
    """Predicted, made, found again; raw, with all of the volume's bytes, and ours."""
    owner = compute_cloud.cloud["customer_a"]
    data = gpt_disk()
    base = compute_cloud.cloud.new_image(data=data, visibility="public", **OF_THE_BASE)
    volume = compute_cloud.new_volume(base["id"], name=f"{name} root")

    def run(**options: Any) -> dict[str, Any]:
        result = run_module(
            "image_snapshot",
            cloud="customer_a",
            volume=f"{name} root",
            name=name,
            properties={"hw_disk_bus": "virtio"},
            **options,
        )
        if (result.get("image") or {}).get("id"):
            compute_cloud.cloud.forget_later("customer_a", result["image"]["id"])
        return result

    predicted = run(check=True)
    assert (predicted["changed"], predicted["image"]["id"]) == (True, None), predicted
    assert compute_cloud.cloud.images_named(name, "customer_a") == []
    done = run()
    assert (done["action"], done["transfer"]["method"]) == ("created", "cloud"), done
    (image,) = compute_cloud.cloud.images_named(name, "customer_a")
    assert (image["disk_format"], image["size"], image["visibility"]) == ("raw", GIB, "private")
    assert (image["os_distro"], image["hw_disk_bus"]) == ("debian", "virtio")
    assert (image["curator_source"], image["curator_id"]) == (f"volume/{volume}", image["id"])
    assert beginning(owner, image["id"], len(data)) == data
    again = run()
    assert (again["changed"], again["image"]["id"]) == (False, image["id"]), again
    assert compute_cloud.volume(volume)["status"] == "available"


@pytest.mark.long
def test_a_server_that_was_started_from_a_volume(compute_cloud: ComputeCloud, name: str) -> None:
    """Each message says what to do instead; in the end, the volume is alone and can be read."""
    base = compute_cloud.cloud.new_image(visibility="public")
    volume = compute_cloud.new_volume(base["id"])
    disk = {"boot_index": 0, "uuid": volume, "source_type": "volume", "destination_type": "volume"}
    server = compute_cloud.new_server("", name=f"{name} office", block_device_mapping_v2=[disk])
    refused = run_module("image_snapshot", cloud="customer_a", server=server["id"], name=name)
    assert f"Give the volume that it starts from as volume instead; it has {volume}" in sentence(
        refused
    )
    refused = run_module("image_snapshot", cloud="customer_a", volume=volume, name=name)
    assert "enable_force_upload" in sentence(refused)
    assert compute_cloud.cloud.left_of(name) == []
    compute_cloud.delete(server["id"])
    until(lambda: compute_cloud.volume(volume)["status"] == "available", "the volume is free")
    done = run_module("image_snapshot", cloud="customer_a", volume=volume, name=name)
    assert done["action"] == "created", done
    compute_cloud.cloud.forget_later("customer_a", done["image"]["id"])


def beginning(owner: User, image_id: str, length: int) -> bytes:
    """The first bytes of an image."""
    path = f"/images/{image_id}/file"
    answer = owner.http("GET", path, headers={"Range": f"bytes=0-{length - 1}"})
    return answer.content
