# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What says of a thing in a cloud that a boot check made it, for which run, and for how long.

Key pairs have nothing but a name, so all of it stands in the name, and everything that a check
makes has the same one. Servers say it in their metadata too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from ..lineage import Maker
from ..server import Server

PREFIX = "curator-boot-check"
MARK, EXPIRES = "curator_boot_check", "expires_at"
_NAME = re.compile(rf"{PREFIX}-(\d{{10}})-([0-9a-f]{{8}})-(\d+)-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One run, and when nothing of it may stand any more."""

    # In seconds since 1970.
    expires: int
    # The host of the run, as a hash: names of key pairs bear few characters.
    host: str
    pid: int
    start: int

    @classmethod
    def of(cls, maker: Maker, expires: float) -> Self:
        """The ticket of a run."""
        return cls(expires=int(expires), host=_hash(maker.host), pid=maker.pid, start=maker.start)

    @classmethod
    def from_name(cls, name: str) -> Self | None:
        """What a name says, if it is one of ours."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        expires, host, pid, start = match.groups()
        return cls(expires=int(expires), host=host, pid=int(pid), start=int(start))

    @property
    def name(self) -> str:
        """The name of all that the run makes."""
        return f"{PREFIX}-{self.expires}-{self.host}-{self.pid}-{self.start}"

    def metadata(self) -> Mapping[str, str]:
        """What stands on servers: for us, and for people who wonder."""
        until = datetime.fromtimestamp(self.expires, tz=UTC)
        return {MARK: self.name, EXPIRES: until.strftime("%Y-%m-%dT%H:%M:%SZ")}

    def is_over(self, now: float, here: Maker, is_dead: Callable[[Maker], bool]) -> bool:
        """Whether nobody needs its things any more: expired, or of a process here that is dead."""
        if now > self.expires:
            return True
        if self.host != _hash(here.host):
            return False
        return is_dead(Maker(host=here.host, pid=self.pid, start=self.start))


def ticket_of(server: Server) -> Ticket | None:
    """The ticket of a server, if both its name and its mark are ours."""
    if server.metadata.get(MARK) != server.name:
        return None
    return Ticket.from_name(server.name)


def _hash(host: str) -> str:
    return hashlib.sha256(host.encode()).hexdigest()[:8]
