# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the making of an image of a server or volume decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import TAG, Maker
from ansible_collections.curator.glance.plugins.module_utils.domain.server import Server
from ansible_collections.curator.glance.plugins.module_utils.domain.snapshot.planning import (
    SnapshotPlan,
    SnapshotSeen,
    last_change,
    plan_snapshot,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.snapshot.subject import (
    on_the_way_for,
    record_on_the_way,
    was_left_stopped,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.snapshot.wish import (
    SnapshotWish,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.volume import Volume
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    Conflict,
    CuratorError,
    InvalidRequest,
    NotReady,
)

NOW = "2026-11-21T10:00:00Z"
MAKER = Maker(host="here", pid=7, start=11)
SERVER = Server(id="s1", name="web", status="ACTIVE", project="p", image_id="base")
VOLUME = Volume(id="v1", name="root", status="available", project="p")
INSTEAD: dict[str, Any] = {"server": None, "volume": "root"}


def wish(**options: Any) -> SnapshotWish:
    """What a task asks for."""
    defaults = {
        "name": "saved",
        "server": "web",
        "volume": None,
        "stop": False,
        "disk_format": "raw",
        "properties": None,
        "tags": None,
        "cache_dir": None,
        "time_limit": 60,
    }
    return SnapshotWish.from_params({**defaults, **options})


def plan(
    subject: Server | Volume = SERVER, *, seen: dict[str, Any] | None = None, **options: Any
) -> SnapshotPlan:
    given = {"project": "p", "subject": subject, "now": NOW, **(seen or {})}
    return plan_snapshot(wish(**options), SnapshotSeen(**given))


def snapshot(**told: Any) -> Image:
    """An image as Nova makes it of a server whose own image was one of ours."""
    inherited = {
        "hw_disk_bus": "ide",
        "curator_id": "base",
        "curator_state": "superseded",
        "curator_provided": "until",
        **record_on_the_way(SERVER, MAKER),
    }
    of_nova = {"image_type": "snapshot", "instance_uuid": "s1", "base_image_ref": "base"}
    return Image(
        **{
            "id": "i1",
            "name": "saved (on the way)",
            "status": "active",
            "visibility": "private",
            "owner": "p",
            "disk_format": "raw",
            "container_format": "bare",
            "created_at": "2026-11-21T09:00:00Z",
            "properties": {**inherited, **of_nova},
            **told,
        }
    )


def made(**properties: Any) -> Image:
    """An image that an earlier run made of the server."""
    ours = {
        "curator_id": "i1",
        "curator_entry": "saved",
        "curator_source": "server/s1",
        "curator_state": "published",
        **properties,
    }
    return replace(snapshot(), name="saved", tags=(TAG,), properties=ours)


def test_an_image_that_is_yet_to_be_made() -> None:
    """It is foreseen with all that can be known of it, and whether the server goes down for it."""
    found = plan(stop=True, properties={"hw_disk_bus": "virtio"}, tags=["office"])
    told = found.after.as_result()
    assert (found.changed, told["action"], told["stopped"]) == (True, "created", True)
    assert (told["image"]["id"], told["image"]["name"]) == (None, "saved")
    assert told["image"]["tags"] == [TAG, "office"]
    assert told["image"]["properties"]["hw_disk_bus"] == "virtio"
    assert told["server"] == {"id": "s1", "name": "web", "project_id": "p"}
    assert found.warnings == ()


@pytest.mark.parametrize(
    "subject, stop, stopped, warns",
    [
        (SERVER, False, False, "after a power cut"),
        (SERVER, True, True, None),
        (replace(SERVER, status="SHUTOFF"), True, False, None),
        (replace(SERVER, status="SHUTOFF"), False, False, None),
        (VOLUME, False, False, None),
        (replace(VOLUME, status="in-use"), False, False, "after a power cut"),
    ],
)
def test_what_writes_meanwhile(
    subject: Server | Volume, warns: str | None, *, stop: bool, stopped: bool
) -> None:
    """Only a server that runs is stopped; where somebody goes on writing, a warning says so."""
    named = INSTEAD if isinstance(subject, Volume) else {}
    found = plan(subject, stop=stop, **named)
    assert found.after.stopped is stopped
    assert (warns is None) == (found.warnings == ())
    assert all(str(warns) in warning for warning in found.warnings)


def test_one_that_is_there() -> None:
    """It is found by where it is from and what it was made for, whatever its name is now."""
    renamed = replace(made(), name="Accounting")
    found = plan(seen={"made": (renamed,)})
    assert (found.changed, found.after.action, found.after.image) == (False, "unchanged", renamed)
    more = plan(seen={"made": (renamed,)}, properties={"hw_disk_bus": "virtio"}, tags=["office"])
    assert more.changed
    assert more.after.image
    assert more.after.image.tags == (TAG, "office")
    # What a dead run left is to be mended all the same.
    assert plan(seen={"made": (renamed,), "left_stopped": True}).changed
    assert plan(seen={"made": (renamed,), "leftovers": (snapshot(),)}).changed


@pytest.mark.parametrize(
    "other",
    [
        made(curator_state="superseded"),
        made(curator_state="retired"),
        made(curator_state="anything"),
        made(curator_entry="saved before"),
        made(curator_source="server/s2"),
        # Somebody's snapshot of a server that was started from it.
        replace(made(), id="i2"),
        made(instance_uuid="s9"),
        replace(made(), tags=()),
        replace(made(), owner="q"),
    ],
)
def test_one_that_is_another(other: Image) -> None:
    """What made way, or was made of or for something else, or is not ours, does not count."""
    assert plan(seen={"made": (other,)}).after.action == "created"


def test_a_name_that_is_taken() -> None:
    """Two images of one name would help nobody; nothing is made."""
    with pytest.raises(Conflict, match="Choose another name") as refused:
        plan(seen={"named": (snapshot(),)})
    assert refused.value.facts["candidates"] == ["i1"]


@pytest.mark.parametrize(
    "subject, stop, error, words",
    [
        (replace(SERVER, project="q"), False, InvalidRequest, "project q, not to that"),
        (replace(SERVER, image_id=None, volumes=("v1",)), False, InvalidRequest, "it has v1"),
        (replace(SERVER, status="ERROR", fault="No host"), False, NotReady, r"\(No host\)"),
        (replace(SERVER, status="PAUSED"), True, NotReady, "Resume it first"),
        (replace(VOLUME, status="creating"), False, NotReady, "is creating"),
    ],
)
def test_what_no_image_is_made_of(
    subject: Server | Volume, error: type[CuratorError], words: str, *, stop: bool
) -> None:
    """The message says why, and what to do."""
    named = INSTEAD if isinstance(subject, Volume) else {}
    with pytest.raises(error, match=words):
        plan(subject, stop=stop, **named)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"name": ""}, "name is empty"),
        ({"server": ""}, "server is empty"),
        ({"server": None, "volume": "root", "stop": True}, "stop is true with a volume"),
        ({"name": "x" * 256}, "has 256 characters"),
        ({"time_limit": 0}, "time_limit is 0"),
        ({"properties": {"curator_state": "staged"}}, "curator_state"),
        ({"properties": {"image_type": "snapshot"}}, "image_type"),
    ],
)
def test_what_cannot_be_meant(options: dict[str, Any], words: str) -> None:
    """It is refused before anything is asked of the cloud."""
    with pytest.raises(InvalidRequest, match=words):
        wish(**options)


def test_the_image_becomes_ours() -> None:
    """What it inherited of another image's making, and what Nova says of it, goes."""
    seen = SnapshotSeen(project="p", subject=SERVER, now=NOW)
    change = last_change(wish(tags=["office"]), seen, snapshot(), MAKER)
    image = change.after.image
    assert image.name == "saved"
    assert image.tags == (TAG, "office")
    assert image.properties == {
        "hw_disk_bus": "ide",
        "curator_id": "i1",
        "curator_maker": f"{MAKER} 0",
        "curator_entry": "saved",
        "curator_source": "server/s1",
        "curator_state": "published",
        "curator_published_at": NOW,
    }


@pytest.mark.parametrize(
    "described, left",
    [
        ({}, True),
        ({"updated_at": "2026-11-21T11:30:00Z"}, False),
        ({"updated_at": None}, False),
        # Nova is at it, or somebody has started it.
        ({"task_state": "image_uploading"}, False),
        ({"status": "ACTIVE"}, False),
        # Its owner has shut it down.
        ({"metadata": {}}, False),
    ],
)
def test_a_server_that_was_left_stopped(described: dict[str, Any], *, left: bool) -> None:
    """Marked, shut down and untouched for long, whichever host the run was on."""
    stopped = replace(
        SERVER,
        status="SHUTOFF",
        updated_at="2026-11-21T10:30:00Z",
        metadata={"curator_stopped_by": "elsewhere 17 4711"},
    )
    assert was_left_stopped(replace(stopped, **described), "2026-11-21T12:00:00Z") is left


def test_an_image_on_the_way() -> None:
    """Its maker is known by what stands on it, and nobody's else is taken for it."""
    assert on_the_way_for(snapshot(), SERVER, "p") == MAKER
    assert on_the_way_for(snapshot(), replace(SERVER, id="s2"), "p") is None
    assert on_the_way_for(snapshot(), SERVER, "q") is None
    assert on_the_way_for(made(), SERVER, "p") is None
    assert on_the_way_for(replace(snapshot(), tags=(TAG,)), SERVER, "p") is None
    # A snapshot of a server that was started from one that was never finished.
    inherited = {**snapshot().properties, "instance_uuid": "s2"}
    server = replace(SERVER, id="s2")
    assert on_the_way_for(replace(snapshot(), properties=inherited), server, "p") is None


@pytest.mark.parametrize("standing", [(), (made(curator_source="volume/v1"),)])
def test_what_has_the_name_of_an_image_of_a_volume_in_the_making(
    standing: tuple[Image, ...],
) -> None:
    """It is named, and stays: nothing else tells that a run has left it."""
    left = replace(snapshot(), id="i9", name="saved (staged v1)", properties={})
    seen = {"unmarked": (left, replace(left, tags=(TAG,))), "made": standing}
    found = plan(VOLUME, seen=seen, **INSTEAD)
    (warning,) = found.warnings
    assert "Image i9 is called 'saved (staged v1)'" in warning
    assert "Delete it if nobody needs it." in warning
    assert found.changed is not bool(standing)
