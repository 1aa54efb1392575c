# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a condition, never for a duration."""

from __future__ import annotations

import time
from collections.abc import Callable

_HANGS_AFTER = 300
_LOOKS_EVERY = 0.1


def until(condition: Callable[[], object], what: str, within: float = _HANGS_AFTER) -> None:
    """Return when it holds; a test that waits for ever fails."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(_LOOKS_EVERY)
