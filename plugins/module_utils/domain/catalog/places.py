# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Where something stands in a catalog, for those who have to mend it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

# From the path of a key within an entry to its line; the empty path is the entry itself.
Lines = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry's place: its number, counted from 1, and its lines if it stands in a file."""

    number: int = 1
    file: str | None = None
    lines: Lines = field(default_factory=dict)

    @property
    def line(self) -> int | None:
        """The line at which the entry begins."""
        return self.lines.get(())

    def order(self, key: object) -> float:
        """Keys sorted by this come as they stand in the file."""
        return self.lines.get((str(key),), math.inf)

    def of_key(self, *path: str) -> str:
        """Where a key stands, or the nearest around it that has a line: the start of a sentence."""
        for end in range(len(path), -1, -1):
            line = self.lines.get(path[:end])
            if line is not None:
                return f"Line {line}: "
        return ""

    def of_entry(self, name: str | None) -> str:
        """How to find the entry: the start of a sentence."""
        called = f"Entry {name!r}" if name else f"Entry {self.number}"
        return f"{called} of {self.file}" if self.file else called
