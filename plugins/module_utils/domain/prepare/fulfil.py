# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a task wants, done to a guest or on paper; and what the task returns of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import CheckFailed, MissingTool
from . import secrets
from .carrying import Bench, Carried, Outcome, carry_out, require_done
from .edits import Trim, told
from .inspecting import foreseen, hindrance, inspect, judge
from .options import LocalFiles
from .table import AS_NEEDED, NEEDED, Operation, needed, understand
from .verdict import CANNOT
from .wish import FAIL, IGNORE, REMOVE, PrepareWish

# The operation that secrets: remove stands for, in what is returned.
_REMOVING = "secrets"
_RELABEL = "selinux_relabel"
_SHRINK, _COMPRESS = "shrink", "compress"
_DRIVERS = "virtio"
_FOR_WINDOWS = frozenset({AS_NEEDED, _DRIVERS, _COMPRESS})
_NAMED_AT_MOST = 8


def fulfil(
    wish: PrepareWish,
    files: LocalFiles,
    bench: Bench,
    *,
    check: bool,
    begin: Callable[[str], None] = lambda _name: None,
) -> dict[str, Any]:
    """Do it all; with `check`, on paper, where what programs would leave cannot be known."""
    inspection, found = inspect(bench), judge(bench)
    operations = understand(wish.asked, files)
    unfit = _unfit(operations, bench)
    if unfit:
        raise CheckFailed(
            f"The operation {unfit} is for Linux guests, and this is {bench.system.product}. "
            + " ".join(found["reasons"]),
            inspection=inspection,
            verdict=found,
        )
    work = _Work(wish, files, bench, found, begin)
    carried = work.carry_out(operations)
    left = work.clear_secrets(carried)
    work.label(carried)
    if wish.secrets == REMOVE and carried.changed:
        # What was removed, or written anew, is in no file any more, and still on the disk.
        bench.apply(Trim())
    if not check:
        require_done(work.done, bench)
    verdict = judge(bench) if carried.changed and not check else found
    return {
        # Another file is another disk, even where it has the same in it.
        "changed": carried.changed or wish.output is not None,
        "inspection": {**inspection, "verdict": found},
        "verdict": verdict,
        "operations": [outcome.as_result() for outcome in carried.outcomes],
        "secrets": [secret.as_result() for secret in left],
        "output": wish.output or (wish.path if wish.in_place else None),
        "diff": carried.diffs(),
        "warnings": [*work.warnings, *verdict["warnings"]],
    }


def _unfit(operations: Sequence[Operation], bench: Bench) -> str | None:
    """The first operation that is not for a guest of this kind."""
    if bench.system.type == "linux":
        return None
    possible = _FOR_WINDOWS if bench.system.type == "windows" else frozenset()
    return next((one.name for one in operations if one.name not in possible), None)


def still(result: Mapping[str, Any], wish: PrepareWish) -> dict[str, Any]:
    """What is returned of a disk that stands: what it is, and that nothing was done."""
    warnings, left = list(result["warnings"]), list(result["secrets"])
    if left and wish.secrets == IGNORE:
        warnings.remove(_warning_of(left))
        left = []
    return {**unchanged(result), "secrets": left, "output": wish.output, "warnings": warnings}


def unchanged(result: Mapping[str, Any]) -> dict[str, Any]:
    """What is returned where nothing came of it."""
    none = [{**one, "changed": False, "what": []} for one in result["operations"]]
    return {**result, "changed": False, "operations": none}


def only_compressed(result: Mapping[str, Any]) -> bool:
    """Whether all that was done is to compress the image, in which nothing else is."""
    return [one["name"] for one in result["operations"] if one["changed"]] == [_COMPRESS]


@dataclass(slots=True)
class _Work:
    """A task at work on a guest."""

    wish: PrepareWish
    files: LocalFiles
    bench: Bench
    # The verdict on the guest as it came.
    found: Mapping[str, Any]
    begin: Callable[[str], None]
    done: list[Operation] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def carry_out(self, operations: Sequence[Operation]) -> Carried:
        """The operations of the task, and those that the guest needs in the place of as_needed."""
        try:
            carried = carry_out(
                operations,
                self.bench,
                network=self.wish.network,
                expand=self._expanded,
                begin=self.begin,
            )
        except (CheckFailed, MissingTool) as error:
            if self.bench.system.type == "windows":
                # With it, whoever asked can do without: there is hardware that needs no drivers.
                raise type(error)(error.message, verdict=self.found) from error
            raise
        if any(one.name == _SHRINK for one in self.done) and self.bench.slack is None:
            self.warnings.append(
                "The operation shrink did nothing: it can make an ext file system smaller that is "
                "mounted, and alone in the last partition, which is not a logical one."
            )
        return carried

    def label(self, carried: Carried) -> None:
        """Where labels matter, what was written has none; a guest kept from it may not start."""
        if self.bench.system.type == "linux":
            labelled = carry_out([needed(_RELABEL, self.files)], self.bench)
            carried.outcomes += [one for one in labelled.outcomes if one.changed]

    def _expanded(self, operation: Operation) -> Iterator[Operation]:
        chosen: Iterable[Operation] = [operation]
        if operation.name == AS_NEEDED:
            chosen = self._needed()
        for one in chosen:
            self.done.append(one)
            yield one

    def _needed(self) -> Iterator[Operation]:
        """What the guest needs, asked at the turn of each: what one does can call for another."""
        if self.found["state"] == CANNOT:
            raise CheckFailed(" ".join(self.found["reasons"]), verdict=self.found)
        if self.bench.system.type == "windows":
            asked = understand(self.wish.asked, self.files)
            # Where the task names it as well, it may name the drivers.
            if _DRIVERS in self.found["needs"] and all(one.name != _DRIVERS for one in asked):
                yield needed(_DRIVERS, self.files)
            return
        for one in (needed(name, self.files) for name in (*NEEDED, _RELABEL)):
            hindered = hindrance(one, self.bench, network=self.wish.network)
            if hindered is not None:
                self.warnings.append(
                    f"The operation {one.name} is needed, and was left out. {hindered}"
                )
            elif foreseen(one, self.bench).changed:
                yield one

    def clear_secrets(self, carried: Carried) -> list[secrets.Secret]:
        """What is left of secrets, after what the task wants done about them."""
        if self.wish.secrets == IGNORE or self.bench.system.type != "linux":
            return []
        self.begin("look for secrets")
        found = secrets.find(self.bench)
        if not found:
            return []
        told = [secret.as_result() for secret in found]
        if self.wish.secrets == FAIL:
            raise CheckFailed(
                f"There are {_places(told)}. Take them away with secrets: remove, or with "
                "operations, before anybody gets this image.",
                secrets=told,
            )
        if self.wish.secrets == REMOVE:
            return self._remove(found, carried)
        self.warnings.append(_warning_of(told))
        return found

    def _remove(self, found: Sequence[secrets.Secret], carried: Carried) -> list[secrets.Secret]:
        outcome = Outcome(_REMOVING)
        keep = secrets.kept(self.wish.asked)
        for edit in secrets.removing(self.bench, found, keep=keep):
            outcome.changed = self.bench.apply(edit) or outcome.changed
        # Somebody who is kept keeps a password.
        left = secrets.find(self.bench)
        undone = [told(edit) for edit in secrets.removing(self.bench, left, keep=keep)]
        if undone:
            raise CheckFailed(
                "The secrets of the guest were to be removed, and some are still there. Left to "
                f"do is: {'; '.join(undone)}."
            )
        outcome.what = [f"{one.path}: {one.kind} removed" for one in found if one not in left]
        carried.outcomes.append(outcome)
        if left:
            self.warnings.append(_warning_of([secret.as_result() for secret in left]))
        return left


def _places(told: Sequence[Mapping[str, str]]) -> str:
    named = ", ".join(f"{one['path']} ({one['kind']})" for one in told[:_NAMED_AT_MOST])
    return f"{len(told)} secrets in the guest, such as {named}"


def _warning_of(told: Sequence[Mapping[str, str]]) -> str:
    return f"There are {_places(told)}. Whoever gets the image has them."
