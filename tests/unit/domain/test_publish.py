# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an image takes its public name, decided from what stands in the cloud."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image, Member
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import TAG
from ansible_collections.curator.glance.plugins.module_utils.domain.plan import (
    AddMember,
    PatchImage,
    Plan,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.publish import (
    PublishPlan,
    PublishSeen,
    PublishWish,
    plan_publish,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.succession import contenders
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    Ambiguous,
    Conflict,
    InvalidRequest,
    NotReady,
    Unproven,
)

from support.documents import plugin

NOW = "2026-11-21T00:00:00Z"
GENERIC = {
    "os_purpose": "generic",
    "os_distro": "debian",
    "os_version": "12",
    "architecture": "x86_64",
}


def ours(image_id: str, state: str, **attributes: Any) -> Image:
    properties = {
        "curator_id": image_id,
        "curator_entry": "img",
        "curator_state": state,
        **attributes.pop("properties", {}),
    }
    image = Image(
        id=image_id,
        name="img",
        status="active",
        visibility="public",
        owner="p",
        tags=(TAG,),
        created_at="2026-10-01T00:00:00Z",
        properties=properties,
    )
    return replace(image, **attributes)


STAGED = ours("new", "staged", name="img (staged new)", visibility="private")
OLD = ours("old", "published")
FOREIGN = Image(id="foreign", name="img", status="active", visibility="community", owner="p")


def wish(**options: Any) -> PublishWish:
    spec = plugin("modules.image_publish").OPTIONS
    defaults = {name: option.get("default") for name, option in spec.items()}
    return PublishWish.from_params({**defaults, "image": "new", **options})


def plan(image: Image = STAGED, *named: Image, **options: Any) -> PublishPlan:
    parts = ("members", "followed_members", "generic")
    seen = {name: options.pop(name) for name in parts if name in options}
    asked = wish(**options)
    name = asked.name_for(image, "p")
    found = PublishSeen(image=image, project="p", name=name, named=named, now=NOW, **seen)
    return plan_publish(asked, found)


def patched(found: Plan) -> dict[str, Any]:
    (step,) = found.steps
    assert isinstance(step, PatchImage)
    return {
        operation["path"]: operation.get("value", operation["op"]) for operation in step.operations
    }


def test_a_staged_image_gets_its_name() -> None:
    """In one request, with all that makes it seen."""
    found = plan(visibility="public")
    assert found.changed
    assert (found.after.action, found.after.previous) == ("published", None)
    assert patched(found.describe) == {
        "/name": "img",
        "/visibility": "public",
        "/curator_state": "published",
        "/curator_published_at": NOW,
    }


def test_one_that_did_not_boot() -> None:
    """It is published, as was asked, with a warning; one that people use already is not news."""
    failed = {"curator_verify_failed": f"{NOW} The firmware finds no boot loader."}
    staged = replace(STAGED, properties={**STAGED.properties, **failed})
    (warning,) = plan(staged).warnings
    assert "The last boot check of image new failed" in warning
    assert f"{NOW} The firmware finds no boot loader." in warning
    assert plan(ours("old", "published", properties=failed)).warnings == ()
    # Somebody else's, with what it inherited.
    assert plan(replace(staged, tags=())).warnings == ()


def test_the_old_one_makes_way() -> None:
    """The new one is seen by whoever saw the old one, and says whom it follows."""
    found = plan(STAGED, OLD)
    assert patched(found.describe)["/visibility"] == "public"
    assert patched(found.describe)["/curator_supersedes"] == "old"
    assert found.step_back == (OLD,)
    result = found.after.as_result()
    assert result["action"] == "rotated"
    assert result["previous"] == {"id": "old", "name": "img 2026-10-01"}
    assert found.before.as_diff()["previous"]["name"] == "img"
    assert found.after.as_diff()["previous"]["hidden"]


def test_published_is_published() -> None:
    """What the task does not name stays as it is, the visibility too."""
    published = ours("new", "published", visibility="community", protected=True)
    found = plan(published)
    assert not found.changed
    assert found.after.action == "unchanged"
    assert found.after.as_diff() == found.before.as_diff()


def test_drift_is_mended() -> None:
    """Published is more than having the name: it is seen by those who shall."""
    hidden = ours("new", "published", hidden=True, visibility="private")
    found = plan(hidden, visibility="public", protected=True)
    assert found.after.action == "unchanged"
    assert patched(found.describe) == {
        "/os_hidden": False,
        "/visibility": "public",
        "/protected": True,
    }


def test_a_run_that_died_in_between() -> None:
    """The new one has the name, and says whom it follows: that one steps back now."""
    published = ours("new", "published", properties={"curator_supersedes": "old"})
    found = plan(published, OLD, on_change="fail")
    assert found.changed
    assert not found.describe.changed
    assert found.step_back == (OLD,)
    assert found.after.action == "unchanged"


@pytest.mark.parametrize("on_change", ["rotate", "keep_both"])
def test_what_somebody_named_by_hand(on_change: str) -> None:
    """An image that came to the name later is left alone, and mentioned unless it may be there."""
    found = plan(ours("new", "published"), FOREIGN, on_change=on_change)
    assert not found.changed
    assert bool(found.warnings) == (on_change == "rotate")


def test_the_old_one_may_stay_or_be_in_the_way() -> None:
    """As with an upload."""
    assert plan(STAGED, OLD, on_change="keep_both").step_back == ()
    with pytest.raises(Conflict):
        plan(STAGED, OLD, on_change="fail")
    with pytest.raises(Ambiguous):
        plan(STAGED, OLD, FOREIGN)


def test_an_image_of_somebody_elses_making() -> None:
    """A snapshot may be published; it gets no marks, and nobody else's lineage."""
    inherited = {"curator_id": "other", "curator_entry": "img", "curator_state": "published"}
    snapshot = replace(FOREIGN, name="web", properties={"image_type": "snapshot", **inherited})
    found = plan(snapshot, visibility="public")
    assert patched(found.describe) == {"/visibility": "public"}
    assert found.after.image.name == "web"
    assert not plan(replace(snapshot, visibility="public")).changed
    # Nothing on it says whom it follows: it is the task that does.
    again = plan(replace(snapshot, name="img"), OLD, name="img")
    assert (again.step_back, again.after.action) == ((OLD,), "rotated")


def test_one_that_stepped_back_steps_forward() -> None:
    """Nothing remains of its having been away."""
    away = {
        "curator_stepped_back_at": NOW,
        "curator_retired_as": "hide",
        "curator_supersedes": "older",
        "os_purpose": "oldgeneric",
    }
    earlier = ours("new", "retired", name="img 2026-09-01", hidden=True, properties=away)
    found = plan(earlier, OLD)
    assert patched(found.describe) == {
        "/name": "img",
        "/os_hidden": False,
        "/curator_state": "published",
        "/curator_published_at": NOW,
        "/curator_stepped_back_at": "remove",
        "/curator_retired_as": "remove",
        "/curator_supersedes": "old",
        "/os_purpose": "generic",
    }


def test_one_that_was_never_for_general_use() -> None:
    """Only what had stepped back comes back to that."""
    staged = ours("new", "staged", properties={"os_purpose": "oldgeneric"})
    assert "/os_purpose" not in patched(plan(staged, OLD).describe)


@pytest.mark.parametrize(
    "image, error, words",
    [
        (ours("new", ""), Unproven, "never proven"),
        (ours("new", "staged", status="queued"), Unproven, "queued"),
        (ours("new", "superseded", status="deactivated"), NotReady, "active: true"),
        (replace(FOREIGN, status="saving"), NotReady, "saving"),
        (replace(FOREIGN, owner="q"), InvalidRequest, "project q"),
    ],
)
def test_what_nobody_may_see(image: Image, error: type[Exception], words: str) -> None:
    """Unproven, without data, or another project's."""
    with pytest.raises(error, match=words):
        plan(image)


@pytest.mark.parametrize(
    "options",
    [
        {"image": ""},
        {"name": ""},
        {"name": "n" * 256},
        {"visibility": "public", "carry": ["members"]},
        {"protected": False, "carry": ["protection"]},
        {"supersede": {"rename": "{nobody}"}},
    ],
)
def test_contradictions_are_refused(options: dict[str, Any]) -> None:
    """Before anything is asked of the cloud."""
    with pytest.raises(InvalidRequest):
        wish(**options)


def test_an_image_without_a_name_needs_one() -> None:
    """There is nothing to publish it as."""
    with pytest.raises(InvalidRequest, match="name"):
        plan(replace(FOREIGN, name=None))


def test_members_come_first() -> None:
    """Shared and granted under the old name; what was answered already is not asked again."""
    answers = {"a": "accepted", "b": "pending", "c": "rejected", "d": "accepted"}
    followed = [Member(project_id=project, status=answers[project]) for project in answers]
    shared = replace(OLD, visibility="shared")
    found = plan(
        STAGED,
        shared,
        carry=["members"],
        members=(Member(project_id="d", status="rejected"),),
        followed_members=tuple(followed),
    )
    assert found.grants is not None
    first, *added = found.grants.plan.steps
    assert isinstance(first, PatchImage)
    assert [step.project_id for step in added if isinstance(step, AddMember)] == ["a", "b", "c"]
    assert [member.project_id for member in found.grants.answers] == ["a", "c"]
    assert "/visibility" not in patched(found.describe)
    members = found.after.as_result()["members"]
    assert {member["project_id"]: member["status"] for member in members} == {
        "a": "accepted",
        "b": "pending",
        "c": "rejected",
        "d": "rejected",
    }
    assert found.guesses


def test_members_only_where_they_are_asked_for() -> None:
    """And only of an image that has some."""
    assert plan(STAGED, replace(OLD, visibility="shared")).grants is None
    assert plan(STAGED, OLD, carry=["members"]).grants is None


def test_protection_is_carried_over() -> None:
    """Where there is some."""
    carried = plan(STAGED, replace(OLD, protected=True), carry=["protection"])
    assert carried.after.image.protected
    assert not plan(STAGED, OLD, carry=["protection"]).after.image.protected


def test_one_generic_image_is_in_sight() -> None:
    """Others of the same system are named; those that make way or are no rivals are not."""
    staged = replace(STAGED, properties={**STAGED.properties, **GENERIC})
    other = ours("other", "published", name="img too", properties=GENERIC)
    old = replace(OLD, properties={**OLD.properties, **GENERIC})
    (warning,) = plan(staged, old, generic=(other, old)).warnings
    assert "debian 12 x86_64" in warning
    assert "'img too' (other)" in warning
    assert plan(staged, old, generic=(old,)).warnings == ()
    assert plan(staged, generic=(replace(other, hidden=True),)).warnings == ()


def published(image_id: str, at: str, **attributes: Any) -> Image:
    return ours(image_id, "published", properties={"curator_published_at": at}, **attributes)


def test_who_stays_after_a_race() -> None:
    """Both runs come to the same end: the one published last, by its id where that is the same."""
    first, second, third = (
        published("a", "2026-11-21T00:00:00Z"),
        published("b", "2026-11-21T00:00:01Z"),
        published("c", "2026-11-21T00:00:01Z"),
    )
    everybody = (first, second, third, FOREIGN, OLD)
    for image in (first, second, third):
        assert contenders(image, everybody, {"old"}) == (third, second, first)
    assert contenders(first, (first, OLD, FOREIGN), {"old"}) == (first,)
