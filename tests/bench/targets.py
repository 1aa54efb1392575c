# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was promised, held against what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench import results
from bench.measure import Cost
from bench.results import Results

_MIB = 2**20
_LIMIT_FACTOR = 1.15
_MODULE_MEMORY = 150 * _MIB
# Memory of two runs of the same thing differs by as much.
_SAME_MEMORY = 1.1
# No disk at all: but a module is a file before it runs, and its results are, too.
_NO_DISK = 4 * _MIB
_UNCHANGED_FACTOR = 0.5
_TOGETHER = 4
_GAIN = 1.6


@dataclass(frozen=True)
class Verdict:
    promise: str
    # None: not measured.
    holds: bool | None
    found: str


def verdicts(found: Results) -> list[Verdict]:
    return [
        _near_the_limit(found),
        *_faster_than_peers(found),
        *_memory(found),
        _disk(found),
        _unchanged(found),
        _together(found),
    ]


def _verdict(promise: str, holds: bool | None, detail: str = "") -> Verdict:  # noqa: FBT001
    return Verdict(promise, holds, "not measured" if holds is None else detail)


def _near_the_limit(found: Results) -> Verdict:
    promise = f"from URL to active and proven in {_LIMIT_FACTOR} x (download + bare PUT)"
    ours, limit = found[results.OURS], found.limit
    if ours is None or limit is None:
        return _verdict(promise, None)
    factor = ours.seconds / limit
    return _verdict(promise, factor <= _LIMIT_FACTOR, f"{factor:.2f} x")


def _faster_than_peers(found: Results) -> Iterator[Verdict]:
    ours = found[results.OURS]
    for key in found.peers:
        promise = f"faster than {found.titles[key]}"
        peer = found[key]
        if ours is None or peer is None:
            yield _verdict(promise, None)
        else:
            detail = f"{ours.seconds:.1f} s against {peer.seconds:.1f} s"
            yield _verdict(promise, ours.seconds < peer.seconds, detail)


def _memory(found: Results) -> Iterator[Verdict]:
    ours, wide = found[results.OURS], found[results.WIDE]
    promise = f"memory of the module and what it starts at most {_MODULE_MEMORY // _MIB} MiB"
    if ours is None:
        yield _verdict(promise, None)
    else:
        detail = f"{ours.module_memory / _MIB:.0f} MiB"
        yield _verdict(promise, 0 < ours.module_memory <= _MODULE_MEMORY, detail)
    promise = "the same memory for a disk ten times as wide"
    if ours is None or wide is None:
        yield _verdict(promise, None)
    else:
        detail = f"{wide.module_memory / _MIB:.0f} MiB"
        holds = 0 < wide.module_memory <= _SAME_MEMORY * ours.module_memory
        yield _verdict(promise, holds and wide.module_memory <= _MODULE_MEMORY, detail)


def _disk(found: Results) -> Verdict:
    promise = "no disk beside the cached source"
    costs = [cost for cost in (found[results.OURS], found[results.WIDE]) if cost]
    if not costs:
        return _verdict(promise, None)
    most = max(cost.disk for cost in costs)
    return _verdict(promise, most <= _NO_DISK, f"{most / _MIB:.1f} MiB")


def _unchanged(found: Results) -> Verdict:
    promise = f"an unchanged task in {_UNCHANGED_FACTOR} x the time of openstack.cloud.image"
    ours = _without_ansible(found, results.OURS)
    theirs = _without_ansible(found, results.OPENSTACK_CLOUD)
    if ours is None or theirs is None:
        return _verdict(promise, None)
    factor = ours / theirs
    detail = f"{ours:.2f} s against {theirs:.2f} s, {factor:.2f} x"
    return _verdict(promise, factor <= _UNCHANGED_FACTOR, detail)


def _without_ansible(found: Results, key: str) -> float | None:
    """What a task adds to a play: to start and end it takes both alike, whatever the task."""
    whole, nothing = found[results.again(key)], found[results.nothing(key)]
    return whole.seconds - nothing.seconds if whole and nothing else None


def _together(found: Results) -> Verdict:
    promise = f"{_TOGETHER} images at once at {_GAIN} x the throughput of one, or as curl does"
    ours = _gain(found[results.OURS_FIRST], found[results.OURS_TOGETHER])
    curl = _gain(found[results.PUT_FIRST], found[results.PUT_TOGETHER])
    if ours is None or curl is None:
        return _verdict(promise, None)
    return _verdict(promise, ours >= min(_GAIN, curl), f"{ours:.2f} x, curl {curl:.2f} x")


def _gain(alone: Cost | None, together: Cost | None) -> float | None:
    """How many times the throughput of one there is when several go at once."""
    return _TOGETHER * alone.seconds / together.seconds if alone and together else None
