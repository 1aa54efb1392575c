# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run came to, and the ledger of all runs."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.many.ledger import (
    continued,
    entries_of,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.many.report import (
    report,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

from support.listings import decided, moved, shown

NOW, LATER = "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"


def result(image: dict[str, Any], **said: Any) -> dict[str, Any]:
    """What image_migrate says of one destination."""
    made = moved(image)
    transfer = {"bytes": image["size"], "seconds": 0.5}
    return {"action": "created", "image": made, "transfer": transfer, "changed": True, **said}


def ends(run: dict[str, Any]) -> list[str]:
    return [end["action"] for image in run["images"] for end in image["destinations"]]


def test_a_run() -> None:
    """What was done, what was there, what could not be, and what nobody worked on."""
    here = [shown("one"), shown("two"), shown("lost"), shown("queued", status="queued", size=None)]
    given = ["one", "two", "lost", "queued", "missing"]
    plan = decided(given, here=here, there=[moved(here[1])])
    run = report(plan, {here[0]["id"]: {"results": [result(here[0])]}}, predicted=False)
    assert ends(run) == ["created", "unchanged", "failed", "failed", "failed"]
    assert run["summary"] == {
        "created": 1,
        "rotated": 0,
        "updated": 0,
        "unchanged": 1,
        "missing": 0,
        "failed": 3,
    }
    assert run["bytes"] == 1 << 20
    assert run["failed"] == ["lost (there)", "queued (there)", "missing (there)"]
    (made,) = run["images"][0]["destinations"]
    assert made["image"] == moved(here[0])["id"]
    assert made["os_hash_value"] == here[0]["os_hash_value"]
    messages = [end.get("message", "") for image in run["images"] for end in image["destinations"]]
    assert messages[2].startswith("No host worked on it.")
    assert "no image 'missing'" in messages[4]


def test_a_prediction() -> None:
    """What is missing may be about to be made by an earlier task."""
    here = [shown("one")]
    run = report(decided(["one", "missing"], here=here), {}, predicted=True)
    assert ends(run) == ["created", "missing"]
    assert run["bytes"] == 1 << 20
    assert run["images"][0]["destinations"][0]["image"] is None


def test_some_destinations_fail() -> None:
    """Each has its own end; where there is none, what the module said goes for it."""
    image = shown("one")
    there = {"a": [], "b": [moved(image)], "c": []}
    plan = decided(["one"], here=[image], destinations=list(there), there=there)
    outcome = {
        "results": [{"action": "failed", "failed": True, "msg": "a\nis full"}, result(image)],
        "msg": "1 of 2",
    }
    run = report(plan, {image["id"]: outcome}, predicted=False)
    assert ends(run) == ["failed", "unchanged", "created"]
    assert run["images"][0]["destinations"][0]["message"] == "a is full"
    run = report(plan, {image["id"]: {"results": [], "msg": "Gone."}}, predicted=False)
    assert ends(run) == ["failed", "unchanged", "failed"]
    assert run["images"][0]["destinations"][2]["message"] == "Gone."


def test_what_an_earlier_attempt_brought() -> None:
    """The last one finds it there; the run has brought it all the same."""
    image = shown("one")
    plan = decided(["one"], here=[image], destinations=["a", "b"])
    found = result(image, action="unchanged", changed=False, transfer=None)
    for attempts, actions, octets in ((2, ["created"] * 2, 2), (1, ["unchanged", "created"], 1)):
        outcome = {"results": [found, result(image)], "attempts": attempts}
        run = report(plan, {image["id"]: outcome}, predicted=False)
        assert ends(run) == actions
        assert run["bytes"] == octets << 20


def test_members_that_were_lacking() -> None:
    """The image was there, and is updated only where somebody got it."""
    image = shown("one", visibility="shared")
    plan = decided(
        ["one"],
        here=[image],
        there=[moved(image)],
        common={"members": True},
        update_members=True,
    )
    for changed, action in ((True, "updated"), (False, "unchanged")):
        told = result(image, action="unchanged", changed=changed, transfer=None)
        run = report(plan, {image["id"]: {"results": [told]}}, predicted=False)
        assert ends(run) == [action]


def test_the_ledger() -> None:
    """It has what was moved and what was found; what is as before stays as it was written."""
    here = [shown("one"), shown("two"), shown("three")]
    plan = decided(["one", "two", "three"], here=here, there=[moved(here[1])])
    run = report(plan, {here[0]["id"]: {"results": [result(here[0])]}}, predicted=False)
    first = continued(entries_of(None), run, NOW)
    assert [(e["name"], e["action"], e["bytes"]) for e in first] == [
        ("one", "created", 1 << 20),
        ("two", "unchanged", 0),
    ]
    assert first[0] == {
        "source": "here",
        "source_id": here[0]["id"],
        "destination": "there",
        "id": moved(here[0])["id"],
        "name": "one",
        "size": 1 << 20,
        "os_hash_algo": "sha512",
        "os_hash_value": here[0]["os_hash_value"],
        "checksum": here[0]["checksum"],
        "action": "created",
        "bytes": 1 << 20,
        "at": NOW,
    }

    there = [moved(image) for image in here]
    again = report(decided(["one", "two"], here=here, there=there), {}, predicted=False)
    assert continued(entries_of({"images": deepcopy(first)}), again, LATER) == first

    # Made anew by somebody, it is another image, and one that was moved later is added.
    there[0] = {**there[0], "id": "other"}
    there[0]["properties"]["curator_id"] = "other"
    plan = decided(["one", "three"], here=here, there=there)
    changed = continued(first, report(plan, {}, predicted=False), LATER)
    assert [(e["id"], e["at"]) for e in changed] == [
        ("other", LATER),
        (first[1]["id"], NOW),
        (there[2]["id"], LATER),
    ]


@pytest.mark.parametrize(
    "document",
    ["text", [], {}, {"images": {}}, {"images": ["one"]}, {"images": [{"source_id": "1"}]}],
)
def test_what_is_no_ledger(document: Any) -> None:
    """Somebody's file is not written over."""
    with pytest.raises(InvalidRequest, match="is no ledger"):
        entries_of(document)
