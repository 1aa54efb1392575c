# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_share on a real Glance; who has what is read back over plain HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud


def test_a_whole_share_from_offer_to_acceptance(
    cloud: LoopbackCloud, share: RunModule, image: dict[str, Any]
) -> None:
    """Predicted, done, done again for nothing; then accepted and in the consumer's listing."""
    a, b = cloud["customer_a"], cloud["customer_b"]
    wish = {"image": image["name"], "projects": ["customer_a", b.project_id]}

    predicted = share(**wish, check=True, diff=True)
    assert predicted["changed"]
    assert predicted["diff"] == {
        "before": {"members": {}, "visibility": "private"},
        "after": {
            "members": {"customer_a": "pending", b.project_id: "pending"},
            "visibility": "shared",
        },
    }
    assert cloud["provider"].image(image["id"])["visibility"] == "private"

    done = share(**wish, diff=True)
    assert done["changed"]
    assert done["diff"] == predicted["diff"]
    pending = {a.project_id: "pending", b.project_id: "pending"}
    assert cloud["provider"].members(image["id"]) == pending
    assert {m["project_id"]: m["status"] for m in done["members"]} == pending
    assert not share(**wish)["changed"]

    assert not a.sees(image["id"])
    answer = {"image": image["name"], "status": "accepted", "cloud": "customer_a"}
    assert share(**answer, check=True)["changed"]
    assert cloud["provider"].members(image["id"])[a.project_id] == "pending"
    accepted = share(**answer)
    assert accepted["changed"]
    assert accepted["members"] == [{"project_id": a.project_id, "status": "accepted"}]
    assert not share(**answer)["changed"]
    assert a.sees(image["id"])
    assert not b.sees(image["id"])


@pytest.mark.parametrize("answer", ["rejected", "pending"])
def test_a_rejected_image_is_hidden_and_not_revoked(
    cloud: LoopbackCloud, share: RunModule, answer: str
) -> None:
    """What the documentation says: out of the listing, and still there by its id."""
    image = cloud.new_shared_image(customer_a="accepted")
    assert share(cloud="customer_a", image=image["id"], status=answer)["changed"]
    assert not cloud["customer_a"].sees(image["id"])
    assert cloud["customer_a"].image(image["id"])["id"] == image["id"]
    # It is found by its name for another answer, though no listing shows it.
    assert share(cloud="customer_a", image=image["name"], status="accepted")["changed"]
    assert cloud["customer_a"].sees(image["id"])


def test_exact_and_absent(cloud: LoopbackCloud, share: RunModule) -> None:
    """Others are removed only when asked; answers of those who stay are kept."""
    image = cloud.new_shared_image(customer_a="accepted", customer_b="rejected")
    a, b = cloud["customer_a"].project_id, cloud["customer_b"].project_id
    publisher = cloud["publisher"].project_id

    assert not share(image=image["id"], projects=["customer_a"])["changed"]
    swapped = share(image=image["id"], projects=["customer_a", "publisher"], exact=True)
    assert swapped["changed"]
    assert cloud["provider"].members(image["id"]) == {a: "accepted", publisher: "pending"}

    gone = {"image": image["id"], "projects": ["customer_b", "publisher"], "state": "absent"}
    assert share(**gone)["changed"]
    assert cloud["provider"].members(image["id"]) == {a: "accepted"}
    assert not share(**gone)["changed"]
    assert share(image=image["id"], projects=[], exact=True)["changed"]
    assert cloud["provider"].members(image["id"]) == {}
    assert b not in cloud["provider"].members(image["id"])


def test_old_grants_come_back_and_the_unwanted_are_removed_at_once(
    cloud: LoopbackCloud, share: RunModule
) -> None:
    """Glance keeps the members of an image that leaves shared, and shows them to nobody."""
    image = cloud.new_shared_image(customer_a="accepted", customer_b="accepted")
    a, publisher = cloud["customer_a"].project_id, cloud["publisher"].project_id

    left = share(image=image["id"], visibility="private")
    assert "keeps the grants of" in left["warnings"][0]
    assert cloud["customer_b"].project_id in left["warnings"][0]
    assert left["members"] == []
    assert not cloud["customer_a"].sees(image["id"])

    wish = {"image": image["id"], "projects": ["customer_a", "publisher"], "exact": True}
    predicted = share(**wish, check=True)
    assert "cannot be read now" in predicted["warnings"][0]
    back = share(**wish)
    assert "warnings" not in back
    assert cloud["provider"].members(image["id"]) == {a: "accepted", publisher: "pending"}
    assert {m["project_id"]: m["status"] for m in back["members"]} == {
        a: "accepted",
        publisher: "pending",
    }
    assert not share(**wish)["changed"]


def test_old_grants_that_come_back_unasked_are_named(
    cloud: LoopbackCloud, share: RunModule
) -> None:
    """Without exact they stay; but nobody gets an image back without a word."""
    image = cloud.new_shared_image(customer_a="accepted", customer_b="accepted")
    share(image=image["id"], visibility="private")
    back = share(image=image["id"], projects=["customer_a"])
    b = cloud["customer_b"].project_id
    assert f"project {b} has it back" in back["warnings"][0]
    assert cloud["provider"].members(image["id"])[b] == "accepted"
    assert "warnings" not in share(image=image["id"], projects=["customer_a"])


def test_leaving_shared_without_a_grant_left(cloud: LoopbackCloud, share: RunModule) -> None:
    """Removed before the visibility changes: shared again, nobody has it."""
    image = cloud.new_shared_image(customer_a="accepted", customer_b="accepted")
    left = share(image=image["id"], projects=[], exact=True, visibility="private")
    assert left["changed"]
    assert "warnings" not in left
    again = share(image=image["id"], projects=[], exact=True, visibility="private")
    assert not again["changed"]
    assert "warnings" not in again
    assert share(image=image["id"], visibility="shared")["members"] == []
    assert cloud["provider"].members(image["id"]) == {}


@pytest.mark.parametrize("visibility", ["private", "shared", "community", "public"])
def test_every_visibility_is_reached_and_stays(
    cloud: LoopbackCloud, share: RunModule, image: dict[str, Any], visibility: str
) -> None:
    """From private to each and on to the next, as an administrator."""
    for step in (visibility, "community", visibility):
        changed = cloud["provider"].image(image["id"])["visibility"] != step
        assert share(image=image["id"], visibility=step)["changed"] == changed
        assert cloud["provider"].image(image["id"])["visibility"] == step


def test_public_is_for_those_whom_policy_lets(cloud: LoopbackCloud, share: RunModule) -> None:
    """A plain member hears what to do instead; the publisher is no admin and may."""
    image = cloud.new_image("customer_a")
    refused = share(cloud="customer_a", image=image["id"], visibility="public")
    assert refused["failed"]
    assert "publicize_image" in refused["msg"]
    assert "community" in refused["msg"]
    assert cloud["customer_a"].image(image["id"])["visibility"] == "private"

    own = cloud.new_image("publisher")
    assert share(cloud="publisher", image=own["id"], visibility="public")["changed"]
    assert cloud["customer_a"].sees(own["id"])
    b = cloud["customer_b"].project_id
    still = share(cloud="publisher", image=own["id"], projects=[b])
    assert "say visibility: shared" in still["msg"]


def test_projects_that_do_not_exist(
    cloud: LoopbackCloud, share: RunModule, image: dict[str, Any]
) -> None:
    """Glance would take any string; all of them are named before anything changes."""
    wrong = ["nobody", uuid.uuid4().hex, "customer_a"]
    for check in (True, False):
        result = share(image=image["id"], projects=wrong, check=check)
        assert result["failed"]
        assert all(name in result["msg"] for name in wrong[:2])
        assert "customer_a" not in result["msg"]
    assert cloud["provider"].image(image["id"])["visibility"] == "private"


def test_a_name_in_several_domains(
    cloud: LoopbackCloud, share: RunModule, image: dict[str, Any]
) -> None:
    """Never the first match; the domain, by name or id, decides."""
    domain = cloud.new_domain()
    one = cloud.new_project()
    twin = cloud.new_project(name=one["name"], domain_id=domain["id"])
    name = [one["name"]]
    unclear = share(image=image["id"], projects=name)
    assert unclear["failed"]
    assert unclear["candidates"] == sorted([twin["id"], one["id"]])

    for reference in (domain["name"], domain["id"]):
        share(image=image["id"], projects=name, project_domain=reference)
        assert cloud["provider"].members(image["id"]) == {twin["id"]: "pending"}
    share(image=image["id"], projects=name, project_domain="Default", exact=True)
    assert cloud["provider"].members(image["id"]) == {one["id"]: "pending"}
    unknown = share(image=image["id"], projects=name, project_domain="nowhere")
    assert "no domain 'nowhere'" in unknown["msg"]


def test_an_owner_who_may_not_list_projects(cloud: LoopbackCloud, share: RunModule) -> None:
    """Own projects by name, others by id with a warning, foreign names not at all."""
    image = cloud.new_image("customer_a")
    wish = {"cloud": "customer_a", "image": image["id"]}
    b = cloud["customer_b"].project_id

    by_name = share(**wish, projects=["customer_b"])
    assert by_name["failed"]
    assert "Give the id" in by_name["msg"]
    by_id = share(**wish, projects=[b])
    assert by_id["changed"]
    assert "Could not check project" in by_id["warnings"][0]
    assert cloud["customer_a"].members(image["id"]) == {b: "pending"}
    # A member that is one already needs no question, and so no warning.
    again = share(**wish, projects=[b])
    assert not again["changed"]
    assert "warnings" not in again
    oneself = share(**wish, projects=["customer_a"])
    assert not oneself["changed"]
    assert "owns image" in oneself["warnings"][0]
    many = [uuid.uuid4().hex for _n in range(5)]
    with cloud.requests_seen("keystone") as seen:
        shared = share(**wish, projects=["customer_a", *many, b])
    assert len(cloud["customer_a"].members(image["id"])) == 6
    # What is forbidden is asked once, not once for each project; and said in one sentence.
    assert len([line for line in seen if "/projects" in line]) == 3
    assert all(project in " ".join(shared["warnings"]) for project in many)
    assert len(shared["warnings"]) == 2


def test_a_member_whose_project_is_gone(cloud: LoopbackCloud, share: RunModule) -> None:
    """It can be removed by its id, though nobody knows that id any more."""
    image = cloud.new_image(visibility="shared")
    ghost = uuid.uuid4().hex
    cloud["provider"].done("POST", f"/images/{image['id']}/members", json={"member": ghost})
    assert share(image=image["id"], projects=[ghost], state="absent")["changed"]
    assert cloud["provider"].members(image["id"]) == {}
    again = share(image=image["id"], projects=[ghost, "nobody"], state="absent")
    assert not again["changed"]
    assert "taken for no member" in again["warnings"][0]


def test_only_the_owner_shares(cloud: LoopbackCloud, share: RunModule) -> None:
    """A member may look, and hears whose the image is when it tries more."""
    image = cloud.new_shared_image(customer_a="accepted")
    looked = share(cloud="customer_a", image=image["name"])
    assert [m["project_id"] for m in looked["members"]] == [cloud["customer_a"].project_id]
    refused = share(
        cloud="customer_a", image=image["name"], projects=[cloud["customer_b"].project_id]
    )
    assert refused["failed"]
    assert "owns the image" in refused["msg"]


def test_answers_to_what_was_never_offered(cloud: LoopbackCloud, share: RunModule) -> None:
    """Not shared, not shared with us, our own, or unknown: each in words."""
    private = cloud.new_image()
    for reference in (private["id"], private["name"]):
        result = share(cloud="customer_a", image=reference, status="accepted")
        assert "share it first" in result["msg"]
    public = cloud.new_image(visibility="public")
    assert "not shared" in share(cloud="customer_a", image=public["id"], status="accepted")["msg"]
    own = cloud.new_image("customer_a", visibility="shared")
    for reference in (own["id"], own["name"]):
        assert "belongs to" in share(cloud="customer_a", image=reference, status="accepted")["msg"]


def test_protected_deactivated_hidden_and_queued_images_are_shared_too(
    cloud: LoopbackCloud, share: RunModule
) -> None:
    """None of these states keeps an image from being given to somebody."""
    protected = cloud.new_image(protected=True)
    hidden = cloud.new_image(os_hidden=True)
    queued = cloud.new_image(data=None)
    deactivated = cloud.new_image()
    cloud["provider"].done("POST", f"/images/{deactivated['id']}/actions/deactivate")
    for image in (protected, hidden, queued, deactivated):
        assert share(image=image["name"], projects=["customer_a"])["changed"]
        a = cloud["customer_a"].project_id
        assert cloud["provider"].members(image["id"]) == {a: "pending"}
        assert share(cloud="customer_a", image=image["name"], status="accepted")["changed"]


def test_an_image_that_is_not_there_is_predicted(share: RunModule, image: dict[str, Any]) -> None:
    """Check mode goes through a chain of tasks; a real run stops."""
    for options in ({"projects": ["customer_a"]}, {"status": "accepted", "cloud": "customer_a"}):
        for reference in ("not yet", str(uuid.uuid4())):
            predicted = share(image=reference, check=True, **options)
            assert predicted["changed"]
            assert predicted["image"] is None
            assert predicted["members"] == []
            assert "earlier task" in predicted["warnings"][0]
            assert share(image=reference, **options)["failed"]
    # The projects have to be there all the same.
    misspelt = share(image="not yet", projects=["customer_x"], check=True)
    assert "no project 'customer_x'" in misspelt["msg"]
    # There, but not offered yet.
    offered = share(image=image["id"], status="accepted", cloud="customer_a", check=True)
    assert offered["image"] is None
