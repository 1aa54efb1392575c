# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_share where others are at work at the same time, and where the cloud has limits."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud
from support.documents import plugin
from support.running import run_module


def test_the_member_quota_is_met(cloud: LoopbackCloud, share: RunModule) -> None:
    """No API tells it: where the cloud refuses, who has the image and who has not."""
    # The second cloud allows ten.
    image = cloud.new_image("elsewhere")
    projects = [cloud.new_project("elsewhere")["id"] for _n in range(13)]
    wish = {"cloud": "elsewhere", "image": image["id"]}
    full = share(**wish, projects=projects[:12])
    assert full["failed"]
    assert full["changed"]
    assert "image_member_quota" in full["msg"]
    stored = cloud["elsewhere"].members(image["id"])
    assert stored.keys() == set(projects[:10])
    assert {member["project_id"] for member in full["members"]} == stored.keys()
    assert [line.split()[-1] for line in full["not_done"]] == projects[10:12]
    assert full["done"][0] == f"change image {image['id']} from private to shared"

    # A full list can be exchanged: removals come first.
    assert share(**wish, projects=projects[3:13], exact=True)["changed"]
    assert cloud["elsewhere"].members(image["id"]).keys() == set(projects[3:13])

    warned = share(**wish, projects=projects[:3], member_quota=10, check=True)
    assert "13 members are more than member_quota (10)" in warned["warnings"][0]


@pytest.mark.slow
def test_the_member_quota_of_most_clouds(cloud: LoopbackCloud, share: RunModule) -> None:
    """128, with ids that nobody can check: the plain member's way."""
    projects = [uuid.uuid4().hex for _n in range(130)]
    image = cloud.new_image("customer_a")
    full = share(cloud="customer_a", image=image["id"], projects=projects)
    assert "image_member_quota" in full["msg"]
    assert cloud["customer_a"].members(image["id"]).keys() == set(projects[:128])
    others = [uuid.uuid4().hex for _n in range(128)]
    assert share(cloud="customer_a", image=image["id"], projects=others, exact=True)["changed"]
    assert cloud["customer_a"].members(image["id"]).keys() == set(others)


def test_sharing_a_private_image_with_its_owner_opens_nothing(
    cloud: LoopbackCloud, share: RunModule
) -> None:
    """It would become shared, and who had it before would have it back."""
    image = cloud.new_shared_image(customer_a="accepted")
    share(image=image["id"], visibility="private")
    assert not share(image=image["id"], projects=["provider"])["changed"]
    assert cloud["provider"].image(image["id"])["visibility"] == "private"


def test_an_image_that_is_being_uploaded_is_waited_for(
    cloud: LoopbackCloud, share: RunModule
) -> None:
    """Glance would forget the new visibility; in check mode nothing is waited for."""
    with cloud.uploading() as (image, finish):
        wish = {"image": image["id"], "projects": ["customer_a"]}
        assert share(**wish, check=True, timeout=1)["changed"]
        # With nothing to change, there is nothing to wait for either.
        assert not share(image=image["id"], timeout=1)["changed"]
        assert "saving" in share(**wish, timeout=1)["msg"]
        threading.Timer(1, finish).start()
        assert share(**wish)["changed"]
    a = cloud["customer_a"].project_id
    assert cloud["provider"].members(image["id"]) == {a: "pending"}


def test_an_administrator_answers_as_its_project(cloud: LoopbackCloud, share: RunModule) -> None:
    """Its listing has what others share with others; that is no offer to it."""
    image = cloud.new_image("customer_a", visibility="shared")
    stranger = cloud.new_image("customer_b", visibility="shared", name=image["name"])
    path = f"/images/{image['id']}/members"
    cloud["customer_a"].done("POST", path, json={"member": cloud["provider"].project_id})
    assert share(image=image["name"], status="accepted")["image"]["id"] == image["id"]
    assert cloud["customer_b"].members(stranger["id"]) == {}


def test_who_was_quicker_is_no_error(cloud: LoopbackCloud) -> None:
    """Added or removed by somebody else since the members were read: it is as it should be."""
    image = cloud.new_image(visibility="shared")
    a = cloud["customer_a"].project_id
    params = dict.fromkeys(plugin("module_utils.authentication").AUTHENTICATION)
    session = plugin("module_utils.cloud.connect").connect(
        params | {"cloud": "provider", "wait": True, "timeout": 60}
    )
    assert session.glance.add_member(image["id"], a, doing="add").status == "pending"
    assert session.glance.add_member(image["id"], a, doing="add again") is None
    for doing in ("remove", "remove again"):
        session.glance.remove_member(image["id"], a, doing=doing)
    assert cloud["provider"].members(image["id"]) == {}


def test_two_runs_at_once_share_once(cloud: LoopbackCloud, image: dict[str, Any]) -> None:
    """Who comes second finds it done, and says so without an error."""

    def share_it(_n: int) -> dict[str, Any]:
        return run_module(
            "image_share",
            cloud="provider",
            image=image["id"],
            projects=["customer_a", "customer_b", "publisher"],
        )

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(share_it, range(4)))
    assert not any(result.get("failed") for result in results), results
    assert len(cloud["provider"].members(image["id"])) == 3
