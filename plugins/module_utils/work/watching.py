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
from ..processes import controller, lives

_SECONDS_BETWEEN_LOOKS = 1.0
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the first signal to stop, and the loss of those who wait, into Interrupted.

    Python would end without a word at SIGTERM: half an image and a running child would stay.
    Further signals are ignored while what was begun is cleaned up.
    """
    reason = ["it was told to stop"]

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in _STOPS:
            signal.signal(number, signal.SIG_IGN)
        raise Interrupted(
            f"The task was stopped: {reason[0]}. What it had begun is cleaned up; run it again."
        )

    before = {number: signal.signal(number, stop) for number in _STOPS}
    over = threading.Event()
    watching = threading.Thread(target=_watch, args=(over, reason), daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(over: threading.Event, reason: list[str]) -> None:
    """Ansible's worker outlives an ansible-playbook that was killed, and so would the module."""
    parent, run = os.getppid(), controller()
    while not over.wait(_SECONDS_BETWEEN_LOOKS):
        if os.getppid() != parent or (run and not lives(run)):
            reason[0] = "the process that waited for its result is gone"
            os.kill(os.getpid(), signal.SIGTERM)
            return
