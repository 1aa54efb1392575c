# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an entry needs, decided from what stands in the cloud and what upstream has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.planning import Action
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.standing import (
    as_it_stands,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Member
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import SUPERSEDES

from .conftest import (
    OTHER_PROOF,
    PROJECT,
    PROOF,
    entry,
    image,
    lineage_of,
    planned,
    stranger,
)


def test_nothing_there() -> None:
    """It has to be uploaded."""
    plan = planned(entry())
    assert (plan.action, plan.image, plan.makes_image) == (Action.UPLOAD, None, True)


def test_as_it_should_be() -> None:
    """Nothing to do, whatever else is said of the image."""
    wanted = entry(
        os={"distro": "debian", "version": 12},
        properties={"note": 1, "gone": None, "yes": True},
        tags=["a"],
        min_disk=3,
        visibility="public",
        replace_frequency="monthly",
    )
    there = image(wanted, properties={"not_named": "x", "yes": "True"})
    plan = planned(wanted, there)
    assert (plan.action, plan.reasons, plan.image) == (Action.NONE, (), there)


def test_other_content_upstream() -> None:
    """The one that is there steps back for it."""
    wanted = entry()
    there = image(wanted)
    plan = planned(wanted, there, proof=OTHER_PROOF)
    assert (plan.action, plan.image, plan.makes_image) == (Action.SWAP, there, True)
    assert plan.superseded == ((there, "img 2026-01-01"),)
    assert "sha512:bbbbbbbbbbbb…; the image was made from sha512:aaaaaaaaaaaa…" in plan.reasons[0]


def test_another_format_is_other_content() -> None:
    """Though upstream has the same."""
    there = image(entry())
    plan = planned(entry(disk_format="keep"), there)
    assert plan.action == Action.SWAP
    assert "disk_format" in plan.reasons[0]


def test_an_image_that_nobody_can_use_is_made_anew() -> None:
    """Said as it is."""
    wanted = entry()
    plan = planned(wanted, image(wanted, status="deactivated"))
    assert (plan.action, plan.reasons) == (Action.SWAP, ("Image i1 is deactivated.",))


@pytest.mark.parametrize(
    "drift, told",
    [
        ({"visibility": "private"}, "visibility"),
        ({"hidden": True}, "hidden"),
        ({"tags": ("managed_by_curator",)}, "tags"),
        ({"protected": False}, "protected"),
        ({"min_disk": 1}, "min_disk"),
        ({"min_ram": 1}, "min_ram"),
        ({"properties": {"os_version": "11"}}, "os_version"),
        ({"properties": {"gone": "x"}}, "gone"),
        ({"properties": {"replace_frequency": "daily"}}, "replace_frequency"),
        ({"properties": {"hw_disk_bus": "ide"}}, "hw_disk_bus"),
    ],
    ids=str,
)
def test_drift_is_repaired(drift: dict[str, Any], told: str) -> None:
    """Of everything that the entry names, each with its name and both values."""
    wanted = entry(
        os={"version": "12"},
        properties={"gone": None, "hw_disk_bus": "scsi", "hw_scsi_model": "virtio-scsi"},
        tags=["a"],
        min_disk=3,
        min_ram=4,
        visibility="public",
        protected=True,
        replace_frequency="monthly",
    )
    right: dict[str, Any] = {
        "protected": True,
        "properties": {"hw_disk_bus": "scsi", "hw_scsi_model": "virtio-scsi"},
    }
    assert planned(wanted, image(wanted, **right)).action == Action.NONE
    properties = {**right["properties"], **drift.get("properties", {})}
    drifted = {**right, **drift, "properties": properties}
    plan = planned(wanted, image(wanted, **drifted))
    assert (plan.action, plan.makes_image) == (Action.UPDATE_METADATA, False)
    assert plan.reasons == (f"What differs: {told}.",)
    assert {*plan.before, *plan.before.get("properties", {})} <= {told, "properties"}
    assert plan.before != plan.after


def test_profiles_are_hardware_and_what_is_named_counts_more() -> None:
    """The user's own profiles as well as those that are built in."""
    own = {"mine": {"hw_disk_bus": "sata", "os_type": "windows"}}
    wanted = entry(profiles=["mine"], os={"type": "linux"})
    right = image(wanted, properties={"hw_disk_bus": "sata"})
    assert planned(wanted, right, profiles=own).action == Action.NONE
    assert planned(wanted, image(wanted), profiles=own).action == Action.UPDATE_METADATA


def test_a_profile_that_does_not_exist_is_said_before_a_byte_moves() -> None:
    """With those that do."""
    plan = planned(entry(profiles=["virtoi"]))
    assert plan.action == Action.ERROR
    assert "virtio" in plan.reasons[0]


@pytest.mark.parametrize("there", [True, False])
def test_hardware_that_makes_no_sense_is_said_before_a_byte_moves(*, there: bool) -> None:
    """With an image that stands, and without one; once the cloud was asked for its own words."""
    wanted = entry(properties={"hw_disk_bus": "scssi"})
    standing = [image(wanted)] if there else []
    first = planned(wanted, *standing)
    assert (first.action != Action.ERROR, first.open_questions) == (True, True)
    plan = planned(wanted, *standing, asked=True)
    assert plan.action == Action.ERROR
    assert "scsi" in plan.reasons[0]
    # What makes no sense, whatever the cloud may define.
    alone = entry(properties={"hw_scsi_model": "virtio-scsi"})
    assert planned(alone, *standing).action == Action.ERROR
    # Whoever says so gets it.
    assert planned(entry(properties={"hw_disk_bus": "scssi"}, validation="off")).action == "upload"


def test_staged_and_waiting() -> None:
    """A run that died between upload and swap: no byte moves again."""
    wanted = entry()
    old = image(wanted, "old", proof=OTHER_PROOF)
    new = image(wanted, "new", "staged", name="img (staged new)", visibility="private")
    plan = planned(wanted, old, new)
    assert (plan.action, plan.makes_image) == (Action.RESUME, False)
    assert (plan.staged, plan.image, plan.superseded) == (new, old, ((old, "img 2026-01-01"),))
    assert "waits for its name" in plan.reasons[0]


def test_died_in_the_middle_of_a_swap() -> None:
    """Both have the name: the one that was followed steps back."""
    wanted = entry()
    old = image(wanted, "old", proof=OTHER_PROOF)
    new = image(wanted, "new", properties={SUPERSEDES: "old"})
    plan = planned(wanted, new, old)
    assert (plan.action, plan.image, plan.staged) == (Action.RESUME, new, None)
    assert plan.superseded == ((old, "img 2026-01-01"),)
    assert "still has the name" in plan.reasons[0]


def test_half_an_upload() -> None:
    """It is begun anew, and said why."""
    wanted = entry()
    plan = planned(wanted, image(wanted, "half", None, name="img (staged half)", status="queued"))
    assert (plan.action, plan.makes_image, plan.image) == (Action.RESUME, True, None)
    assert "half (queued)" in plan.reasons[0]
    # What a customer's snapshot inherits says nothing of a run of ours.
    copied = image(wanted, "x", None, name="x", status="queued", properties={"curator_id": "i"})
    assert planned(wanted, copied).action == Action.UPLOAD


def test_content_that_stepped_back_is_made_again() -> None:
    """As the task that stages does not take it either."""
    wanted = entry()
    back = image(wanted, "back", "superseded", name="img 2025", hidden=True)
    now = image(wanted, "now", proof=OTHER_PROOF)
    plan = planned(wanted, back, now)
    assert (plan.action, plan.makes_image, plan.image) == (Action.SWAP, True, now)


def test_renamed_by_hand() -> None:
    """It gets its name back."""
    wanted = entry()
    plan = planned(wanted, image(wanted, name="oops"))
    assert (plan.action, plan.makes_image) == (Action.RESUME, False)
    assert plan.after["name"] == "img"


def test_a_name_that_somebody_else_has() -> None:
    """Nobody's image steps back without being asked for."""
    wanted = entry()
    there = stranger(wanted)
    for staged in ([], [image(wanted, "new", "staged", name="img (staged new)")]):
        plan = planned(wanted, there, *staged)
        assert (plan.action, plan.image) == (Action.ERROR, there)
        assert "adopt: true" in plan.reasons[0]
        adopting = planned(entry(adopt=True), there, *staged)
        assert adopting.action == (Action.RESUME if staged else Action.SWAP)
        assert adopting.superseded[0][0] == there
    # Once it was followed, the swap is ended, whatever the entry says now.
    new = image(wanted, "new", properties={SUPERSEDES: there.id})
    assert planned(wanted, new, there).action == Action.RESUME
    # To stand beside it, nobody has to step back.
    assert planned(entry(on_change="keep_both"), there).action == Action.UPLOAD


def test_several_of_one_name() -> None:
    """Which of them shall step back cannot be told."""
    wanted = entry()
    two = (image(wanted, "a", proof=OTHER_PROOF), image(wanted, "b", proof=OTHER_PROOF))
    plan = planned(wanted, *two)
    assert plan.action == Action.ERROR
    assert "2 images are named 'img'" in plan.reasons[0]


def test_what_stepped_back_and_kept_its_name_stands_in_nobodys_way() -> None:
    """Visible or hidden: the name is free, or that of another image."""
    wanted = entry()
    back = image(wanted, "back", "superseded", proof=OTHER_PROOF)
    assert planned(wanted, back).action == Action.UPLOAD
    assert planned(wanted, back, image(wanted, hidden=True)).action == Action.UPDATE_METADATA


def test_what_others_have_disturbs_nothing() -> None:
    """An administrator's listing may show it."""
    wanted = entry()
    assert planned(wanted, replace(image(wanted), owner="tenant")).action == Action.UPLOAD


def test_nothing_changes_where_nothing_may() -> None:
    """on_change: fail is an error beforehand."""
    wanted = entry(on_change="fail")
    plan = planned(wanted, image(wanted, proof=OTHER_PROOF))
    assert plan.action == Action.ERROR
    assert "on_change" in plan.reasons[0]


def shared(*answers: str, accept_with: tuple[str, ...] = ()) -> str:
    """The action for an image shared with projects a and b, of which these answered."""
    wanted = entry(projects=["a", "b"], accept_with=list(accept_with))
    members = tuple(
        Member(project_id=project, status=status)
        for project, status in zip(("pa", "pb"), answers, strict=False)
    )
    plan = planned(wanted, image(wanted), members=members, projects={"a": "pa", "b": "pb"})
    return str(plan.action)


def test_whom_an_image_is_shared_with() -> None:
    """A project that lacks it gets it; who is to accept does; who has it besides keeps it."""
    assert shared("pending", "accepted") == "none"
    assert shared("accepted") == "update_metadata"
    assert shared("pending", "pending", accept_with=("one", "two")) == "update_metadata"
    assert shared("accepted", "pending", accept_with=("one",)) == "none"
    assert shared("pending", "pending", accept_with=("one",)) == "update_metadata"
    # More clouds than projects: when all projects did, nobody is waited for.
    assert shared("accepted", "accepted", accept_with=("one", "two", "three")) == "none"
    assert shared("accepted", "pending", accept_with=("one", "two", "three")) == "update_metadata"


def test_without_upstream_what_stands_is_the_newest() -> None:
    """Under its name, or waiting for it; but not with another recipe."""
    wanted = entry()
    unknown = lineage_of(wanted, "")
    there = image(wanted)
    assert as_it_stands(unknown, [there], [there], PROJECT).proof == PROOF
    staged = image(wanted, "new", "staged", name="x", proof=OTHER_PROOF)
    assert as_it_stands(unknown, [], [staged], PROJECT).proof == OTHER_PROOF
    assert as_it_stands(unknown, [there], [staged], PROJECT).proof == PROOF
    assert as_it_stands(unknown, [stranger(wanted)], [], PROJECT) == unknown
    assert as_it_stands(unknown, [image(wanted, status="queued")], [], PROJECT) == unknown
    other = as_it_stands(lineage_of(entry(disk_format="keep"), ""), [there], [], PROJECT)
    assert not other.made(there)
