# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_publish on a real Glance; what is stored is read back over plain HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.faults import sent
from support.messages import sentence
from support.proxy import behind, proxy
from support.running import run_module
from support.sources import Offer, new_release, same_bytes
from support.versions import new_version, snapshot_of
from support.watching import watched

SHOW = "PATCH /v2/images/"
DEBIAN = {"os_distro": "debian", "architecture": "x86_64", "os_purpose": "generic"}


@pytest.fixture
def publish(cloud: LoopbackCloud) -> RunModule:  # noqa: ARG001  # Its environment is set up there.
    """Run image_publish."""

    def run(**options: Any) -> dict[str, Any]:
        return run_module("image_publish", **{"cloud": "provider", **options})

    return run


def ok(result: dict[str, Any]) -> dict[str, Any]:
    """The result of a task that did not fail."""
    assert not result.get("failed"), result
    return result


def test_from_a_release_to_the_next(
    cloud: LoopbackCloud, upload: Any, publish: RunModule, offer: Offer
) -> None:
    """Staged by an upload, published, rotated; and the next upload finds all as it should be."""
    first = upload(**offer.asked(publish=False))["image"]["id"]
    published = ok(publish(image=first, visibility="public"))
    assert (published["changed"], published["action"]) == (True, "published")
    assert published["previous"] is None
    new_release(offer.release.folder, offer.release.name, seed=2)
    second = upload(**offer.asked(publish=False))["image"]["id"]
    with watched(cloud["customer_a"], offer.name) as watch:
        rotated = ok(publish(image=second))
    watch.assert_never_none()
    assert watch.ids == {first, second}
    assert rotated["action"] == "rotated"
    new, old = (cloud["provider"].image(image_id) for image_id in (second, first))
    assert (new["name"], new["visibility"]) == (offer.name, "public")
    assert (new["curator_state"], new["curator_supersedes"]) == ("published", first)
    assert new["curator_published_at"] <= old["curator_stepped_back_at"]
    assert rotated["previous"] == {"id": first, "name": old["name"]}
    assert (old["name"], old["os_hidden"]) == (f"{offer.name} {old['created_at'][:10]}", True)
    assert (old["visibility"], old["curator_state"]) == ("public", "superseded")
    assert same_bytes(old, offer.release.raw)
    again = upload(**offer.asked())
    assert (again["changed"], again["image"]["id"]) == (False, second)


def test_predicted_done_and_done_again(cloud: LoopbackCloud, publish: RunModule, name: str) -> None:
    """Check mode changes nothing and tells the same; as few requests as it takes."""
    old = new_version(cloud, name, "published", visibility="public")
    new = new_version(cloud, name, "staged")
    predicted = ok(publish(image=new["id"], check=True, diff=True))
    assert predicted["changed"]
    assert [cloud["provider"].image(image["id"]) for image in (new, old)] == [new, old]
    with cloud.requests_seen("glance") as seen:
        done = ok(publish(image=new["id"], diff=True))
    assert [line for line in seen if line.startswith(SHOW)] == [
        f"PATCH /v2/images/{new['id']}",
        f"PATCH /v2/images/{old['id']}",
    ]
    assert done["diff"] == predicted["diff"]
    assert done["diff"]["after"]["previous"]["hidden"]
    assert (done["action"], done["previous"]) == (predicted["action"], predicted["previous"])
    with cloud.requests_seen("glance") as seen:
        again = ok(publish(image=new["id"], diff=True))
    assert (again["changed"], again["action"], again["previous"]) == (False, "unchanged", None)
    assert again["diff"] == {"before": {}, "after": {}}
    assert [line.partition("?")[0] for line in seen if line != "GET /"] == [
        f"GET /v2/images/{new['id']}",
        "GET /v2/images",
    ]


def test_a_rollback(cloud: LoopbackCloud, publish: RunModule, name: str) -> None:
    """What stepped back can step forward: the same thing the other way round."""
    old = new_version(cloud, name, "superseded", visibility="public")
    new = new_version(cloud, name, "published", visibility="public")
    assert ok(publish(image=old["id"]))["previous"]["id"] == new["id"]
    assert [image["id"] for image in cloud.images_named(name)] == [old["id"]]
    assert ok(publish(image=new["id"]))["previous"]["id"] == old["id"]
    assert [image["id"] for image in cloud.images_named(name)] == [new["id"]]
    shown = cloud["provider"].image(new["id"])
    assert "curator_stepped_back_at" not in shown
    assert not publish(image=name)["changed"]


def test_what_the_task_says_of_both(cloud: LoopbackCloud, publish: RunModule, name: str) -> None:
    """Another name, protection, and an old image that stays in sight as what it is."""
    asked = {**DEBIAN, "os_version": name}
    old = new_version(cloud, name, "published", visibility="public", protected=True, **asked)
    new = new_version(cloud, name, "staged", **asked)
    third = new_version(cloud, f"{name} too", "published", visibility="public", **asked)
    wish = {
        "image": new["id"],
        "carry": ["protection"],
        "supersede": {"rename": "{name} old", "hidden": False, "deactivate": True},
    }
    result = ok(publish(**wish))
    (warning,) = result["warnings"]
    assert third["id"] in warning
    assert old["id"] not in warning
    shown = cloud["provider"].image(old["id"])
    assert (shown["name"], shown["os_hidden"]) == (f"{name} old", False)
    assert (shown["os_purpose"], shown["status"]) == ("oldgeneric", "deactivated")
    shown = cloud["provider"].image(new["id"])
    assert (shown["os_purpose"], shown["protected"]) == ("generic", True)
    assert not ok(publish(**wish))["changed"]
    renamed = ok(publish(image=new["id"], name=f"{name} renamed", hidden=True))
    assert renamed["image"]["name"] == f"{name} renamed"
    assert cloud["provider"].image(new["id"])["os_hidden"]


def test_a_member_who_may_publish(cloud: LoopbackCloud, publish: RunModule, name: str) -> None:
    """The publisher is no administrator; customer_a may not, and changes nothing."""
    old = new_version(cloud, name, "published", user="publisher", visibility="public")
    new = new_version(cloud, name, "staged", user="publisher")
    assert ok(publish(cloud="publisher", image=new["id"]))["previous"]["id"] == old["id"]
    assert cloud["publisher"].image(new["id"])["visibility"] == "public"
    old = new_version(cloud, name, "published", user="customer_a")
    new = new_version(cloud, name, "staged", user="customer_a")
    assert "publicize_image" in sentence(
        publish(cloud="customer_a", image=new["id"], visibility="public")
    )
    assert [cloud["customer_a"].image(image["id"]) for image in (new, old)] == [new, old]


def test_others_images_of_the_name(cloud: LoopbackCloud, publish: RunModule, name: str) -> None:
    """A customer's image disturbs nothing, and is not disturbed, whatever it says of itself."""
    old = new_version(cloud, name, "published", visibility="public")
    theirs = [
        cloud.new_image("customer_a", name=name),
        snapshot_of(cloud, old, user="customer_a", name=name, tags=old["tags"]),
    ]
    new = new_version(cloud, name, "staged")
    assert ok(publish(image=new["id"]))["previous"]["id"] == old["id"]
    assert [cloud["customer_a"].image(image["id"]) for image in theirs] == theirs
    assert theirs[0]["id"] in sentence(publish(image=theirs[0]["id"]))


def test_a_snapshot_of_our_own(cloud: LoopbackCloud, publish: RunModule, name: str) -> None:
    """It may be published, and is not made to look like something that was proven."""
    old = new_version(cloud, name, "published", visibility="public")
    snapshot = snapshot_of(cloud, old)
    wish = {"image": snapshot["id"], "name": name}
    assert ok(publish(**wish))["previous"]["id"] == old["id"]
    shown = cloud["provider"].image(snapshot["id"])
    assert (shown["name"], shown["visibility"], shown["tags"]) == (name, "public", [])
    assert "curator_published_at" not in shown
    assert not ok(publish(**wish))["changed"]


@pytest.mark.parametrize(
    "attributes, words",
    [
        ({"curator_state": ""}, "never proven"),
        ({"data": None}, "queued"),
    ],
    ids=["unproven", "without data"],
)
def test_what_is_not_fit_to_be_seen(
    cloud: LoopbackCloud,
    publish: RunModule,
    name: str,
    attributes: dict[str, Any],
    words: str,
) -> None:
    """The published image stays as it is."""
    old = new_version(cloud, name, "published")
    new = new_version(cloud, name, "staged", **attributes)
    assert words in sentence(publish(image=new["id"], visibility="public"))
    assert words in sentence(publish(image=new["id"], visibility="public", check=True))
    assert [cloud["provider"].image(image["id"]) for image in (new, old)] == [new, old]


def test_an_image_that_is_not_there(publish: RunModule) -> None:
    """Predicted in check mode, an error otherwise."""
    predicted = publish(image="not yet", check=True)
    assert (predicted["changed"], predicted["image"]) == (True, None)
    assert "'not yet'" in sentence(publish(image="not yet"))


@pytest.mark.parametrize("user", ["provider", "customer_a"], ids=["administrator", "owner"])
def test_members_keep_what_they_have(
    cloud: LoopbackCloud, publish: RunModule, name: str, user: str
) -> None:
    """They have the new image before it has the name; an administrator brings their answers too."""
    old = new_version(cloud, name, "published", user=user, visibility="shared")
    answers = {"publisher": "accepted", "customer_b": "pending"}
    path = f"/images/{old['id']}/members"
    for project, answer in answers.items():
        member = cloud[project]
        cloud[user].done("POST", path, json={"member": member.project_id})
        if answer != "pending":
            member.done("PUT", f"{path}/{member.project_id}", json={"status": answer})
    new = new_version(cloud, name, "staged", user=user)
    asked = {"cloud": user, "image": new["id"], "carry": ["members"]}
    assert publish(**asked, check=True)["image"]["visibility"] == "shared"
    assert cloud[user].image(new["id"])["visibility"] == "private"
    with watched(cloud["publisher"], name) as watch:
        result = ok(publish(**asked))
    found = cloud[user].members(new["id"])
    assert found.keys() == {cloud[project].project_id for project in answers}
    assert {m["project_id"]: m["status"] for m in result["members"]} == found
    assert found[cloud["customer_b"].project_id] == "pending"
    consumer = cloud["publisher"].project_id
    if user == "provider":
        watch.assert_never_none()
        assert found[consumer] == "accepted"
        assert "warnings" not in result
    else:
        assert found[consumer] == "pending"
        assert consumer in result["warnings"][0]
    assert not ok(publish(**asked))["changed"]


def test_two_runs_publish_the_same(cloud: LoopbackCloud, publish: RunModule, name: str) -> None:
    """Whoever is quicker: one image has the name, and nobody fails."""
    old = new_version(cloud, name, "published", visibility="public")
    new = new_version(cloud, name, "staged")
    with watched(cloud["customer_a"], name) as watch, ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _n: publish(image=new["id"]), range(2)))
    watch.assert_never_none()
    for result in results:
        assert ok(result)["image"]["id"] == new["id"]
    assert [image["id"] for image in cloud.images_named(name)] == [new["id"]]
    assert cloud["provider"].image(old["id"])["curator_state"] == "superseded"


@pytest.mark.parametrize("first", ["first", "second"])
def test_two_runs_publish_different_images(
    cloud: LoopbackCloud, publish: RunModule, name: str, first: str
) -> None:
    """Neither knew of the other when it planned: one of the two is there in the end."""
    old = new_version(cloud, name, "published", visibility="public")
    one, two = (new_version(cloud, name, "staged") for _n in range(2))
    provider = cloud["provider"]
    with (
        proxy(provider.glance_url) as ahead,
        proxy(provider.glance_url) as after,
        ThreadPoolExecutor(2) as pool,
    ):
        held = {"first": ahead.hold(SHOW, sent()), "second": after.hold(SHOW, sent())}
        running = [
            pool.submit(publish, image=image["id"], cloud=behind(provider, glance=way))
            for image, way in ((one, ahead), (two, after))
        ]
        for hold in held.values():
            hold.wait()
        held[first].release()
        running[first == "second"].result()
        for hold in held.values():
            hold.release()
        results = [ok(run.result()) for run in running]
    (standing,) = cloud.images_named(name)
    assert standing["id"] in {one["id"], two["id"]}
    assert {result["image"]["id"] for result in results} == {one["id"], two["id"]}
    states = {
        image["id"]: provider.image(image["id"])["curator_state"] for image in (old, one, two)
    }
    assert sorted(states.values()) == ["published", "superseded", "superseded"]
    assert not ok(publish(image=standing["id"]))["changed"]
