# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server of which every so manieth request fails, in one way after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

from support.faults import Answer, Cut, Deed, Fault, Passed, Planned, Point, answered, sent
from support.proxy import Proxy

# The server busy; the request lost; the answer lost, when what was asked for has been done; and a
# body that breaks off.
_WAYS: tuple[tuple[Deed, Point], ...] = (
    (Answer(503), sent()),
    (Cut(), sent()),
    (Cut(), answered()),
    (Cut(), answered(0.5)),
)


class Unsteady(Proxy):
    """A proxy that does harm by itself, as often as a test says, and counts it."""

    def __init__(self, target: str, every: int) -> None:
        self._every = every
        self._count = 0
        self._ways = cycle(_WAYS)
        self._counting = threading.Lock()
        self._harm: list[Planned] = []
        super().__init__(target)

    @property
    def harmed(self) -> int:
        """How many requests failed so far."""
        return sum(planned.happened for planned in self._harm)

    def begun(self, passed: Passed) -> Planned | None:
        """Enter a request, and say which fault it meets."""
        planned = super().begun(passed)
        with self._counting:
            self._count += 1
            if planned or self._count % self._every:
                return planned
            deed, point = next(self._ways)
            planned = Planned(Fault(deed=deed, at=point), to_skip=0, left=0)
            self._harm.append(planned)
            return planned


@contextmanager
def unsteady(target: str, every: int = 5) -> Iterator[Unsteady]:
    """In front of a server."""
    running = Unsteady(target, every)
    try:
        yield running
    finally:
        running.close()
