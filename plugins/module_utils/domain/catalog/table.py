# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A plan as text for people: a table, and the two sides of a diff."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from ..retirement import Retirement
from .planning import Action, EntryPlan

_LONGEST_NAME = 40
_HEADINGS = ("ENTRY", "ACTION", "WHY")


def table(
    plans: Sequence[EntryPlan], retire: Iterable[Retirement], coming: Iterable[Retirement]
) -> list[str]:
    """A line for each entry that needs something, and one that counts the others.

    What is coming is to be retired as soon as other images have stepped back.
    """
    busy = [plan for plan in plans if plan.action != Action.NONE]
    rows = [(plan.name, str(plan.action), " ".join(plan.reasons)) for plan in busy]
    lines = list(_aligned([_HEADINGS, *rows])) if rows else []
    lines += [f"{item.image.name}: {item.level}, {item.reason}." for item in retire]
    lines += [f"{item.image.name}: {item.level} afterwards, {item.reason}." for item in coming]
    quiet = len(plans) - len(busy)
    return [*lines, f"{quiet} of {len(plans)} entries need nothing."]


def sides(
    plans: Iterable[EntryPlan], retire: Iterable[Retirement], coming: Iterable[Retirement]
) -> dict[str, str]:
    """What a diff of the plan shows: how things are now, and how they will be."""
    before: list[str] = []
    after: list[str] = []
    for plan in plans:
        if plan.action in {Action.NONE, Action.ERROR, Action.RETIRE}:
            continue
        old, new = _content_now(plan), _content_then(plan)
        before += [f"{plan.name}: {old}"] if old and old != new else []
        after += [f"{plan.name}: {new}"] if old != new else []
        for left, right in zip_longest(_facts(plan.before), _facts(plan.after)):
            before += [f"{plan.name}: {left}"] if left else []
            after += [f"{plan.name}: {right}"] if right else []
        before += [f"{image.name}: image {image.id}" for image, _name in plan.superseded[1:]]
        after += [f"{name}: image {image.id}" for image, name in plan.superseded]
    for item in retire:
        before.append(f"{item.image.name}: image {item.image.id}")
        after.append(_retired(item))
    for item in coming:
        line = f"{item.image.name}: image {item.image.id}"
        # One that has yet to step back is there already, before by another name.
        if line in after:
            after.remove(line)
        else:
            before.append(line)
        after.append(_retired(item))
    return {"before": _text(before), "after": _text(after)}


def _aligned(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    first, second = (min(_LONGEST_NAME, max(len(row[column]) for row in rows)) for column in (0, 1))
    for name, action, why in rows:
        yield f"{name:<{first}}  {action:<{second}}  {why}".rstrip()


def _content_now(plan: EntryPlan) -> str:
    return f"image {plan.image.id}" if plan.image else ""


def _content_then(plan: EntryPlan) -> str:
    if not plan.makes_image:
        return f"image {plan.staged.id}" if plan.staged else _content_now(plan)
    proof = plan.lineage.proof if plan.lineage else ""
    return f"new image from {proof}" if proof else "new image"


def _retired(item: Retirement) -> str:
    return f"{item.image.name}: image {item.image.id}, retired: {item.level}"


def _facts(side: object) -> Iterator[str]:
    """What differs about an image, a line each."""
    if not isinstance(side, dict):
        return
    for name, value in side.items():
        if isinstance(value, dict):
            yield from (f"{name}.{key} is {_plain(inner)}" for key, inner in value.items())
        else:
            yield f"{name} is {_plain(value)}"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
