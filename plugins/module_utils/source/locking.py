# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A lock between runs, which ends with its process however that ends."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from ..progress import Progress
from .cache import writing

_SECONDS_BETWEEN_TRIES = 0.2


class RunLock:
    """One lock file: many runs may read under it, and one alone may write.

    Going from one to the other lets go for an instant: look again at what it guards.
    """

    def __init__(self, path: Path, progress: Progress) -> None:
        self._path = path
        self._progress = progress
        self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def read(self) -> None:
        """From now on nobody writes."""
        self._wait(fcntl.LOCK_SH)

    def write(self) -> None:
        """From now on nobody else reads or writes."""
        self._wait(fcntl.LOCK_EX)

    def try_write(self) -> bool:
        """The same, if nobody else holds the lock."""
        return self._try(fcntl.LOCK_EX)

    def remove(self) -> None:
        """Take the file away; only for who writes."""
        self._path.unlink(missing_ok=True)

    def _wait(self, kind: int) -> None:
        if self._try(kind):
            return
        self._progress.stage("waiting for another run")
        while not self._try(kind):
            time.sleep(_SECONDS_BETWEEN_TRIES)

    def _try(self, kind: int) -> bool:
        if self._descriptor < 0:
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            with writing(self._path.parent, "A lock"):
                self._descriptor = os.open(self._path, flags, 0o600)
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if self._is_there():
            return True
        # Whoever held it before took the file away: a lock on it keeps nobody out.
        self._close()
        return False

    def _is_there(self) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(self._descriptor))

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
