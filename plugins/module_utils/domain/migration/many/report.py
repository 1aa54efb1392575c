# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What came of many images: the plan, and what the module said of each that had work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .planning import MAKING, WORK, Action

CREATED, ROTATED, UPDATED = "created", "rotated", "updated"
UNCHANGED, MISSING, FAILED = "unchanged", "missing", "failed"
ACTIONS = (CREATED, ROTATED, UPDATED, UNCHANGED, MISSING, FAILED)

# What a move comes to without anybody having worked on it.
_FORESEEN = {
    Action.CREATE: CREATED,
    Action.ROTATE: ROTATED,
    Action.COMPLETE: UPDATED,
    Action.NONE: UNCHANGED,
    Action.MISSING: MISSING,
    Action.ERROR: FAILED,
}
_IDENTITY = ("size", "os_hash_algo", "os_hash_value", "checksum")


def report(
    plan: Mapping[str, Any], outcomes: Mapping[str, Mapping[str, Any]], *, predicted: bool
) -> dict[str, Any]:
    """The result of a run.

    `outcomes` has, by the source's ids, what image_migrate returned at the last of its attempts, or
    why it could not be run. In check mode nobody has worked, and the plan is the result.
    """
    images = [
        {
            "image": image["image"],
            "name": image["name"],
            "size": image["size"],
            "destinations": list(_ends(image, outcomes, predicted=predicted)),
        }
        for image in plan["images"]
    ]
    ends = [end for image in images for end in image["destinations"]]
    counted = Counter(end["action"] for end in ends)
    return {
        "predicted": predicted,
        "source": plan["source"],
        "summary": {action: counted[action] for action in ACTIONS},
        "bytes": plan["bytes"]["written"] if predicted else sum(end["bytes"] for end in ends),
        "failed": _failures(images),
        "images": images,
    }


def _ends(
    image: Mapping[str, Any], outcomes: Mapping[str, Mapping[str, Any]], *, predicted: bool
) -> Iterator[dict[str, Any]]:
    outcome = outcomes.get(image["image"], _NOBODY)
    # In the order in which the module was told of them.
    told = iter(outcome.get("results", ()))
    for move in image["moves"]:
        if move["action"] not in WORK or predicted:
            yield _foreseen(move, predicted=predicted)
            continue
        result = next(told, None)
        if result is None:
            yield _failed(move, outcome.get("msg"))
        else:
            yield _done(move, result, outcome.get("attempts", 1))


_NOBODY: Mapping[str, Any] = {
    "msg": "No host worked on it. Look above for what happened to its host, or to localhost."
}


def _foreseen(move: Mapping[str, Any], *, predicted: bool) -> dict[str, Any]:
    action = _FORESEEN[Action(move["action"])]
    # What check mode does not find, an earlier task may be about to make.
    if action == MISSING and not predicted:
        action = FAILED
    known = move["image"] if action == UNCHANGED else None
    end = _end(move, action, known)
    return {**end, "message": move["reason"]} if move["reason"] else end


def _done(move: Mapping[str, Any], result: Mapping[str, Any], attempts: int) -> dict[str, Any]:
    if result.get("failed"):
        return _failed(move, result.get("msg"))
    transfer = result.get("transfer") or {}
    action = result["action"]
    if move["action"] == Action.COMPLETE and result.get("changed"):
        action = UPDATED
    elif action == UNCHANGED and move["action"] in MAKING and attempts > 1:
        # It came with an earlier attempt, which failed at another destination, or afterwards.
        action = _FORESEEN[Action(move["action"])]
        transfer = {"bytes": result["image"]["size"]}
    return {
        **_end(move, action, result["image"]),
        "bytes": transfer.get("bytes", 0),
        "seconds": transfer.get("seconds", 0.0),
        "previous": result.get("previous"),
        "dropped": result.get("dropped") or [],
        "unmapped_members": result.get("unmapped_members") or [],
    }


def _failed(move: Mapping[str, Any], message: str | None) -> dict[str, Any]:
    words = " ".join((message or "No reason was given.").split())
    return {**_end(move, FAILED, None), "message": words}


def _end(move: Mapping[str, Any], action: str, image: Mapping[str, Any] | None) -> dict[str, Any]:
    found = image or {}
    return {
        "destination": move["destination"],
        "action": action,
        "image": found.get("id"),
        "name": found.get("name"),
        **{name: found.get(name) for name in _IDENTITY},
        "bytes": 0,
        "seconds": 0.0,
        "previous": None,
        "dropped": list(move["dropped"]),
        "unmapped_members": [],
    }


def _failures(images: Sequence[Mapping[str, Any]]) -> list[str]:
    """What failed, in the words of a message that ends a play."""
    return [
        f"{image['name']} ({end['destination']})"
        for image in images
        for end in image["destinations"]
        if end["action"] == FAILED
    ]
