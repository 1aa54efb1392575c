# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests that boot on paper, and time that passes only where somebody sleeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.domain.boot.seen import Assigned, Reach
from ansible_collections.curator.glance.plugins.module_utils.guest.ssh import Client, Door, Key
from ansible_collections.curator.glance.plugins.module_utils.progress import NoProgress
from ansible_collections.curator.glance.plugins.module_utils.work.boot_place import Errand
from ansible_collections.curator.glance.plugins.module_utils.work.boot_watch import (
    BootWatch,
    Watched,
)
from ansible_collections.curator.glance.plugins.module_utils.work.watching import Stop

from unit.domain.boot.wishes import expect, wish

PATIENCE, TIME_LIMIT = 60, 600


@dataclass
class Clock:
    """Time that passes only where somebody sleeps."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class PaperGuest:
    """A place with one guest, which only has a console, a disk, and maybe a remote desktop."""

    clock: Clock
    # What is on its console, and what it has read, after so many seconds.
    says: Callable[[float], str] = lambda _now: ""
    reads: Callable[[float], int | None] = lambda _now: None
    desk: tuple[str, int] | None = None
    looks_every: float = 1.0
    told: str = "It is on paper."
    ended: list[float] = field(default_factory=list)

    def properties(self) -> Mapping[str, str]:
        return {}

    def foresee(self) -> None:
        """There is nothing to look at."""

    @contextmanager
    def started(self) -> Iterator[PaperGuest]:
        yield self
        self.ended.append(self.clock.now)

    def console(self) -> str:
        return self.says(self.clock.now)

    def bytes_read(self) -> int | None:
        return self.reads(self.clock.now)

    def trouble(self) -> None:
        """It has none."""

    def assigned(self) -> Assigned:
        return Assigned()

    def doors(self) -> Mapping[str, Door]:
        return {}

    def desktop(self) -> tuple[str, int] | None:
        return self.desk

    def reach(self, family: str, client: Client) -> Reach:
        raise AssertionError(family, client)


def watch(guest: PaperGuest, folder: Path, **expected: Any) -> Watched:
    """Watch a guest until nothing more is to be expected of it."""
    named = expect(ssh=False, **expected)
    errand = Errand(
        wish=wish(expect=named, timeout=PATIENCE, time_limit=TIME_LIMIT),
        key=Key(path=folder / "key", public="ssh-ed25519 AAAA"),
        folder=folder,
        cache=folder,
        progress=NoProgress(),
        stop=Stop(),
    )
    watched = BootWatch(errand, guest).run()
    assert guest.ended, "it is let go of"
    return watched
