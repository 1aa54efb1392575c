# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whoever looks on while a server is made, boots and goes: from outside, without our modules."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from bench.measure import Failed
from support.boot_checks import PREFIX
from support.compute import ComputeCloud, offers_ssh

# Each look is a request, which takes the machine time as well.
_LOOKS_EVERY = 0.2


@dataclass
class Observed:
    """When each thing was first seen, on the clock that runs are measured by."""

    moments: dict[str, float] = field(default_factory=dict)

    def note(self, what: str) -> None:
        self.moments.setdefault(what, time.perf_counter())

    def between(self, first: str, last: str) -> float:
        """Seconds from one to the other."""
        missing = [what for what in (first, last) if what not in self.moments]
        if missing:
            raise Failed(f"a server was never seen to be {' and '.join(missing)}")
        return self.moments[last] - self.moments[first]


@contextmanager
def observing(compute: ComputeCloud, user: str) -> Iterator[Observed]:
    """Watch the only server of a boot check that comes and goes meanwhile."""
    seen, over = Observed(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(compute, user, seen, over))
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _watch(compute: ComputeCloud, user: str, seen: Observed, over: threading.Event) -> None:
    server: dict[str, Any] | None = None
    while not over.wait(_LOOKS_EVERY):
        if server is None:
            server = _begun(compute, user)
        if server is not None:
            server = _look(compute, user, server, seen)


def _begun(compute: ComputeCloud, user: str) -> dict[str, Any] | None:
    found = compute.servers(user, name=f"^{PREFIX}-").values()
    return next(iter(found), None)


def _look(
    compute: ComputeCloud, user: str, server: dict[str, Any], seen: Observed
) -> dict[str, Any]:
    seen.note("begun")
    if "gone" in seen.moments:
        return server
    answer = compute.nova(user, "GET", f"/servers/{server['id']}")
    if answer.status_code == requests.codes.not_found:
        seen.note("gone")
        return server
    now: dict[str, Any] = answer.json()["server"]
    if now["OS-EXT-STS:task_state"] == "deleting":
        seen.note("deleting")
    elif now["status"] == "ACTIVE":
        seen.note("active")
        if "answering" not in seen.moments and offers_ssh(compute.addresses(now)[4]):
            seen.note("answering")
    return now
