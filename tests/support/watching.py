# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody who looks at a name all the while, as a customer does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from support.cloud import User
from support.waiting import until


@dataclass
class Watch:
    """What stood under a name, each time it was looked at."""

    user: User
    name: str
    looks: list[list[dict[str, Any]]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        listing = self.user.done("GET", "/images", params={"name": self.name, "limit": "100"})
        self.looks.append(listing["images"])

    def run(self) -> None:
        while not self._stop.is_set():
            self.look()

    def stop(self) -> None:
        self._stop.set()

    @property
    def counts(self) -> set[int]:
        """How many images of the name there ever were at once."""
        return {len(images) for images in self.looks}

    @property
    def ids(self) -> set[str]:
        """All that were ever there."""
        return {image["id"] for images in self.looks for image in images}

    def assert_never_none(self) -> None:
        """One image or, for a moment, two; and each of them whole, and proven by its marks."""
        assert self.counts <= {1, 2}, self.counts
        for images in self.looks:
            for image in images:
                assert image["status"] == "active"
                assert image["curator_proof"]
                assert image["curator_state"] == "published"


@contextmanager
def watched(user: User, name: str) -> Iterator[Watch]:
    """Look again and again, from before what the test does until after it."""
    watch = Watch(user, name)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        until(lambda: watch.looks, "the first look")
        yield watch
        seen = len(watch.looks)
        until(lambda: len(watch.looks) > seen + 1 or not thread.is_alive(), "a last look")
    finally:
        watch.stop()
        thread.join()
    # One that failed has ended before.
    watch.look()
