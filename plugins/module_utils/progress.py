# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How the rooms that move bytes say how far they are."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic as _now
from typing import Protocol

from .domain.progress import Reading

# In the environment of a module whose progress somebody follows: the file to write it to.
PROGRESS_FILE = "CURATOR_PROGRESS_FILE"
_SECONDS_BETWEEN_WRITES = 1.0


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


class ProgressFile:
    """Keeps the latest reading in a small file, for another process to follow.

    Nothing about the file is worth failing the work for: where it cannot be written, nobody reads.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._beside = path.with_name(f"{path.name}.new")
        self._stage = Reading(name=name, stage="", number=0)
        self._moved = 0
        self._began = 0.0
        # Without a stage there is nothing to write.
        self._due = math.inf

    def stage(self, name: str, total: int | None = None) -> None:
        self._stage = replace(self._stage, stage=name, total=total, number=self._stage.number + 1)
        self._moved = 0
        self._began = _now()
        self._write(self._began)

    def moved(self, count: int) -> None:
        self._moved += count
        now = _now()
        # The end is written at once: nothing more may move for a long time after it.
        if now >= self._due or self._moved == self._stage.total:
            self._write(now)

    def _write(self, now: float) -> None:
        self._due = now + _SECONDS_BETWEEN_WRITES
        reading = replace(self._stage, moved=self._moved, elapsed=now - self._began)
        with suppress(OSError):
            self._beside.write_text(reading.as_text())
            # Whoever follows sees a whole reading, the one before or this one.
            self._beside.replace(self._path)


def progress_from_environment(name: str) -> Progress:
    """The progress of what bears this name, told to whoever asked for it."""
    path = os.environ.get(PROGRESS_FILE)
    return ProgressFile(Path(path), name) if path else NoProgress()
