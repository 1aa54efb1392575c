# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A limit on how fast bytes pass, on a clock of the test's own."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.work.pacing import paced

MIB = 1 << 20


class Clock:
    """Time that passes only where somebody sleeps or works."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def passed(pieces: list[bytes], rate: int | None, *, work: float = 0.0) -> list[tuple[float, int]]:
    """When each piece passed, and how large it was, for somebody who works on each so long."""
    clock = Clock()
    seen = []
    for piece in paced(pieces, rate, clock=clock, sleep=clock.sleep):
        seen.append((clock.now - 100.0, len(piece)))
        clock.now += work
    return seen


def test_without_a_limit_everything_passes_as_it_is() -> None:
    """Nothing is cut, nothing waits."""
    assert passed([b"a" * MIB, b"b"], None) == [(0.0, MIB), (0.0, 1)]


@pytest.mark.parametrize("rate", [1, 3, 1000, MIB, 100 * MIB])
def test_the_limit_holds_at_every_moment(rate: int) -> None:
    """In whatever window: no more than the rate and a quarter of a second of it."""
    count = min(10 * rate, 4 * MIB)
    seen = passed([bytes(count)], rate)
    assert sum(size for _time, size in seen) == count
    burst = max(1, rate // 4)
    for first in range(0, len(seen), max(1, len(seen) // 20)):
        for last in range(first, len(seen), max(1, len(seen) // 20)):
            span = seen[last][0] - seen[first][0]
            assert sum(size for _time, size in seen[first : last + 1]) <= rate * span + 2 * burst
    whole = seen[-1][0]
    assert whole == pytest.approx(count / rate, abs=max(0.3, 1.01 / rate))


def test_what_is_slow_by_itself_is_not_slowed_down() -> None:
    """Somebody who takes longer than the limit asks for does not wait as well."""
    seen = passed([bytes(10)] * 5, 100, work=1.0)
    assert [time for time, _size in seen] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_time_that_was_lost_is_not_made_up_for() -> None:
    """After a stall the rate is the rate."""
    clock = Clock()
    times = []
    for number, piece in enumerate(paced([bytes(100)] * 40, 1000, clock=clock, sleep=clock.sleep)):
        times.append(clock.now)
        if number == 19:
            clock.now += 60
        assert piece
    assert times[39] - times[20] >= 1.9 - 0.25 - 0.11


def test_the_bytes_are_the_same() -> None:
    """Cut smaller, and in order."""
    data = bytes(range(256)) * 40
    clock = Clock()
    pieces = paced([data[:3], data[3:]], 100, clock=clock, sleep=clock.sleep)
    assert b"".join(pieces) == data
