# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Threads beside the work, which leave the signals to it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any


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
