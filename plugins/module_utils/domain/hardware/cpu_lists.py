# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Lists of processors, as Nova writes them."""

from __future__ import annotations

import re

# More than any guest has; beyond it a list is not counted.
LAST = 4095
_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?", re.ASCII)


def processors(text: str) -> frozenset[int] | None:
    """The processors of a list such as 0-3,^2,6; None if it cannot be read."""
    found: set[int] = set()
    without: set[int] = set()
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip().removeprefix("^"))
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last > LAST or first > last:
            return None
        (without if part.strip().startswith("^") else found).update(range(first, last + 1))
    return frozenset(found - without)
