# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which image a name means, on a cloud where others use the same names."""

from __future__ import annotations

from integration.conftest import RunModule
from support.cloud import LoopbackCloud


def test_a_customers_private_image_of_the_name_disturbs_nothing(
    cloud: LoopbackCloud, describe: RunModule, find: RunModule
) -> None:
    """The admin's listing shows it, and no task takes it for the provider's."""
    own = cloud.new_image()
    foreign = cloud.new_image("customer_a", name=own["name"])
    assert cloud["provider"].sees(foreign["id"], name=own["name"])

    changed = describe(image=own["name"], properties={"note": "mine"})
    assert changed["image"]["id"] == own["id"]
    assert "note" not in cloud["customer_a"].image(foreign["id"])
    assert [image["id"] for image in find(image=own["name"])["images"]] == [own["id"]]

    alone = cloud.new_image("customer_a")
    lost = describe(image=alone["name"], properties={"note": "mine"})
    assert "no image" in lost["msg"]
    assert "note" not in cloud["customer_a"].image(alone["id"])
    # By its id an administrator means it.
    assert describe(image=alone["id"], properties={"note": "meant"})["changed"]


def test_what_others_share_with_others_is_not_meant_either(
    cloud: LoopbackCloud, describe: RunModule, share: RunModule, find: RunModule
) -> None:
    """Shared is what Glance makes of an image that nobody said anything of."""
    foreign = cloud.new_image("customer_a", visibility="shared")
    name = foreign["name"]
    assert "no image" in describe(image=name, properties={"note": "mine"})["msg"]
    assert "no image" in share(image=name, projects=["customer_b"])["msg"]
    assert find(image=name)["images"] == []
    cloud.new_image("customer_b", name=name, visibility="shared")
    public = cloud.new_image("publisher", name=name, visibility="public")
    assert [image["id"] for image in find(image=name)["images"]] == [public["id"]]
    # Shared with us, it is.
    offered = cloud.new_image("customer_a", visibility="shared")
    path = f"/images/{offered['id']}/members"
    cloud["customer_a"].done("POST", path, json={"member": cloud["provider"].project_id})
    assert [image["id"] for image in find(image=offered["name"])["images"]] == [offered["id"]]


def test_duplicates_are_listed_and_never_guessed(
    cloud: LoopbackCloud, describe: RunModule, share: RunModule
) -> None:
    """Two of the name, and the task touches neither."""
    first = cloud.new_image()
    second = cloud.new_image(name=first["name"])
    ids = sorted([first["id"], second["id"]])
    for result in (
        describe(image=first["name"], hidden=True),
        share(image=first["name"], projects=["customer_a"]),
        describe(image=first["name"], hidden=True, check=True),
    ):
        assert result["failed"]
        assert result["candidates"] == ids
        assert all(image_id in result["msg"] for image_id in ids)
    assert not cloud["provider"].image(first["id"])["os_hidden"]


def test_a_hidden_image_makes_way_and_is_found_when_alone(
    cloud: LoopbackCloud, describe: RunModule
) -> None:
    """Stepping back keeps an older image of the name from standing in the way."""
    old = cloud.new_image(os_hidden=True)
    assert describe(image=old["name"], properties={"note": "x"})["image"]["id"] == old["id"]
    new = cloud.new_image(name=old["name"])
    assert describe(image=old["name"], properties={"note": "x"})["image"]["id"] == new["id"]


def test_names_that_look_like_operators(
    cloud: LoopbackCloud, describe: RunModule, find: RunModule
) -> None:
    """Colons, commas and quotes are parts of a name."""
    for name in ("in:a,b", "gt:3", "os: debian", 'x: "y"', "ünï 'cödé' 日本", "100%&a=b#c"):
        image = cloud.new_image(name=name)
        assert describe(image=name, hidden=True)["image"]["id"] == image["id"], name
        assert [shown["id"] for shown in find(image=name)["images"]] == [image["id"]], name


def test_a_hidden_image_of_others_is_found_by_name(cloud: LoopbackCloud, find: RunModule) -> None:
    """By those who may use it, when no visible one has the name."""
    hidden = cloud.new_image(visibility="public", os_hidden=True)
    (found,) = find(cloud="customer_a", image=hidden["name"])["images"]
    assert found["id"] == hidden["id"]


def test_what_others_publish_is_found_by_name(cloud: LoopbackCloud, find: RunModule) -> None:
    """After one's own; and an id reaches whatever the session may see."""
    public = cloud.new_image(visibility="public")
    (found,) = find(cloud="customer_b", image=public["name"])["images"]
    assert found["id"] == public["id"]
    own = cloud.new_image("customer_b", name=public["name"])
    (found,) = find(cloud="customer_b", image=public["name"])["images"]
    assert found["id"] == own["id"]
    (found,) = find(cloud="customer_b", image=public["id"])["images"]
    assert found["id"] == public["id"]
