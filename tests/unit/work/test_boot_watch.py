# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a guest is watched, on a clock that nobody waits for."""

from __future__ import annotations

from pathlib import Path

from support.paper_boots import PATIENCE, TIME_LIMIT, Clock, PaperGuest, watch

# A guest that is through with its boot shows this.
READY = "ready for work"


def test_a_guest_that_goes_on_talking(clock: Clock, tmp_path: Path) -> None:
    """Slow is not dead: whatever it says counts, also where nothing is understood of it."""
    takes = 5 * PATIENCE
    every = PATIENCE - 10

    def says(now: float) -> str:
        lines = [f"step {number}" for number in range(int(now // every))]
        return "\n".join([*lines, READY] if now >= takes else lines)

    watched = watch(PaperGuest(clock, says), tmp_path, console=READY)
    assert watched.seen.marker == READY
    assert watched.seen.given_up == ""
    assert watched.phases["marker"] == takes


def test_a_guest_that_falls_silent(clock: Clock, tmp_path: Path) -> None:
    """It is given up once the timeout is over, and not at the time limit."""
    watched = watch(
        PaperGuest(clock, lambda now: "one word" if now >= 10 else ""), tmp_path, console=READY
    )
    assert watched.seen.given_up == f"nothing happened for {PATIENCE} s (timeout)"
    assert watched.phases["ended"] == 10 + PATIENCE + 1


def test_a_guest_that_never_stops_talking(clock: Clock, tmp_path: Path) -> None:
    """Nobody listens for longer than the time limit."""
    watched = watch(PaperGuest(clock, lambda now: f"{now:.0f}\n" * 3), tmp_path, console=READY)
    assert watched.seen.given_up == f"it took more than {TIME_LIMIT} s (time_limit)"


def test_a_guest_without_a_word_of_which_nobody_tells_what_it_reads(
    clock: Clock, tmp_path: Path
) -> None:
    """As a plain member of a project sees one without a boot loader."""
    watched = watch(PaperGuest(clock), tmp_path, console=READY)
    assert watched.seen.given_up == f"nothing happened for {PATIENCE} s (timeout)"


def test_a_guest_that_reads_a_few_sectors_and_no_more(clock: Clock, tmp_path: Path) -> None:
    """As an administrator sees one without a boot loader: long before the timeout."""
    watched = watch(
        PaperGuest(clock, reads=lambda now: 512 * min(int(now), 3)), tmp_path, console=READY
    )
    assert "so the firmware finds no boot loader" in watched.seen.given_up
    assert watched.phases["ended"] < PATIENCE / 2


def test_a_guest_that_works_and_says_nothing(clock: Clock, tmp_path: Path) -> None:
    """What it reads counts until the first word."""
    takes = 3 * PATIENCE
    guest = PaperGuest(
        clock,
        says=lambda now: READY if now >= takes else "",
        reads=lambda now: int(now) << 20,
    )
    assert watch(guest, tmp_path, console=READY).seen.marker == READY
