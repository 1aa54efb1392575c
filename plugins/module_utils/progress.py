# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How the rooms that move bytes say how far they are."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of every stage of the work, and of the bytes that each of them moves."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Something begins that moves this many bytes, or an unknown number."""

    def moved(self, count: int) -> None:
        """So many more bytes are through."""


class NoProgress:
    """For work that nobody follows."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def moved(self, count: int) -> None:
        """Say nothing."""
