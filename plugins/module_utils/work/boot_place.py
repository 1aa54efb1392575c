# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a place where guests are booted has to offer; it is all that a boot check knows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ..domain.boot.seen import Assigned, Reach
from ..domain.boot.wish import BootWish
from ..guest.ssh import Client, Door, Key
from ..progress import Progress
from .watching import Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One check, and what every part of it needs."""

    wish: BootWish
    key: Key
    # A folder that is gone after the check.
    folder: Path
    # Where answers that hold for longer are kept.
    cache: Path
    progress: Progress
    stop: Stop
    # What the result has to warn of.
    warnings: list[str] = field(default_factory=list)


class Guest(Protocol):
    """A guest whose machine runs; everything may be asked again and again."""

    @property
    def looks_every(self) -> float:
        """How often it makes sense to look at it, in seconds."""

    @property
    def told(self) -> str:
        """The machine in one sentence."""

    def console(self) -> str:
        """All that is on its console, or the end of it."""

    def trouble(self) -> str | None:
        """Why the machine does not run any more; None while it does."""

    def bytes_read(self) -> int | None:
        """How much it has read from its disks; None where nobody tells."""

    def assigned(self) -> Assigned:
        """The addresses that it should have."""

    def doors(self) -> Mapping[str, Door]:
        """Where its ssh server may be reached: for each family of addresses in which it may."""

    def desktop(self) -> tuple[str, int] | None:
        """Where its remote desktop is reached; None where there is no way to it."""

    def reach(self, family: str, client: Client) -> Reach:
        """Whether it is reached over a family of addresses, now that somebody can log in."""


class Place(Protocol):
    """Where guests are booted."""

    def properties(self) -> Mapping[str, str]:
        """The image properties that count there."""

    def started(self) -> AbstractContextManager[Guest]:
        """A guest whose machine runs; nothing of it is left afterwards, whatever happens.

        CheckFailed says why there is none: that is a verdict, and no trouble of ours.
        """

    def foresee(self) -> None:
        """Look at what can be looked at without starting anything; errors say what is wrong."""


# How a place is found for an errand.
FindPlace = Callable[[Errand], AbstractContextManager[Place]]
