# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task tells of several destinations, when some of them fail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.deliveries import (
    Deliveries,
    Delivery,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.destination import (
    Destination,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.origin import Origin
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.planning import (
    MigrationSeen,
    plan_migration,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.wish import (
    MigrationWish,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import PartlyDone, Unreachable

SOURCE = Image(id="s", name="img", status="active", visibility="public", owner="p", size=1)
THERE = Destination(label="there")
PLAN = plan_migration(
    MigrationWish(image="img", source="here", destinations=(THERE,)),
    THERE,
    MigrationSeen(
        origin=Origin(image=SOURCE, cloud="here", disk_format="keep"),
        project="p2",
        owner="p2",
        named=(),
        alike=(),
        now="2026-11-21T00:00:00Z",
    ),
)
DONE = Delivery(label="there", plan=replace(PLAN, warnings=("careful",)))
FAILED = Delivery(label="nowhere", error=Unreachable("Nobody answers."))
BROKE_OFF = Delivery(label="halfway", plan=PLAN, error=Unreachable("It was cut."))


def test_one_destination_is_the_result() -> None:
    """Without a list around it, and without its name in warnings."""
    told = Deliveries(source=SOURCE, deliveries=(DONE,))
    result = told.after.as_result()
    assert result["source_image"]["id"] == "s"
    assert result["action"] == "created"
    assert "results" not in result
    assert told.warnings == ("careful",)
    assert told.after.as_diff()["name"] == "img"
    assert told.before.as_diff() == {}


def test_several_destinations_are_a_list() -> None:
    """In their order, each with what came of it."""
    told = Deliveries(source=SOURCE, deliveries=(FAILED, DONE, BROKE_OFF), several=True)
    assert told.changed
    results = told.after.as_result()["results"]
    assert [(one["destination"], one["action"], one["failed"]) for one in results] == [
        ("nowhere", "failed", True),
        ("there", "created", False),
        ("halfway", "failed", True),
    ]
    assert results[0]["msg"] == "Nobody answers."
    assert [one["changed"] for one in results] == [False, True, False]
    assert told.warnings == ("there: careful",)
    assert told.after.as_diff().keys() == {"there"}


def test_one_that_fails_fails_the_task() -> None:
    """At the end, with all that is known of the others."""
    told = Deliveries(source=SOURCE, deliveries=(FAILED, DONE), several=True)
    result = {"changed": told.changed, **told.after.as_result()}
    with pytest.raises(PartlyDone, match=r"1 of 2 .* nowhere: Nobody answers\.") as caught:
        told.require_all(result)
    assert caught.value.facts["results"] == result["results"]
    assert caught.value.facts["changed"]
    Deliveries(source=SOURCE, deliveries=(DONE,), several=True).require_all(result)
