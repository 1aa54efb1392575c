# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How long to wait before the next try, in seconds."""

from __future__ import annotations

FIRST_PAUSE = 1.0
# Doubled without an end, the pauses of many retries would be hours.
_LONGEST_PAUSE = 30.0


def longer(pause: float) -> float:
    """The pause that follows one of this length."""
    return min(2 * pause, _LONGEST_PAUSE)
