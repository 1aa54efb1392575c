# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How much of something a description speaks of, in the units that its writers use."""

from __future__ import annotations

import re

from .document import number

# Also what programs wrote before OVF settled on "byte * 2^20".
_WORDS = {
    "": 1,
    "kilobytes": 1 << 10,
    "kb": 1 << 10,
    "megabytes": 1 << 20,
    "mb": 1 << 20,
    "gigabytes": 1 << 30,
    "gb": 1 << 30,
    "terabytes": 1 << 40,
    "tb": 1 << 40,
}
_UNIT = re.compile(r"bytes?(?:\*\d{1,4}(?:\^\d{1,2})?){0,3}")
_FACTOR = re.compile(r"\*(\d+)(?:\^(\d+))?")
# More than any disk or memory has.
_MOST = 1 << 60


def in_bytes(quantity: str, unit: str) -> int | None:
    """So many of this unit in bytes; None of what is no such thing, or more than can be."""
    count, size = number(quantity), _bytes_in(unit)
    if count is None or size is None or count * size > _MOST:
        return None
    return count * size


def _bytes_in(unit: str) -> int | None:
    name = unit.lower().replace(" ", "")
    if name in _WORDS:
        return _WORDS[name]
    if not _UNIT.fullmatch(name):
        return None
    size = 1
    for base, power in _FACTOR.findall(name):
        size *= int(base) ** int(power or 1)
    return size
