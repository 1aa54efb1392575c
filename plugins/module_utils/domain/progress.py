# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Lines that say how far the work is: when one is due, and what is in it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass

# A stage is worth a line once it has lasted so long,
_LONG_STAGE = 2.0
# and work that goes on is worth one so often: both in seconds.
_EVERY = 5.0
# Nothing moves for a moment at the beginning of each stage. So long, it may be a fault.
_STILL = 5.0

_KIB = 1024
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
# Numbers have at most three digits; what would be 1000 is 1.0 of the next unit.
_NEXT_UNIT = 999.5
_ONE_DECIMAL = 9.95
_MINUTE = 60
_HOUR = 60 * _MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far the work was at one moment, as the module writes it down for whoever follows."""

    name: str
    stage: str
    # Of the stage, from 1: one that comes again, for another attempt, is another stage.
    number: int
    moved: int = 0
    total: int | None = None
    # Seconds from the beginning of the stage to this reading.
    elapsed: float = 0.0

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Reading | None:
        """What was written, or nothing where the text is not a reading."""
        try:
            return cls(**json.loads(text))
        except (TypeError, ValueError):
            return None


class Announcer:
    """Decides which readings become lines.

    It is shown the latest reading again and again, with the time on its own clock, and measures a
    rate from one line to the next: the rate of now, not of the whole stage.
    """

    def __init__(self, now: float) -> None:
        self._spoke = now
        self._latest: Reading | None = None
        # Of the stage that is going on: since when, since when nothing moved, where the rate is
        # measured from, and whether anything was said of it.
        self._since = self._still_since = now
        self._base: Reading | None = None
        self._announced = False

    def line(self, reading: Reading, now: float) -> str | None:
        """The line that is due, if one is."""
        if self._latest is None or reading.number != self._latest.number:
            self._since = self._still_since = now
            self._base = None
            self._announced = False
        elif reading.moved != self._latest.moved:
            self._still_since = now
        self._latest = reading
        first = not self._announced and now - self._since >= _LONG_STAGE
        if not first and now - self._spoke < _EVERY:
            return None
        line = as_line(reading, rate=_rate(reading, self._base), still=now - self._still_since)
        self._spoke, self._base, self._announced = now, reading, True
        return line


def as_line(reading: Reading, *, rate: float, still: float) -> str:
    """What a person reads, given the bytes per second, and for how long nothing has moved."""
    shown = f"{_printable(reading.name)}: {_printable(reading.stage)}"
    known = []
    if reading.total:
        shown += f" {min(100, 100 * reading.moved // reading.total)} %"
        known.append(f"{as_size(reading.moved)} of {as_size(reading.total)}")
    elif reading.moved:
        known.append(as_size(reading.moved))
    missing = max(0, (reading.total or 0) - reading.moved)
    if rate > 0:
        known.append(f"{as_size(rate)}/s")
        if missing:
            known.append(f"{as_duration(missing / rate)} left")
    elif reading.total and not missing:
        # All that was to be moved is through, and somebody, perhaps Glance, is at work on it.
        known.append(f"complete for {as_duration(still)}")
    elif not known:
        known.append(f"for {as_duration(still)}")
    elif still >= _STILL:
        known.append(f"nothing moved for {as_duration(still)}")
    return f"{shown} ({', '.join(known)})"


def as_size(count: float) -> str:
    """A number of bytes in at most three digits: 860 MiB, 2.0 GiB."""
    unit = 0
    while count >= _NEXT_UNIT and unit < len(_UNITS) - 1:
        count /= _KIB
        unit += 1
    return f"{count:.{1 if unit and count < _ONE_DECIMAL else 0}f} {_UNITS[unit]}"


def as_duration(seconds: float) -> str:
    """So long, rounded up; seconds matter in the first two minutes, minutes ever after."""
    if seconds < 2 * _MINUTE:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / _MINUTE)
    if seconds < 2 * _HOUR:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def _rate(reading: Reading, base: Reading | None) -> float:
    """Bytes per second since the reading before, or since the stage began."""
    moved = reading.moved - (base.moved if base else 0)
    seconds = reading.elapsed - (base.elapsed if base else 0.0)
    return moved / seconds if seconds > 0 else 0.0


def _printable(text: str) -> str:
    """A name without what would move the cursor of a terminal, or end the line."""
    return "".join(character if character.isprintable() else "?" for character in text)
