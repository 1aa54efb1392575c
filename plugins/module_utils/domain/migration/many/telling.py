# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A plan for many images, as plain data for a play, and as a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ...image import Image
from ...progress import as_size
from .planning import MAKING, Action, ImagePlan, Move

_LONGEST_NAME = 40
_HEADINGS = ("IMAGE", "SIZE", "ACTION", "TO", "WHY")


def as_plain(plan: ImagePlan) -> dict[str, Any]:
    """What the report needs to know of an image."""
    return {
        "image": plan.image.id if plan.image else None,
        "name": plan.label,
        "size": plan.image.size if plan.image else None,
        "moves": [_as_plain(move) for move in plan.moves],
    }


def amounts(plans: Iterable[ImagePlan]) -> dict[str, int]:
    """How many bytes have to be read, once for all destinations, and how many to be written."""
    read = written = 0
    for plan in plans:
        sizes = [_size(plan, move) for move in plan.moves if move.action in MAKING]
        read += max(sizes, default=0)
        written += sum(sizes)
    return {"read": read, "written": written}


def table(plans: Sequence[ImagePlan], *, everything: bool) -> list[str]:
    """A line for each move, and one with the sum; without everything, for those that matter."""
    rows = [
        _row(plan, move)
        for plan in plans
        for move in plan.moves
        if everything or move.action is not Action.NONE
    ]
    lines = list(_aligned([_HEADINGS, *rows])) if rows else []
    return [*lines, _sum(plans)]


def _row(plan: ImagePlan, move: Move) -> tuple[str, ...]:
    size = as_size(plan.image.size or 0) if plan.image else ""
    return plan.label, size, _WORDS[move.action], move.place.label, _why(move)


_WORDS = {
    Action.CREATE: "move",
    Action.ROTATE: "move, rotate",
    Action.COMPLETE: "complete",
    Action.NONE: "nothing",
    Action.MISSING: "missing",
    Action.ERROR: "cannot",
}


def _why(move: Move) -> str:
    match move.action:
        case Action.ROTATE if move.image:
            return f"image {move.image.id} steps back"
        case Action.COMPLETE if move.image:
            return f"there as image {move.image.id}; to be seen is what it lacks beside its bytes"
        case Action.NONE if move.image:
            renamed = "" if move.image.name == move.name else f", named {move.image.name!r}"
            return f"there as image {move.image.id}{renamed}"
        case Action.CREATE if move.brings:
            return f"with {', '.join(f'{image.name!r}' for image in move.brings)}, which it needs"
    return move.reason


def _sum(plans: Sequence[ImagePlan]) -> str:
    bytes_of = amounts(plans)
    makes = sum(any(move.action in MAKING for move in plan.moves) for plan in plans)
    stuck = [move for plan in plans for move in plan.moves if move.reason]
    parts = [f"{makes} of {len(plans)} images to move"]
    if makes:
        parts.append(f"{as_size(bytes_of['read'])} to read")
    if bytes_of["written"] != bytes_of["read"]:
        parts.append(f"{as_size(bytes_of['written'])} to write")
    if stuck:
        parts.append(f"{len(stuck)} cannot be")
    return ", ".join(parts) + "."


def _size(plan: ImagePlan, move: Move) -> int:
    images = (plan.image, *move.brings)
    return sum(image.size or 0 for image in images if image)


def _as_plain(move: Move) -> dict[str, Any]:
    return {
        "destination": move.place.label,
        "number": move.place.number,
        "action": str(move.action),
        "reason": move.reason,
        "image": None if move.image is None else identity(move.image),
        "dropped": [one.as_result() for one in move.dropped],
    }


def identity(image: Image) -> dict[str, Any]:
    """By what an image is known for good."""
    names = ("id", "name", "size", "os_hash_algo", "os_hash_value", "checksum")
    return {name: getattr(image, name) for name in names}


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS) - 1)]
    widths[0] = min(widths[0], _LONGEST_NAME)
    for *cells, last in rows:
        padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        yield f"{'  '.join(padded)}  {last}".rstrip()
