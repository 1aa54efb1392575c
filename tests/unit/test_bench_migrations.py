# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the bench of migrations makes of its figures; it is not run itself."""

from __future__ import annotations

import pytest

from bench.measure import Cost
from bench.migrations import targets
from bench.results import Results
from bench.table import table

_MIB = 2**20


def _cost(seconds: float, *, memory: int = 100, disk: int = 0) -> Cost:
    return Cost(
        seconds=seconds,
        cpu=seconds / 2,
        memory=(memory + 50) * _MIB,
        disk=disk * _MIB,
        module_memory=memory * _MIB,
    )


def _found(**differing: Cost) -> Results:
    costs = {
        targets.MIGRATE: _cost(10.9),
        targets.RELAY: _cost(10),
        targets.BY_FILE: _cost(20, disk=2048),
        targets.OURS_SAVE: _cost(8, disk=2048),
        targets.SAVE_IN_MIB: _cost(8, disk=2048),
        targets.SAVE: _cost(40, disk=2048),
        targets.NOTHING: _cost(0.7),
        **differing,
    }
    return Results(
        machine={},
        source={},
        titles=targets.TITLES,
        notes={},
        runs={key: [cost] for key, cost in costs.items()},
    )


def test_all_that_was_promised_can_hold() -> None:
    """And the table shows who took what."""
    found = _found()
    assert [each.holds for each in targets.verdicts(found)] == [True] * 7
    assert "curl GET | curl PUT" in table(found)


@pytest.mark.parametrize(
    "differing, promise",
    [
        ({targets.MIGRATE: _cost(11.1)}, "curl GET"),
        ({targets.BY_FILE: _cost(15)}, "image create"),
        ({targets.MIGRATE: _cost(10, memory=151)}, "migration: the module"),
        # The module was not seen.
        ({targets.MIGRATE: _cost(10, memory=0)}, "migration: the module"),
        ({targets.MIGRATE: _cost(10, disk=5)}, "no bytes on the disk"),
        ({targets.SAVE_IN_MIB: _cost(7.9)}, "--chunk-size"),
        ({targets.SAVE: _cost(23)}, "0.33 x the time of openstack image save"),
        ({targets.OURS_SAVE: _cost(8, memory=151)}, "download: the module"),
    ],
)
def test_each_promise_can_be_broken(differing: dict[str, Cost], promise: str) -> None:
    """By a figure that is a little worse, and it alone."""
    (broken,) = (each for each in targets.verdicts(_found(**differing)) if not each.holds)
    assert promise in broken.promise


def test_what_was_not_measured_is_not_promised() -> None:
    """A tool that failed leaves a gap, and no verdict that it would hold."""
    found = _found()
    found.fail(targets.MIGRATE, "no such module")
    holding = [each.holds for each in targets.verdicts(found)]
    assert holding == [None, None, None, None, True, True, True]
