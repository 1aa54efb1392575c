# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Threads beside the work, which leave the signals to it."""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

_Item = TypeVar("_Item")


def begin(work: Callable[..., None], *arguments: Any) -> threading.Thread:
    """Let something run beside the main thread, and keep no process from ending.

    Python handles signals in the main thread only. One that the system delivers to another thread
    does not wake the main one from what it waits for: Ctrl-C would do nothing for minutes.
    """
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    # A thread begins with the mask of the one that starts it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return thread


def abreast(work: Callable[[_Item], None], items: Iterable[_Item], *, at_most: int = 8) -> None:
    """Do a piece of work for each item, so many at a time; the first that fails ends it."""
    left = deque(items)
    failures: list[BaseException] = []

    def go_on() -> None:
        while left and not failures:
            try:
                item = left.popleft()
            except IndexError:
                # Another thread took the last one.
                return
            try:
                work(item)
            except BaseException as error:  # noqa: BLE001  (raised where somebody can see it)
                failures.append(error)

    for thread in [begin(go_on) for _n in range(min(at_most, len(left)))]:
        thread.join()
    if failures:
        raise failures[0]
