# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the bench makes of its figures; it is not run itself."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from bench import results
from bench.catalogs import targets as catalogs
from bench.measure import Cost
from bench.plot import plot
from bench.results import Results
from bench.table import table
from bench.targets import verdicts

_MIB = 2**20
_MACHINE = {"cores": "2", "processor": "a <processor>", "memory": "4 GiB", "cloud": "glance 1"}


def _cost(seconds: float, memory: int = 100, disk: int = 0) -> Cost:
    return Cost(
        seconds=seconds,
        cpu=seconds / 2,
        memory=(memory + 50) * _MIB,
        disk=disk * _MIB,
        module_memory=memory * _MIB,
    )


def _found(**differing: Cost) -> Results:
    costs = {
        results.OURS: _cost(11),
        "peer": _cost(12, disk=1024),
        results.DOWNLOAD: _cost(3),
        results.PUT: _cost(7),
        results.WIDE: _cost(70, memory=105),
        results.OURS_FIRST: _cost(3),
        results.OURS_TOGETHER: _cost(7),
        results.PUT_FIRST: _cost(2),
        results.PUT_TOGETHER: _cost(4),
        results.again(results.OURS): _cost(0.9),
        results.nothing(results.OURS): _cost(0.6),
        results.again(results.OPENSTACK_CLOUD): _cost(1.3),
        results.nothing(results.OPENSTACK_CLOUD): _cost(0.6),
        **differing,
    }
    return Results(
        machine=_MACHINE,
        source={"size": 1024 * _MIB, "raw_size": 2048 * _MIB},
        titles={results.OURS: "ours", "peer": "curl & others"},
        notes={},
        runs={key: [cost] for key, cost in costs.items()},
    )


def test_every_target_can_be_met() -> None:
    """Figures that are as good as promised are called so."""
    assert [verdict.holds for verdict in verdicts(_found())] == [True] * 7


@pytest.mark.parametrize(
    "key, cost, missed",
    [
        (results.OURS, _cost(11.6), "from URL to active"),
        ("peer", _cost(11), "faster than"),
        (results.OURS, _cost(11, memory=151), "memory of the module"),
        (results.OURS, _cost(11, memory=0), "memory of the module"),
        (results.WIDE, _cost(70, memory=120), "the same memory"),
        (results.WIDE, _cost(70, disk=5), "no disk"),
        (results.again(results.OURS), _cost(1), "an unchanged task"),
        (results.OURS_TOGETHER, _cost(8), "4 images at once"),
    ],
)
def test_every_target_can_be_missed(key: str, cost: Cost, missed: str) -> None:
    """Each promise has figures that break it."""
    broken = [verdict.promise for verdict in verdicts(_found(**{key: cost})) if not verdict.holds]
    assert [promise[: len(missed)] for promise in broken if promise.startswith(missed)] == [missed]


def test_curl_excuses_what_glance_cannot_do() -> None:
    """Where four bare PUTs at once gain little, so may we."""
    found = _found(put_together=_cost(7), ours_together=_cost(10))
    assert all(verdict.holds for verdict in verdicts(found))


def test_the_middle_of_all_runs_counts() -> None:
    """Time is the median, memory and disk the highest of all runs."""
    runs = [_cost(1, disk=3), _cost(9, memory=7), _cost(2)]
    assert results.typical(runs) == _cost(2, disk=3)


def test_whoever_failed_has_no_figures() -> None:
    """A failure leaves no promise kept and no bar drawn, and hides nothing else."""
    found = _found()
    found.fail(results.OURS, "no such module")
    by_promise = {verdict.promise: verdict.holds for verdict in verdicts(found)}
    assert by_promise["faster than curl & others"] is None
    assert "curl &amp; others" in plot(found)


def test_table_and_plot_name_everybody() -> None:
    """The table and the plot, which is well-formed, name all contenders and their figures."""
    found = _found()
    drawn = "".join(ET.fromstring(plot(found)).itertext())  # noqa: S314  # Our own.
    for shown in (drawn, table(found)):
        assert "curl & others" in shown
        assert "1024" in shown
    assert "a <processor>" in drawn


_VISIBLE = "GET /v2/images?owner=…&limit=1000"
_HIDDEN = "GET /v2/images?owner=…&os_hidden=true&limit=1000"


def _is_kept(asked: list[str]) -> bool | None:
    found = catalogs.Found(counts={catalogs.SOME: 100, catalogs.MANY: 1000, catalogs.NEW: 20})
    found.requests = asked
    judged = {verdict.promise: verdict.holds for verdict in catalogs.verdicts(found)}
    return judged["100 in place: one listing of the visible and one of the hidden, and no more"]


@pytest.mark.parametrize("asked", [["GET /", _VISIBLE, _HIDDEN], [_HIDDEN, _VISIBLE]])
def test_two_listings_are_what_nothing_to_do_may_cost(asked: list[str]) -> None:
    """One of each kind, and the question for the versions."""
    assert _is_kept(asked)


@pytest.mark.parametrize(
    "asked", [["GET /", _VISIBLE, _VISIBLE], [_VISIBLE, _HIDDEN, "GET /v2/images/…"]]
)
def test_anything_more_is_told(asked: list[str]) -> None:
    """Another listing, or a question about one image, breaks the promise."""
    assert not _is_kept(asked)
    assert _is_kept([]) is None
