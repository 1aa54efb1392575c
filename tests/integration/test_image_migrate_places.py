# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where image_migrate brings images: other projects, several places, and where it may not."""

from __future__ import annotations

import json

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.messages import sentence
from support.migrating import forget, found, ok, some_bytes, stored

MIB = 1 << 20
slow = pytest.mark.slow


@slow
def test_from_project_to_project(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """Of one cloud: ids are Glance's, so the copy has another; both know what is theirs."""
    source = cloud.new_image("customer_a", data=b"mine" * 10)
    asked = {"image": source["id"], "cloud": "customer_a", "destination": {"cloud": "customer_b"}}
    copy = ok(migrate(**asked))["image"]
    assert copy["id"] != source["id"]
    assert copy["owner"] == cloud["customer_b"].project_id
    assert stored(cloud, "customer_b", copy["id"]) == b"mine" * 10
    assert not ok(migrate(**asked))["changed"]
    assert not cloud["customer_a"].sees(copy["id"])


def test_a_copy_under_another_name(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """In the same project: the image itself is not its copy, and the copy is found again."""
    source = cloud.new_image(data=b"disk" * 10, hw_disk_bus="ide")
    name = f"{source['name']} (virtio)"
    asked = {
        "image": source["id"],
        "destination": {"name": name},
        "properties": {"hw_disk_bus": "virtio"},
    }
    copy = ok(migrate(**asked))["image"]
    assert (copy["name"], copy["properties"]["hw_disk_bus"]) == (name, "virtio")
    assert not ok(migrate(**asked))["changed"]
    assert cloud["provider"].image(source["id"]) == source
    itself = ok(migrate(image=source["id"], destination={"cloud": "provider"}))
    assert (itself["changed"], itself["image"]["id"]) == (False, source["id"])


@slow
def test_given_away(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """An administrator makes it in its own project and gives it away, proven; also to several."""
    source = cloud.new_image(data=b"theirs")
    users = ("customer_a", "customer_b")
    destination = {"cloud": "provider", "visibility": "private"}
    asked = {
        "image": source["id"],
        "destinations": [{**destination, "project": user} for user in users],
    }
    results = ok(migrate(**asked))["results"]
    for user, result in zip(users, results, strict=True):
        given = result["image"]
        assert given["owner"] == cloud[user].project_id
        assert cloud[user].image(given["id"])["visibility"] == "private"
        assert stored(cloud, user, given["id"]) == b"theirs"
    assert not ok(migrate(**asked))["changed"]


def test_what_policy_does_not_allow(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """Public at the source is private where that is not allowed; asked for, it is an error."""
    source = cloud.new_image(data=b"public", visibility="public")
    destination = {"cloud": "customer_a"}
    message = sentence(
        migrate(image=source["id"], destination={**destination, "visibility": "public"})
    )
    assert "publicize_image" in message
    assert found(cloud["customer_a"], source["id"]) == []
    result = ok(migrate(image=source["id"], destination=destination))
    assert result["image"]["visibility"] == "private"
    assert "private there" in result["warnings"][0]
    assert not ok(migrate(image=source["id"], destination=destination))["changed"]


def test_to_several_places_in_one_reading(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """One that fails stops nobody, and the task says which it was."""
    data = some_bytes(5 * MIB, seed=4)
    source = cloud.new_image(data=data, visibility="community")
    destinations = [
        {"cloud": "elsewhere"},
        {"cloud": "nowhere"},
        {"cloud": "customer_a", "visibility": "private"},
        {"cloud": "customer_b", "visibility": "public"},
    ]
    with cloud.requests_seen("glance") as seen:
        failed = migrate(image=source["id"], destinations=destinations)
    message = sentence(failed)
    assert "2 of 4 destinations failed" in message
    assert "nowhere: " in message
    assert "customer_b: " in message
    assert failed["changed"]
    assert [one["action"] for one in failed["results"]] == [
        "created",
        "failed",
        "created",
        "failed",
    ]
    assert len([line for line in seen if line.startswith("GET") and "/file" in line]) == 1
    for result, user in zip(failed["results"][::2], ("elsewhere", "customer_a"), strict=True):
        assert result["destination"] == user
        assert stored(cloud, user, result["image"]["id"]) == data
    assert found(cloud["customer_b"], source["id"]) == []

    again = ok(migrate(image=source["id"], destinations=destinations[::2]))
    assert not again["changed"]
    assert [one["action"] for one in again["results"]] == ["unchanged", "unchanged"]
    twice = sentence(migrate(image=source["id"], destinations=[destinations[0]] * 2))
    assert "twice" in twice


@slow
def test_two_copies_have_one_kernel(cloud: LoopbackCloud, migrate: RunModule, name: str) -> None:
    """Two images of one place that need the same one are not in each other's way."""
    kernel = cloud.new_image(
        data=some_bytes(MIB, seed=6), disk_format="aki", container_format="aki"
    )
    source = cloud.new_image(data=b"root", kernel_id=kernel["id"])
    destinations = [{"cloud": "elsewhere", "name": f"{name} {which}"} for which in "ab"]
    try:
        results = ok(migrate(image=source["id"], destinations=destinations))["results"]
        (there,) = found(cloud["elsewhere"], kernel["id"])
        for result in results:
            assert result["image"]["properties"]["kernel_id"] == there["id"]
    finally:
        forget(cloud, "elsewhere", kernel["id"])


@slow
def test_the_clouds_talk_to_each_other(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """Where the destination may fetch the image itself, no byte comes through here."""
    source = cloud.new_image(data=some_bytes(2 * MIB, seed=5), visibility="public", hw_a="1")
    asked = {
        "image": source["id"],
        "method": "server",
        "destination": {"cloud": "customer_a", "region_name": "RegionOne"},
        "properties": {"hw_a": None},
    }
    result = ok(migrate(**asked))
    assert result["transfer"]["method"] == "server"
    there = cloud["customer_a"].image(result["image"]["id"])
    assert there["os_hash_value"] == source["os_hash_value"]
    assert "hw_a" not in there
    assert not ok(migrate(**asked))["changed"]

    far = migrate(image=source["id"], method="server")
    assert "method: stream" in sentence(far)
    assert found(cloud["elsewhere"], source["id"]) == []


def test_no_password_is_shown(cloud: LoopbackCloud, migrate: RunModule) -> None:
    """Neither the source's nor the destinations', as dicts, in success and in failure."""
    source = cloud.new_image(data=b"x")
    there, here = cloud.auth("elsewhere"), cloud.auth("provider")
    destinations = [{"auth": there}, {"cloud": {"auth": {**here, "password": "wrong-hunter2"}}}]
    result = migrate(
        image=source["id"],
        cloud={"auth": here},
        destinations=destinations,
    )
    shown = json.dumps(result)
    assert "elsewhere at" in shown
    for secret in (there["password"], here["password"], "wrong-hunter2"):
        assert secret not in shown


def test_an_image_that_is_not_there_yet(migrate: RunModule, name: str) -> None:
    """An error; in check mode an earlier task makes it."""
    assert name in sentence(migrate(image=name))
    predicted = ok(migrate(image=name, check=True))
    assert (predicted["changed"], predicted["image"]) == (True, None)
