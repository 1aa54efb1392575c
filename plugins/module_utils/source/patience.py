# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How often something is tried again, and how long to wait before that."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from ..errors import SourceFailed

TRIES = 6
_FIRST_PAUSE = 1.0
# A server may ask for more; a task that waits for an hour without a word helps nobody.
_LONGEST_PAUSE = 60.0

_Result = TypeVar("_Result")


class ForNow(SourceFailed):
    """A failure that another try may mend: a busy server, a connection that was cut."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Patience:
    """Tries that are left, with pauses that grow until something moves again."""

    def __init__(self, first_pause: float = _FIRST_PAUSE, tries: int = TRIES) -> None:
        self._first_pause = first_pause
        self._tries = tries
        self.renew()

    def renew(self) -> None:
        """Begin anew: what was tried got somewhere."""
        self._left = self._tries - 1
        self._pause = self._first_pause

    def wait(self, failure: ForNow) -> None:
        """Wait until it is time for the next try, or raise the failure if it was the last."""
        if not self._left:
            raise failure
        self._left -= 1
        time.sleep(min(max(self._pause, failure.retry_after or 0.0), _LONGEST_PAUSE))
        self._pause *= 2

    def until_done(self, work: Callable[[], _Result]) -> _Result:
        """The result of a work that is begun again as often as there are tries."""
        while True:
            try:
                return work()
            except ForNow as failure:
                self.wait(failure)
