# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_info on a real Glance, compared with what the openstack client lists."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.openstack import openstack
from support.running import PATCHES


def ids(result: dict[str, Any]) -> set[str]:
    return {image["id"] for image in result["images"]}


@pytest.fixture
def tag() -> str:
    """A tag that only this test's images have."""
    return f"test-{uuid.uuid4().hex}"


def test_an_image_in_the_plain_shape(cloud: LoopbackCloud, find: RunModule) -> None:
    """Attributes, tags and properties as Glance has them, with members where it is shared."""
    image = cloud.new_image(tags=["b", "a"], hw_disk_bus="scsi", visibility="shared")
    a = cloud["customer_a"].project_id
    cloud["provider"].done("POST", f"/images/{image['id']}/members", json={"member": a})
    (shown,) = find(image=image["name"])["images"]
    for key in ("id", "name", "status", "owner", "size", "checksum", "os_hash_value", "min_disk"):
        assert shown[key] == image[key]
    assert shown["hidden"] is False
    assert shown["tags"] == ["a", "b"]
    assert shown["properties"] == {"hw_disk_bus": "scsi"}
    assert shown["members"] == [{"project_id": a, "status": "pending"}]


def test_filters_are_the_clouds(cloud: LoopbackCloud, find: RunModule, tag: str) -> None:
    """By attribute, property, tag, visibility and owner; and nothing found is no failure."""
    one = cloud.new_image(tags=[tag], os_distro="debian", protected=True)
    two = cloud.new_image(tags=[tag, "x"], os_distro="alpine", visibility="community")
    three = cloud.new_image("customer_a", tags=[tag])
    assert ids(find(tags=[tag])) == {one["id"], two["id"], three["id"]}
    assert ids(find(tags=[tag, "x"])) == {two["id"]}
    assert ids(find(tags=[tag], owner="provider")) == {one["id"], two["id"]}
    assert ids(find(tags=[tag], owner=cloud["customer_a"].project_id)) == {three["id"]}
    assert ids(find(tags=[tag], filters={"os_distro": "debian"})) == {one["id"]}
    assert ids(find(tags=[tag], filters={"protected": True})) == {one["id"]}
    both = f"in:{one['name']},{two['name']}"
    assert ids(find(tags=[tag], filters={"name": both})) == {one["id"], two["id"]}
    assert ids(find(tags=[tag], visibility="community")) == {two["id"]}
    assert find(filters={"name": "nothing is called that"})["images"] == []
    assert find(image="nothing is called that")["images"] == []
    assert find(image=str(uuid.uuid4()))["images"] == []
    assert find(image=one["id"], owner="customer_a")["images"] == []

    listed = openstack("provider", "image", "list", "--tag", tag)
    assert {image["ID"] for image in listed} == ids(find(tags=[tag]))


def test_hidden_images_need_a_listing_of_their_own(
    cloud: LoopbackCloud, find: RunModule, tag: str
) -> None:
    """Left out unless asked for."""
    shown = cloud.new_image(tags=[tag])
    hidden = cloud.new_image(tags=[tag], os_hidden=True)
    assert ids(find(tags=[tag])) == {shown["id"]}
    assert ids(find(tags=[tag], include_hidden=True)) == {shown["id"], hidden["id"]}


def test_a_consumer_finds_what_it_was_offered(
    cloud: LoopbackCloud, find: RunModule, tag: str
) -> None:
    """By its answer; community images of others only when they are asked for."""
    images = {}
    a = cloud["customer_a"]
    for status in ("accepted", "rejected", "pending"):
        image = cloud.new_image(tags=[tag], visibility="shared")
        path = f"/images/{image['id']}/members"
        cloud["provider"].done("POST", path, json={"member": a.project_id})
        a.done("PUT", f"{path}/{a.project_id}", json={"status": status})
        images[status] = image["id"]
    community = cloud.new_image(tags=[tag], visibility="community")

    mine = {"cloud": "customer_a", "tags": [tag]}
    assert ids(find(**mine)) == {images["accepted"]}
    for status, image_id in images.items():
        assert ids(find(**mine, member_status=status)) == {image_id}
    assert ids(find(**mine, member_status="all")) == set(images.values())
    assert ids(find(**mine, visibility="community")) == {community["id"]}
    assert community["id"] in ids(find(**mine, visibility="all"))
    name = cloud["provider"].image(images["pending"])["name"]
    assert ids(find(cloud="customer_a", image=name, member_status="pending")) == {images["pending"]}


def test_a_query_selects(cloud: LoopbackCloud, find: RunModule, tag: str) -> None:
    """JMESPath over the plain shape; its answer has a place of its own."""
    cloud.new_image(tags=[tag], data=b"\0" * 1000)
    cloud.new_image(tags=[tag], data=b"\0" * 2000, os_distro="debian")
    total = find(tags=[tag], query="sum([].size)")
    assert total["result"] == 3000
    assert "images" not in total
    named = find(tags=[tag], query="[?properties.os_distro == 'debian'].size")
    assert named["result"] == [2000]
    assert "no JMESPath" in find(query="[?")["msg"]


def test_pages_are_followed(
    cloud: LoopbackCloud, find: RunModule, tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More images than Glance gives at once; here with small pages, in the slow tests for real."""
    monkeypatch.setitem(PATCHES, ("module_utils.cloud.glance", "_PAGE"), "10")
    made = {cloud.new_image(data=None, tags=[tag])["id"] for _n in range(25)}
    with cloud.requests_seen("glance") as seen:
        assert ids(find(tags=[tag])) == made
    assert len([line for line in seen if line.startswith("GET /v2/images?")]) == 3
    # A filter by an empty value goes along to every page.
    assert find(tags=[tag], filters={"note": ""})["images"] == []
    empty = {cloud.new_image(data=None, tags=[tag], note="")["id"] for _n in range(12)}
    assert ids(find(tags=[tag], filters={"note": ""})) == empty


@pytest.mark.long
def test_more_images_than_a_page_has(cloud: LoopbackCloud, find: RunModule, tag: str) -> None:
    """Each once, where Glance gives a thousand at a time."""
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _n: cloud.new_image(data=None, tags=[tag])["id"], range(1100)))
    result = find(tags=[tag], filters={"status": "queued"})
    assert len(result["images"]) == 1100
    assert ids(result) == made
    assert find(tags=[tag], query="length(@)")["result"] == 1100


def test_where_the_data_is_on_clouds_that_show_it(cloud: LoopbackCloud, find: RunModule) -> None:
    """The second cloud shows direct_url; the first does not."""
    there = cloud.new_image("elsewhere")
    (shown,) = find(cloud="elsewhere", image=there["id"])["images"]
    assert shown["direct_url"] == there["direct_url"]
    here = cloud.new_image()
    (shown,) = find(image=here["id"])["images"]
    assert "direct_url" not in shown
