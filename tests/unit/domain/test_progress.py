# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which progress becomes a line, when, and what it says."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.progress import (
    Announcer,
    Reading,
    as_duration,
    as_line,
    as_size,
)

_MIB = 1024**2
_GIB = 1024**3


def _reading(**known: Any) -> Reading:
    return Reading(**{"name": "Debian 12", "stage": "upload", "number": 1, **known})


@pytest.mark.parametrize(
    "known, rate, still, line",
    [
        (
            {"moved": 860 * _MIB, "total": 2 * _GIB},
            310 * _MIB,
            0,
            "Debian 12: upload 41 % (860 MiB of 2.0 GiB, 310 MiB/s, 4 s left)",
        ),
        (
            {"moved": 860 * _MIB, "total": 2 * _GIB},
            0,
            15,
            "Debian 12: upload 41 % (860 MiB of 2.0 GiB, nothing moved for 15 s)",
        ),
        (
            {"total": 2 * _GIB},
            0,
            7,
            "Debian 12: upload 0 % (0 B of 2.0 GiB, nothing moved for 7 s)",
        ),
        # A stage that has just begun, or a pause in it, is no fault yet.
        ({"total": 2 * _GIB}, 0, 4.9, "Debian 12: upload 0 % (0 B of 2.0 GiB)"),
        (
            {"total": 2 * _GIB},
            0,
            5,
            "Debian 12: upload 0 % (0 B of 2.0 GiB, nothing moved for 5 s)",
        ),
        ({"moved": 860 * _MIB}, 0, 1, "Debian 12: upload (860 MiB)"),
        (
            {"moved": 2 * _GIB - 1, "total": 2 * _GIB},
            _MIB,
            0,
            "Debian 12: upload 99 % (2.0 GiB of 2.0 GiB, 1.0 MiB/s, 1 s left)",
        ),
        (
            {"moved": 2 * _GIB, "total": 2 * _GIB},
            _MIB,
            0,
            "Debian 12: upload 100 % (2.0 GiB of 2.0 GiB, 1.0 MiB/s)",
        ),
        (
            {"moved": 2 * _GIB, "total": 2 * _GIB},
            0,
            7,
            "Debian 12: upload 100 % (2.0 GiB of 2.0 GiB, complete for 7 s)",
        ),
        # More than was announced is no error of whoever counts.
        (
            {"moved": 3 * _GIB, "total": 2 * _GIB},
            _MIB,
            0,
            "Debian 12: upload 100 % (3.0 GiB of 2.0 GiB, 1.0 MiB/s)",
        ),
        ({"moved": 860 * _MIB}, _MIB, 0, "Debian 12: upload (860 MiB, 1.0 MiB/s)"),
        ({"moved": 860 * _MIB}, 0, 9, "Debian 12: upload (860 MiB, nothing moved for 9 s)"),
        ({"stage": "inspect"}, 0, 12, "Debian 12: inspect (for 12 s)"),
        ({"total": 0}, 0, 12, "Debian 12: upload (for 12 s)"),
        ({"name": "a\nb\x1b[2J\u202e"}, 0, 1, "a?b?[2J?: upload (for 1 s)"),
        ({"name": "Größe 大"}, 0, 1, "Größe 大: upload (for 1 s)"),
    ],
)
def test_what_a_line_says(known: dict[str, Any], rate: float, still: float, line: str) -> None:
    """Name, stage, per cent, bytes, rate and time left, each only where it is known."""
    assert as_line(_reading(**known), rate=rate, still=still) == line


@pytest.mark.parametrize(
    "count, text",
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KiB"),
        (1023.9 * _MIB, "1.0 GiB"),
        (9.94 * _MIB, "9.9 MiB"),
        (9.96 * _MIB, "10 MiB"),
        (25 * _GIB, "25 GiB"),
        (5000 * 1024 * _GIB, "5000 TiB"),
    ],
)
def test_sizes(count: float, text: str) -> None:
    """Three digits at most, whatever the size."""
    assert as_size(count) == text


@pytest.mark.parametrize(
    "seconds, text",
    [
        (0.2, "1 s"),
        (119.5, "120 s"),
        (121, "3 min"),
        (7199, "120 min"),
        (7201, "2 h 1 min"),
        (100 * 3600, "100 h 0 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    """Seconds while they matter, and never a promise that is too short."""
    assert as_duration(seconds) == text


def test_a_short_stage_is_not_worth_a_line() -> None:
    """The first line comes when a stage has lasted two seconds, the next five seconds later."""
    announcer = Announcer(100.0)
    spoken = [
        moment / 2
        for moment in range(200, 232)
        if announcer.line(_reading(moved=moment), moment / 2) is not None
    ]
    assert spoken == [102.0, 107.0, 112.0]


def test_many_short_stages_are_worth_one_together() -> None:
    """Where each ends before its line is due, there is one every five seconds nevertheless."""
    announcer = Announcer(0.0)
    said = [announcer.line(_reading(number=number), number) for number in range(12)]
    assert [moment for moment, line in enumerate(said) if line] == [5, 10]


def test_the_rate_is_that_of_now() -> None:
    """It is measured since the line before, and in a new stage since that began."""
    announcer = Announcer(0.0)
    announcer.line(_reading(), 0.0)
    first = announcer.line(_reading(moved=20 * _MIB, elapsed=2.0), 2.0)
    assert first == "Debian 12: upload (20 MiB, 10 MiB/s)"
    slower = announcer.line(_reading(moved=30 * _MIB, elapsed=7.0), 7.0)
    assert slower == "Debian 12: upload (30 MiB, 2.0 MiB/s)"
    again = _reading(number=2, moved=5 * _MIB, elapsed=5.0)
    assert announcer.line(again, 12.0) == "Debian 12: upload (5.0 MiB, 1.0 MiB/s)"


def test_standing_still_is_said() -> None:
    """Since when nothing moves is counted from the last byte, not from the last line."""
    announcer = Announcer(0.0)
    stuck = _reading(moved=20 * _MIB, elapsed=3.0)
    announcer.line(_reading(), 0.0)
    announcer.line(_reading(moved=19 * _MIB, elapsed=2.0), 2.0)
    assert announcer.line(stuck, 3.0) is None
    announcer.line(stuck, 7.0)
    assert announcer.line(stuck, 12.0) == "Debian 12: upload (20 MiB, nothing moved for 9 s)"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"name": "x", "odd": 1}', "7"])
def test_what_is_no_reading(text: str) -> None:
    """Half a file or another one is nothing to report."""
    assert Reading.from_text(text) is None


def test_a_reading_survives_the_file() -> None:
    """Also one whose name no encoding of text can hold."""
    reading = _reading(name="\ud800 大", moved=3, total=None, elapsed=1.5)
    assert Reading.from_text(reading.as_text()) == reading
