# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often the cloud is asked, counted by the cloud."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud


class Counted:
    """The requests of one task, without logging in and finding the services."""

    def __init__(self, glance: list[str], keystone: list[str]) -> None:
        self.glance = [line for line in glance if line != "GET /"]
        self.keystone = [
            line
            for line in keystone
            if "/auth/tokens" not in line and line not in {"GET /", "GET /v3"}
        ]


def test_nothing_to_change_costs_two_requests(cloud: LoopbackCloud, share: RunModule) -> None:
    """At most five are allowed; with ids it takes the image and its members, by name the same."""
    image = cloud.new_image(visibility="shared")
    ids = [cloud[name].project_id for name in ("customer_a", "customer_b")]
    share(image=image["id"], projects=ids)
    for reference, projects, asked in (
        (image["id"], ids, 0),
        (image["name"], ids, 0),
        (image["id"], ["customer_a", *ids[1:]], 1),
    ):
        with (
            cloud.requests_seen("glance") as glance,
            cloud.requests_seen("keystone") as keystone,
        ):
            assert not share(image=reference, projects=projects)["changed"]
        counted = Counted(glance, keystone)
        assert len(counted.glance) == 2
        assert len(counted.keystone) == asked


@pytest.mark.parametrize("by", ["id", "name"])
def test_fifty_projects(cloud: LoopbackCloud, share: RunModule, by: str) -> None:
    """One listing of members, one of projects, and one request for each that changes."""
    image = cloud.new_image(visibility="shared")
    with ThreadPoolExecutor(2) as pool:
        projects = [p[by] for p in pool.map(lambda _n: cloud.new_project(), range(50))]
    with cloud.requests_seen("glance") as glance, cloud.requests_seen("keystone") as keystone:
        assert share(image=image["id"], projects=projects)["changed"]
    counted = Counted(glance, keystone)
    assert len(cloud["provider"].members(image["id"])) == 50
    members = [line for line in counted.glance if "/members" in line]
    assert len([line for line in members if line.startswith("GET")]) == 1
    assert len([line for line in members if line.startswith("POST")]) == 50
    assert len(counted.glance) == 52
    assert len(counted.keystone) == 1

    with cloud.requests_seen("glance") as glance:
        assert not share(image=image["id"], projects=projects)["changed"]
    assert len(Counted(glance, []).glance) == 2


def test_metadata_costs_a_look_and_a_patch(cloud: LoopbackCloud, describe: RunModule) -> None:
    """And only the look when there is nothing to do."""
    image = cloud.new_image()
    for expected in (2, 1):
        with cloud.requests_seen("glance") as glance:
            describe(image=image["id"], properties={"a": 1}, tags=["x"], min_disk=1)
        assert len(Counted(glance, []).glance) == expected


def test_a_task_that_is_wrong_by_itself_asks_nothing(
    cloud: LoopbackCloud, share: RunModule
) -> None:
    """Bad options are refused before anybody logs in."""
    with cloud.requests_seen("glance") as glance, cloud.requests_seen("keystone") as keystone:
        assert share(image="x", exact=True)["failed"]
    assert glance == []
    assert keystone == []
