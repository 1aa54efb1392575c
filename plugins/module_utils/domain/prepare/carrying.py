# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Carrying operations out, one after the other: on a guest, or on what it would be."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from ...errors import CheckFailed, CuratorError
from .edits import Edit, Link, Remove, Run, Write, told
from .guest import Guest, Kind
from .table import Operation

# More of one file is no help to who reads it.
_SHOWN_AT_MOST = 64 << 10
_ALL_MAY_READ, _ALL_MAY_ENTER = 0o004, 0o001


class Bench(Guest, Protocol):
    """A guest that can be changed."""

    def apply(self, edit: Edit) -> bool:
        """Do it; whether anything is different now."""


@dataclass(slots=True)
class Outcome:
    """What came of one operation."""

    name: str
    what: list[str] = field(default_factory=list)
    changed: bool = False

    def as_result(self) -> dict[str, Any]:
        return {"name": self.name, "changed": self.changed, "what": self.what}


@dataclass(slots=True)
class Carried:
    """What came of all of them."""

    outcomes: list[Outcome] = field(default_factory=list)
    # By path: how a file was before all of them, and is after.
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return any(outcome.changed for outcome in self.outcomes)

    def diffs(self) -> list[dict[str, str]]:
        """The files as Ansible shows them."""
        return [
            {
                "before_header": path,
                "after_header": path,
                "before": self.before[path],
                "after": self.after[path],
            }
            for path in sorted(self.before)
            if self.before[path] != self.after[path]
        ]


def carry_out(
    operations: Iterable[Operation],
    bench: Bench,
    *,
    network: bool = True,
    expand: Callable[[Operation], Iterable[Operation]] = lambda one: [one],
    begin: Callable[[str], None] = lambda _name: None,
) -> Carried:
    """Plan and do one operation after the other; each sees what the earlier ones did.

    `expand` may put others in the place of one, when its turn comes. Without `network`, what would
    fetch anything is refused.
    """
    carried = Carried()
    for asked in operations:
        for operation in expand(asked):
            begin(operation.name)
            outcome = Outcome(operation.name)
            carried.outcomes.append(outcome)
            try:
                _do(operation, bench, outcome, carried, network=network)
            except CuratorError as error:
                raise type(error)(
                    f"The operation {operation.name} failed. {error.message}", **error.facts
                ) from error
    return carried


def _do(
    operation: Operation, bench: Bench, outcome: Outcome, carried: Carried, *, network: bool
) -> None:
    for edit in operation.plan(bench):
        # The plan goes on when the edit is done, with what is there then.
        _require_possible(edit, bench, network=network)
        path = edit.path if isinstance(edit, Write | Remove | Link) else None
        if path is not None and path not in carried.before:
            is_text = isinstance(edit, Write) and not edit.secret
            carried.before[path] = _shown(bench, path, is_text=is_text)
        if bench.apply(edit):
            outcome.changed = True
            outcome.what.append(told(edit))
        if path is not None:
            is_text = isinstance(edit, Write) and not carried.before[path].startswith("(")
            carried.after[path] = _shown(bench, path, is_text=is_text)


def _require_possible(edit: Edit, bench: Bench, *, network: bool) -> None:
    """Refuse what could not be done, where it is foreseen as well as where it is done."""
    if isinstance(edit, Run) and edit.network and not network:
        raise CheckFailed(
            f"To {edit.why}, programs of the guest need a network, and get none unless the task "
            "says network: true. With files, packages can be given instead."
        )
    if isinstance(edit, Write):
        there = bench.standing(edit.path)
        if there is not None and there.kind is not Kind.FILE:
            raise CheckFailed(
                f"In the guest, {edit.path} is {there.kind.value}, and no file that could be "
                "written. Name another path, or have it removed first with delete."
            )


def require_done(operations: Iterable[Operation], bench: Bench) -> None:
    """See that an operation that was done has nothing left to do."""
    for operation in operations:
        left = [] if operation.repeats else [told(edit) for edit in operation.plan(bench)]
        if left:
            raise CheckFailed(
                f"The operation {operation.name} was carried out, and the guest is not as it "
                f"should be. Left to do is: {'; '.join(left)}."
            )


def _shown(guest: Guest, path: str, *, is_text: bool) -> str:
    """A file for a diff. What others may not read in the guest, nobody reads here."""
    target = guest.link(path)
    if target is not None:
        return f"(a link to {target})\n"
    found = guest.standing(path)
    if found is None:
        return ""
    if found.kind is not Kind.FILE:
        return f"({found.kind.value})\n"
    hidden = not found.mode & _ALL_MAY_READ or not _all_may_reach(guest, path)
    if not is_text or found.size > _SHOWN_AT_MOST or hidden:
        return f"(a file of {found.size} bytes)\n"
    data = guest.read(path, _SHOWN_AT_MOST)
    return "(no text)\n" if b"\0" in data else data.decode("utf-8", "replace")


def _all_may_reach(guest: Guest, path: str) -> bool:
    """Whether others may enter the folders in which it is."""
    folder = posixpath.dirname(path)
    while folder not in {"/", ""}:
        found = guest.standing(folder)
        if found is not None and not found.mode & _ALL_MAY_ENTER:
            return False
        folder = posixpath.dirname(folder)
    return True
