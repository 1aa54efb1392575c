# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sharing, decided: what an owner's or a consumer's wish comes to."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import (
    Image,
    ImageState,
    Member,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.plan import Plan
from ansible_collections.curator.glance.plugins.module_utils.domain.share import (
    SharedImage,
    ShareWish,
    plan_share,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    InvalidRequest,
    NotShared,
)

OWNER = "owner"
NOTHING: dict[str, Any] = {
    "image": "img",
    "projects": None,
    "project_domain": None,
    "state": "present",
    "exact": False,
    "visibility": None,
    "status": None,
    "member_quota": 128,
}


def wish(**options: Any) -> ShareWish:
    return ShareWish.from_params(NOTHING | options)


def seen(visibility: str = "shared", own: str = OWNER, **members: str) -> SharedImage:
    """An image and its members; every project that a test names has its name for an id."""
    known = [Member(project_id=name, status=status) for name, status in members.items()]
    image = Image(id="i", name="img", status="active", visibility=visibility, owner=OWNER)
    return SharedImage(
        state=ImageState(image=image, members=tuple(known)),
        own_project=own,
        projects={name: name for name in [*"abcdef", OWNER]} | {"by name": "a"},
    )


def steps(plan: Plan) -> list[str]:
    return [step.summary for step in plan.steps]


def left(plan: Plan) -> dict[str, str]:
    return {member.project_id: member.status for member in plan.after.members or ()}


def test_a_project_is_added_as_pending() -> None:
    """Sharing adds who is missing and leaves everybody else alone."""
    plan = plan_share(wish(projects=["a", "b"]), seen(b="accepted", c="rejected"))
    assert steps(plan) == ["add member a"]
    assert left(plan) == {"b": "accepted", "c": "rejected", "a": "pending"}


def test_nothing_to_do_is_nothing_done() -> None:
    """Who has the image already is not given it again, whatever the answer was."""
    plan = plan_share(wish(projects=["a", "b"]), seen(a="rejected", b="pending"))
    assert not plan.changed
    assert plan.before == plan.after


def test_exact_removes_the_others_before_it_adds() -> None:
    """A full list of members can be exchanged: there is room before it is needed."""
    plan = plan_share(wish(projects=["a", "c"], exact=True), seen(a="accepted", b="accepted"))
    assert steps(plan) == ["remove member b", "add member c"]
    assert left(plan) == {"a": "accepted", "c": "pending"}


def test_exact_with_nobody_removes_all_and_stays_shared() -> None:
    """An empty list is a list: nobody may use the image."""
    plan = plan_share(wish(projects=[], exact=True), seen(a="accepted", b="pending"))
    assert steps(plan) == ["remove member a", "remove member b"]
    assert plan.after.image.visibility == "shared"


def test_absent_removes_only_who_is_named() -> None:
    """Absent leaves members alone that the task does not name."""
    plan = plan_share(wish(projects=["a", "c"], state="absent"), seen(a="accepted", b="pending"))
    assert steps(plan) == ["remove member a"]
    assert left(plan) == {"b": "pending"}


def test_sharing_a_private_image_makes_it_shared_and_looks_again() -> None:
    """Members that it had before come back with it, so they are read once more."""
    plan = plan_share(wish(projects=["a"]), seen("private"))
    assert steps(plan) == ["change image i from private to shared"]
    assert plan.look_again
    assert left(plan) == {"a": "pending"}
    assert plan.guesses


@pytest.mark.parametrize("visibility", ["public", "community"])
def test_an_image_for_everybody_is_not_made_shared_unasked(visibility: str) -> None:
    """That would take it away from everybody else."""
    with pytest.raises(InvalidRequest, match="visibility: shared"):
        plan_share(wish(projects=["a"]), seen(visibility))
    assert plan_share(wish(projects=["a"], visibility="shared"), seen(visibility)).changed


def test_leaving_shared_removes_first() -> None:
    """Once it is private, members can no longer be removed."""
    everybody = wish(projects=[], exact=True, visibility="private")
    plan = plan_share(everybody, seen(a="accepted", b="pending"))
    assert steps(plan) == [
        "remove member a",
        "remove member b",
        "change image i from shared to private",
    ]
    assert not plan.warnings

    one = plan_share(
        wish(projects=["a"], state="absent", visibility="private"), seen(a="accepted", b="pending")
    )
    assert steps(one) == ["remove member a", "change image i from shared to private"]
    assert "keeps the grants of b," in one.warnings[0]


def test_what_cannot_be_removed_is_said() -> None:
    """On an image that is not shared, old members can be neither seen nor removed."""
    plan = plan_share(wish(projects=["a"], state="absent"), seen("private"))
    assert not plan.changed
    assert "come back" in plan.warnings[0]


def test_reading_changes_nothing() -> None:
    """A task with the image alone is a question."""
    for visibility in ("private", "shared", "community", "public"):
        plan = plan_share(wish(), seen(visibility))
        assert not plan.changed
        assert not plan.warnings


def test_the_owner_needs_no_share() -> None:
    """Sharing with oneself is left out, and said."""
    plan = plan_share(wish(projects=[OWNER, "a"]), seen(a="accepted"))
    assert not plan.changed
    assert "owns image" in plan.warnings[0]


def test_an_owner_alone_does_not_open_an_image() -> None:
    """Nobody gets it, so it stays what it is, and no old grant comes back."""
    for visibility in ("private", "public"):
        plan = plan_share(wish(projects=[OWNER]), seen(visibility))
        assert not plan.changed
        assert "owns image" in plan.warnings[0]


def test_a_project_that_is_gone_is_absent() -> None:
    """The reader has no id for it and said so."""
    assert not plan_share(wish(projects=["gone"], state="absent"), seen(a="accepted")).changed


def test_an_owner_among_the_members_can_be_removed() -> None:
    """Another tool may have put it there; exact and absent clean up."""
    exact = plan_share(wish(projects=["a"], exact=True), seen(a="accepted", owner="accepted"))
    assert steps(exact) == ["remove member owner"]
    absent = plan_share(wish(projects=[OWNER], state="absent"), seen(owner="accepted"))
    assert steps(absent) == ["remove member owner"]


def test_two_names_of_one_project_are_one_member() -> None:
    """By name and by id, a project is added once."""
    plan = plan_share(wish(projects=["by name", "a"]), seen())
    assert steps(plan) == ["add member a"]
    assert plan.after.members is not None
    assert plan.after.members[0].as_result()["project_name"] == "by name"


def test_the_quota_is_warned_of_only_where_it_would_grow() -> None:
    """A list that is long already and stays as it is worries nobody every night."""
    assert plan_share(wish(projects=["a", "b"], member_quota=1), seen()).warnings
    assert not plan_share(wish(projects=["a", "b"], member_quota=0), seen()).warnings
    settled = seen(a="accepted", b="accepted")
    assert not plan_share(wish(projects=["a", "b"], member_quota=1), settled).warnings


@pytest.mark.parametrize("answer", ["accepted", "rejected", "pending"])
def test_a_consumer_may_change_its_mind(answer: str) -> None:
    """Every answer may follow every other."""
    for before in ("accepted", "rejected", "pending"):
        plan = plan_share(wish(status=answer), seen(own="a", a=before))
        assert plan.changed == (answer != before)
        assert left(plan) == {"a": answer}


def test_a_consumer_cannot_answer_what_nobody_offered() -> None:
    """Not shared with it, not shared at all, or its own."""
    with pytest.raises(NotShared, match="not shared with project a"):
        plan_share(wish(status="accepted"), seen(own="a"))
    with pytest.raises(NotShared, match="public, not shared"):
        plan_share(wish(status="accepted"), seen("public", own="a"))
    with pytest.raises(InvalidRequest, match="belongs to project"):
        plan_share(wish(status="accepted"), seen(own=OWNER))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"image": ""}, "image is empty"),
        ({"projects": ["a", ""]}, "empty string"),
        ({"exact": True}, "exact is true without projects"),
        ({"state": "absent"}, "state is absent without projects"),
        ({"projects": ["a"], "exact": True, "state": "absent"}, "Use one of the two"),
        ({"projects": ["a"], "visibility": "private"}, "Only an image whose visibility is shared"),
        ({"projects": ["a"], "visibility": "public"}, "Only an image whose visibility is shared"),
        ({"status": "accepted", "exact": True}, "Use two tasks"),
        ({"status": "accepted", "state": "absent"}, "Use two tasks"),
        ({"member_quota": -1}, "member_quota is -1"),
    ],
)
def test_contradictions_are_refused(options: dict[str, Any], message: str) -> None:
    """Each before anything is asked of the cloud, and with a word on what to do."""
    with pytest.raises(InvalidRequest, match=message):
        wish(**options)
