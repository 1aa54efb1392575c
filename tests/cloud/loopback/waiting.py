# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for something that really happens, never for a guessed time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from loopback.layout import CloudError

# Set on Ctrl-C or SIGTERM: the two clouds are brought up in threads, which get no signals.
cancelled = threading.Event()


class Cancelled(CloudError):
    """The run was told to stop."""


def wait_for(reached: Callable[[], bool], what: str, seconds: float, pause: float = 0.05) -> None:
    """Return once `reached`; it may raise to end the waiting early."""
    deadline = time.monotonic() + seconds
    while not reached():
        if cancelled.is_set():
            raise Cancelled("stopped; run it again to go on from here")
        if time.monotonic() > deadline:
            raise CloudError(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(pause)
