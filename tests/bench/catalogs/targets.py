# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was promised of catalogs, held against what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.measure import Cost
from bench.targets import Verdict

OURS, MANAGER, LOOP = "ours", "manager", "loop"
SOME, MANY, NEW = "in place", "many in place", "new"

_MIB = 2**20
_LOOP_SHARE = 20
_NEW_SHARE = 2
# Of the visible images and of the hidden ones.
_LISTINGS = 2
_MANY_FACTOR = 3
# What Ansible takes to start three plays, however few entries there are.
_CONSTANT = 2.0
_MEMORY = 200 * _MIB


@dataclass
class Found:
    """The figures: by tool and what it had to do."""

    # How many images each kind of run is about.
    counts: Mapping[str, int]
    costs: dict[tuple[str, str], Cost] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    # What Glance was asked in a run of ours with nothing to do.
    requests: list[str] = field(default_factory=list)

    def seconds(self, tool: str, run: str) -> float | None:
        cost = self.costs.get((tool, run))
        return cost.seconds if cost else None


def verdicts(found: Found) -> list[Verdict]:
    some, many, new = (found.counts[run] for run in (SOME, MANY, NEW))
    ours = found.seconds(OURS, SOME)
    constant = ours is not None and _MANY_FACTOR * ours + _CONSTANT
    return [
        _within(
            f"{some} in place: at most the time of openstack-image-manager",
            ours,
            found.seconds(MANAGER, SOME),
        ),
        _within(
            f"{some} in place: at most 1/{_LOOP_SHARE} of a loop over openstack.cloud.image",
            ours,
            _share(found.seconds(LOOP, SOME), _LOOP_SHARE),
        ),
        Verdict(
            f"{some} in place: one listing of the visible and one of the hidden, and no more",
            _is_two_listings(found.requests) if found.requests else None,
            f"{len(found.requests)} requests: {'; '.join(found.requests)[:200]}",
        ),
        _within(
            f"{many} in place: at most {_MANY_FACTOR} x the time of {some}, and {_CONSTANT:.0f} s",
            found.seconds(OURS, MANY),
            constant or None,
        ),
        _within(
            f"{new} new: at most half of openstack-image-manager's time",
            found.seconds(OURS, NEW),
            _share(found.seconds(MANAGER, NEW), _NEW_SHARE),
        ),
        _memory(found, many),
    ]


def _is_two_listings(requests: Sequence[str]) -> bool:
    """Whether that is all, beside the question for the versions that each session begins with."""
    listings = [line for line in requests if line != "GET /"]
    return (
        len(listings) == _LISTINGS
        and all(line.startswith("GET /v2/images?") for line in listings)
        and sum("os_hidden=true" in line for line in listings) == 1
    )


def _share(seconds: float | None, of: int) -> float | None:
    return None if seconds is None else seconds / of


def _within(promise: str, ours: float | None, limit: float | None) -> Verdict:
    if ours is None or limit is None:
        return Verdict(promise, None, "not measured")
    return Verdict(promise, ours <= limit, f"{ours:.1f} s, limit {limit:.1f} s")


def _memory(found: Found, many: int) -> Verdict:
    promise = f"{many} in place: the control node takes at most {_MEMORY // _MIB} MiB"
    cost = found.costs.get((OURS, MANY))
    if cost is None:
        return Verdict(promise, None, "not measured")
    return Verdict(promise, cost.memory <= _MEMORY, f"{cost.memory / _MIB:.0f} MiB")
