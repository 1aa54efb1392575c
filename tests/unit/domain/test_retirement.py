# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which versions have had their time, decided from one listing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import TAG
from ansible_collections.curator.glance.plugins.module_utils.domain.retirement import (
    RetirePolicy,
    due,
    held_back,
    image_from_result,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def version(number: int, state: str = "superseded", **attributes: Any) -> Image:
    """A version that was published so many days ago, and stepped back the day after."""
    image_id = f"v{number}"
    marks = {
        "curator_id": image_id,
        "curator_entry": attributes.pop("entry", "Debian 12"),
        "curator_state": state,
        "curator_published_at": (NOW - timedelta(days=number)).isoformat(),
        **attributes.pop("properties", {}),
    }
    if state != "published":
        marks.setdefault("curator_stepped_back_at", (NOW - timedelta(days=number - 1)).isoformat())
    made = Image(
        id=image_id,
        name=image_id,
        status="active",
        visibility="public",
        owner="p",
        tags=(TAG,),
        properties=marks,
    )
    return replace(made, **attributes)


def found(*images: Image, **policy: Any) -> dict[str, str]:
    """What is due, by id, and how far it goes."""
    chosen = due(images, RetirePolicy.from_option(policy), project="p", today=NOW.date())
    return {retirement.image.id: retirement.level for retirement in chosen}


LINE = (version(1, "published"), *(version(days) for days in (30, 60, 120, 240)))


def test_the_newest_stay() -> None:
    """In whatever order the listing has them; the one in use does not count."""
    assert found(*reversed(LINE)) == {"v120": "hide", "v240": "hide"}
    assert found(*LINE, keep=4) == {}
    assert found(*LINE, keep=0).keys() == {"v30", "v60", "v120", "v240"}


def test_each_entry_has_its_own() -> None:
    """Versions of others are not counted."""
    others = [version(days, entry="Ubuntu") for days in (10, 20)]
    assert found(*LINE, *others).keys() == {"v120", "v240"}


def test_a_policy_may_be_for_some_entries() -> None:
    """Others are left alone; and a list without names is not the same as none."""
    others = [version(days, entry="Ubuntu") for days in (10, 20, 30)]
    assert found(*LINE, *others, entries=["Ubuntu"], keep=1).keys() == {"v20", "v30"}
    assert found(*LINE, *others, entries=[], keep=1) == {}


def test_how_far_depends_on_how_long_ago() -> None:
    """The last level whose days have passed."""
    levels = {"hide": 30, "deactivate": 100, "delete": 200}
    assert found(*LINE, keep=0, levels=levels) == {
        "v60": "hide",
        "v120": "deactivate",
        "v240": "delete",
    }


def test_only_what_goes_further() -> None:
    """What was retired so far already is done."""
    retired = version(120, "retired", properties={"curator_retired_as": "deactivate"})
    assert found(*LINE[:3], retired) == {}
    assert found(*LINE[:3], retired, levels={"hide": 0, "delete": 90}) == {"v120": "delete"}
    # A mark that was left from an earlier time.
    again = version(120, "superseded", properties={"curator_retired_as": "delete"})
    assert found(*LINE[:3], again) == {"v120": "hide"}


def test_age_stands_above_keep() -> None:
    """Where the policy has one."""
    assert found(*LINE, keep=4, max_age=100) == {"v120": "hide", "v240": "hide"}


@pytest.mark.parametrize(
    "validity, kept",
    [
        ("none", False),
        ("last-2", False),
        ("last-3", True),
        ("2026-11-20", False),
        ("2026-11-21", True),
        ("notice", True),
        ("forever", True),
        ("until the cows come home", True),
    ],
)
def test_a_promise_keeps_an_id_working(validity: str, kept: bool) -> None:  # noqa: FBT001
    """Whatever the policy says; and an image can be hidden without breaking it."""
    promised = version(120, properties={"uuid_validity": validity})
    line = (*LINE[:3], promised)
    harsh = {"levels": {"hide": 0, "deactivate": 0}, "max_age": 0, "keep": 2}
    assert found(*line, **harsh)["v120"] == ("hide" if kept else "deactivate")
    assert ("v120" in found(*line, **{**harsh, "levels": {"deactivate": 0}})) is not kept


def test_a_promise_of_the_policy_is_for_those_without_one() -> None:
    """An image's own word comes first."""
    plain, own = version(60), version(120, properties={"uuid_validity": "none"})
    levels = {"deactivate": 0}
    assert found(plain, own, keep=0, levels=levels, uuid_validity="forever") == {
        "v120": "deactivate"
    }


@pytest.mark.parametrize("until, due_today", [("2026-11-20", True), ("2026-11-21", False)])
def test_what_is_no_longer_provided(until: str, due_today: bool) -> None:  # noqa: FBT001
    """Where the policy asks for it, and no further than out of sight as long as it is in use."""
    old = version(5, "published", properties={"provided_until": until})
    harsh = {"levels": {"hide": 0, "delete": 0}, "force": True}
    assert found(old, **harsh) == {}
    assert found(old, **harsh, provided_until=True) == ({"v5": "hide"} if due_today else {})


@pytest.mark.parametrize(
    "attributes",
    [
        {"owner": "q"},
        {"tags": ()},
        {"properties": {"image_type": "snapshot"}},
        {"properties": {"curator_id": "another"}},
        {"properties": {"curator_state": "staged"}},
        {"properties": {"curator_state": ""}},
        {"status": "queued"},
        {"protected": True},
    ],
)
def test_what_is_not_for_us_to_retire(attributes: dict[str, Any]) -> None:
    """Others' images, snapshots, what is on its way, and what is protected."""
    assert found(version(300, **attributes), keep=0) == {}


def test_protected_images_with_force() -> None:
    """Only then; without, they are told apart from what nobody would retire."""
    guarded = version(300, protected=True)
    assert found(guarded, keep=0, force=True) == {"v300": "hide"}
    for force, kept in ((False, ["v300"]), (True, [])):
        policy = RetirePolicy(keep=0, force=force)
        stay = held_back([*LINE, guarded], policy, project="p", today=NOW.date())
        assert [retirement.image.id for retirement in stay] == kept


def test_an_image_that_does_not_say_since_when() -> None:
    """It was made by an earlier release: not earlier than it was last changed."""
    old = version(300, properties={"curator_stepped_back_at": ""})
    levels = {"deactivate": 10}
    assert found(old, keep=0, levels=levels) == {}
    changed = replace(old, updated_at=(NOW - timedelta(days=11)).isoformat())
    assert found(changed, keep=0, levels=levels) == {"v300": "deactivate"}


@pytest.mark.parametrize(
    "policy, words",
    [
        ({"kep": 3}, "kep"),
        ({"entries": "Debian 12"}, "entries"),
        ({"entries": [12]}, "entries"),
        ({"keep": -1}, "keep"),
        ({"keep": True}, "keep"),
        ({"max_age": "soon"}, "max_age"),
        ({"levels": {}}, "levels"),
        ({"levels": ["hide"]}, "levels"),
        ({"levels": {"burn": 0}}, "burn"),
        ({"levels": {"hide": "x"}}, "levels.hide"),
        ({"uuid_validity": "always"}, "uuid_validity"),
        ({"provided_until": "2026-01-01"}, "provided_until"),
    ],
)
def test_a_policy_that_cannot_be_meant(policy: dict[str, Any], words: str) -> None:
    """It is refused before anything is decided."""
    with pytest.raises(InvalidRequest, match=words):
        RetirePolicy.from_option(policy)


def test_a_policy_may_come_from_the_command_line() -> None:
    """Where numbers are strings, and a key without a value is none."""
    policy = RetirePolicy.from_option({"keep": "3", "max_age": None, "levels": {"hide": "7"}})
    assert policy == RetirePolicy(keep=3, levels={"hide": 7})
    assert RetirePolicy.from_option(None) == RetirePolicy()


def test_what_a_module_returned_is_the_same_image() -> None:
    """Playbooks hand back what they were given."""
    image = replace(version(3), extra={"stores": "ceph"})
    again = image_from_result({**image.as_result(), "members": []})
    assert again == replace(image, extra={})


def test_why_is_said() -> None:
    """In words for the report."""
    policy = RetirePolicy.from_option({"keep": 3})
    (last,) = due(LINE, policy, project="p", today=NOW.date())
    assert last.as_plain() == {
        "id": "v240",
        "name": "v240",
        "entry": "Debian 12",
        "state": "superseded",
        "level": "hide",
        "reason": "stepped back 239 days ago, beyond keep: 3",
    }
