# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What there is to do, and who does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.sources import Source

# A plain member of a project on the cloud that stores what it is sent.
MEMBER = "customer_a"


@dataclass(frozen=True)
class Job:
    """A source that becomes an image, with a folder for the work."""

    source: Source
    url: str
    image: str
    work: Path

    @property
    def sums(self) -> str:
        return f"{self.url.rpartition('/')[0]}/SHA512SUMS"


@dataclass(frozen=True)
class Command:
    words: Sequence[str | Path]
    environment: Mapping[str, str]


# What starts a tool; several jobs at once are for those who can.
Start = Callable[[Sequence[Job]], Command]


@dataclass(frozen=True)
class Contender:
    key: str
    title: str
    start: Start
    user: str = MEMBER
    # Of a module: the run that finds its image there already, and Ansible's own part of it.
    again: Start | None = None
    nothing: Start | None = None
    note: str = ""
