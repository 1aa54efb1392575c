# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an image is taken out of use, decided from what it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import TAG, is_ours
from ansible_collections.curator.glance.plugins.module_utils.domain.plan import (
    PatchImage,
    SetActive,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.retire import (
    RetirePlan,
    RetireSeen,
    RetireWish,
    plan_retire,
    why_not_ours,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.use import (
    ALL_PROJECTS,
    NO_SERVICE,
    OWN_PROJECT,
    Use,
    User,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CuratorError,
    InUse,
    InvalidRequest,
    NotReady,
)

ID = "3d8b7c2e-1f0a-4b57-9a1c-6d5e4f3a2b10"
NOW = "2026-11-21T00:00:00Z"


def image(state: str = "superseded", **attributes: Any) -> Image:
    properties = {"curator_id": ID, "curator_state": state, **attributes.pop("properties", {})}
    made = Image(
        id=ID,
        name="Debian 12 2026-10-01",
        status="active",
        visibility="public",
        owner="p",
        tags=(TAG,),
        updated_at="2026-11-01T00:00:00Z",
        properties=properties,
    )
    return replace(made, **attributes)


def plan(
    found: Image | None, level: str, *, force: bool = False, use: Use | None = None
) -> RetirePlan:
    wish = RetireWish.from_params({"image": ID, "level": level, "force": force})
    return plan_retire(wish, RetireSeen(image=found, project="p", now=NOW, use=use))


def patched(found: RetirePlan) -> dict[str, Any]:
    assert found.change is not None
    (step,) = (step for step in found.change.steps if isinstance(step, PatchImage))
    return {
        operation["path"]: operation.get("value", operation["op"]) for operation in step.operations
    }


def test_hidden_and_recorded_in_one_request() -> None:
    """An image says how far it was retired, and since when it is out of the way."""
    found = plan(image("published"), "hide")
    assert patched(found) == {
        "/os_hidden": True,
        "/curator_state": "retired",
        "/curator_retired_as": "hide",
        "/curator_stepped_back_at": NOW,
    }
    assert found.after.action == "retired"
    assert found.after.image is not None
    assert not plan(found.after.image, "hide").changed


def test_when_it_stepped_back_is_not_forgotten() -> None:
    """Ages are counted from then, not from when it was retired."""
    known = image(properties={"curator_stepped_back_at": "2026-10-05T00:00:00Z"})
    assert "/curator_stepped_back_at" not in patched(plan(known, "hide"))
    assert patched(plan(image(), "hide"))["/curator_stepped_back_at"] == "2026-11-01T00:00:00Z"


@pytest.mark.parametrize("visibility", ["private", "shared", "community"])
def test_nothing_becomes_wider(visibility: str) -> None:
    """Only from public is community a step back."""
    assert patched(plan(image(), "community"))["/visibility"] == "community"
    assert "/visibility" not in patched(plan(image(visibility=visibility), "community"))


def test_deactivated() -> None:
    """After it is hidden; a run that died in between is finished."""
    found = plan(image(), "deactivate")
    assert found.change is not None
    assert [type(step) for step in found.change.steps] == [PatchImage, SetActive]
    assert found.after.image is not None
    assert found.after.image.status == "deactivated"
    half = plan(replace(found.after.image, status="active"), "deactivate")
    assert half.change is not None
    assert [type(step) for step in half.change.steps] == [SetActive]


def test_what_went_further_is_not_taken_back() -> None:
    """A gentler level changes nothing of it."""
    further = plan(image(), "deactivate").after.image
    for level in ("hide", "community"):
        found = plan(replace(further, visibility="private") if further else None, level)
        assert not found.changed


def test_deleted() -> None:
    """Protection is lifted where force says so; what is gone is gone."""
    assert plan(image(), "delete", force=True).change is None
    found = plan(image(protected=True), "delete", force=True)
    assert patched(found) == {"/protected": False}
    assert found.delete == image(protected=True)
    assert found.after.as_result() == {"image": None, "action": "deleted"}
    assert found.after.as_diff() == {}
    gone = plan(None, "delete", force=True)
    assert not gone.changed
    assert gone.after.as_result() == {"image": None, "action": "unchanged"}


FOREIGN = [
    ({"owner": "q"}, "project q"),
    ({"tags": ()}, "no tag"),
    ({"properties": {"curator_id": "another"}}, "another image"),
    ({"properties": {"image_type": "snapshot"}}, "snapshot"),
    ({"properties": {"instance_uuid": "u", "curator_id": "another"}}, "instance_uuid"),
]


@pytest.mark.parametrize("attributes, words", FOREIGN)
@pytest.mark.parametrize("level", ["hide", "community", "deactivate", "delete"])
def test_what_is_not_ours_is_left_alone(attributes: dict[str, Any], words: str, level: str) -> None:
    """By any one sign, and whatever force says."""
    with pytest.raises(InvalidRequest, match=words):
        plan(image(**attributes), level, force=True)


@pytest.mark.parametrize("attributes, words", [*FOREIGN, ({}, "")])
def test_the_reason_is_there_where_it_is_not_ours(attributes: dict[str, Any], words: str) -> None:
    """The words go with the rule that all modules have."""
    found = image(**attributes)
    assert is_ours(found, "p") == (why_not_ours(found, "p") is None) == (not words)


def test_an_image_without_an_id_of_ours() -> None:
    """It was made by hand, or by another tool."""
    assert why_not_ours(replace(image(), properties={}), "p") == "it has no curator_id"


@pytest.mark.parametrize(
    "found, level, error, words",
    [
        (image(""), "hide", NotReady, "never proven"),
        (image("published"), "deactivate", InvalidRequest, "is published"),
        (image("published"), "delete", InvalidRequest, "is published"),
        (image(protected=True), "hide", InvalidRequest, "is protected"),
        (image(), "delete", InvalidRequest, "is not known"),
    ],
)
def test_what_needs_force(found: Image, level: str, error: type[CuratorError], words: str) -> None:
    """What is not proven yet is somebody's work, and not even force takes it away."""
    with pytest.raises(error, match=words):
        plan(found, level)
    if error is NotReady:
        with pytest.raises(error, match=words):
            plan(found, level, force=True)
    else:
        assert plan(found, level, force=True).changed


WEB = User(kind="server", id="s1", name="web", project="q", project_name="shop")


@pytest.mark.parametrize(
    "servers, volumes, enough",
    [
        (ALL_PROJECTS, ALL_PROJECTS, True),
        (ALL_PROJECTS, NO_SERVICE, True),
        (ALL_PROJECTS, OWN_PROJECT, False),
        (OWN_PROJECT, NO_SERVICE, False),
        (NO_SERVICE, ALL_PROJECTS, False),
        (NO_SERVICE, NO_SERVICE, False),
    ],
)
def test_what_nobody_uses_needs_no_force(servers: str, volumes: str, *, enough: bool) -> None:
    """But only where all were asked who could use it; force is for what is not known."""
    use = Use(servers=servers, volumes=volumes)
    if enough:
        found = plan(image(), "delete", use=use)
        assert found.after.as_result()["asked"] == {"servers": servers, "volumes": volumes}
    else:
        with pytest.raises(InvalidRequest, match="is not known: ") as refused:
            plan(image(), "delete", use=use)
        assert refused.value.facts["asked"]["servers"] == servers
    assert plan(image(), "delete", use=use, force=True).delete


@pytest.mark.parametrize("servers", [ALL_PROJECTS, OWN_PROJECT])
@pytest.mark.parametrize("force", [True, False])
def test_what_somebody_uses_stays(servers: str, *, force: bool) -> None:
    """Force overrules no knowledge; and everything gentler than deletion is for the taking."""
    use = Use(servers=servers, users=(WEB,))
    with pytest.raises(InUse, match=r"server 'web' \(s1\) of project shop") as refused:
        plan(image(), "delete", use=use, force=force)
    assert [user["id"] for user in refused.value.facts["in_use"]] == ["s1"]
    for level in ("hide", "community", "deactivate"):
        assert plan(image(), level, use=use).changed


def test_many_users_are_counted() -> None:
    """A message names a few, and says how many more there are, or that there are more."""
    users = tuple(User(kind="volume", id=f"v{number}", name="") for number in range(7))
    assert (
        Use(users=users).known == "volume v0, volume v1, volume v2, volume v3, volume v4 and 2 more"
    )
    assert Use(users=users[:1], more=True).known == "volume v0, and others"


def test_who_was_not_asked() -> None:
    """The message says of whom it is not known."""
    assert Use(servers=OWN_PROJECT, volumes=OWN_PROJECT).unknown.endswith(
        "its own project's servers and volumes only"
    )
    assert Use(servers=ALL_PROJECTS, volumes=OWN_PROJECT).unknown.endswith("volumes only")
    assert "no compute service" in Use().unknown


def test_only_an_id_is_deleted() -> None:
    """In the form in which Glance knows it: in another one, it would be taken as gone."""
    for name in ("", "Debian 12"):
        with pytest.raises(InvalidRequest):
            RetireWish.from_params({"image": name, "level": "delete", "force": True})
    short = {"image": ID.replace("-", ""), "level": "delete", "force": True}
    assert RetireWish.from_params(short).image == ID
