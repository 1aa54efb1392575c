# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Stopping in order: when told to, and when nobody waits for the result any more."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ..errors import Interrupted
from ..processes import controllers, lives
from ..threads import begin

_SECONDS_BETWEEN_LOOKS = 1.0
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stop:
    """Whether the task is to stop, asked wherever it can."""

    def __init__(self) -> None:
        self._why: str | None = None
        self._lost = False

    def is_lost(self) -> None:
        """Nobody waits for the result any more."""
        self._lost = True

    def because_of(self, number: int, _frame: FrameType | None) -> None:
        """Stop at once, and ignore further signals while what was begun is cleaned up."""
        for other in _STOPS:
            signal.signal(other, signal.SIG_IGN)
        lost = "the process that waited for its result is gone"
        self._why = lost if self._lost else f"it got the signal {signal.Signals(number).name}"
        self.check()

    def check(self) -> None:
        """Raise what was raised before, if somebody else took it for an error of his own.

        The signal may have come while Python was in a place that lets no exception out.
        """
        if self._why is not None:
            raise Interrupted(
                f"The task was stopped: {self._why}. Nothing half-made is left; run it again."
            )


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turn the first signal to stop, and the loss of those who wait, into Interrupted.

    Python would end without a word at SIGTERM: half an image and a running child would stay.
    """
    stop = Stop()
    before = {number: signal.signal(number, stop.because_of) for number in _STOPS}
    over = threading.Event()
    begin(_watch, over, stop)
    try:
        yield stop
    finally:
        over.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(over: threading.Event, stop: Stop) -> None:
    """Ansible's worker outlives an ansible-playbook that was killed, and so would the module."""
    parent, waiting = os.getppid(), controllers()
    while not over.wait(_SECONDS_BETWEEN_LOOKS):
        if os.getppid() != parent or not all(map(lives, waiting)):
            stop.is_lost()
            os.kill(os.getpid(), signal.SIGTERM)
            return
