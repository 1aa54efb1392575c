# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What was seen of a guest from outside and from inside, as the verdict needs it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from .facts import GuestFacts
from .signs import Reading

IPV4, IPV6 = "ipv4", "ipv6"
_VERSIONS = {IPV4: 4, IPV6: 6}


class Answer(StrEnum):
    """How a guest answers somebody who knocks with a key."""

    LET_IN = "let in"
    # There is an ssh server, and it does not take the key, or not for what we want there.
    DENIED = "denied"
    # The guest's network is up, and no ssh server serves there.
    REFUSED = "refused"
    SILENT = "silent"
    # The way there is not: a jump host that does not let us in, for one.
    NO_WAY = "no way"


# Each tells more of the guest than those before it.
_TELLING = (Answer.SILENT, Answer.NO_WAY, Answer.REFUSED, Answer.DENIED, Answer.LET_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """The addresses that the network gave to the guest."""

    addresses: tuple[str, ...] = ()
    # Networks from which the guest takes addresses of its own making.
    networks: tuple[str, ...] = ()
    # Who gave them, for messages.
    by: str = "the network"
    # Where it is looked for, if that is elsewhere.
    doors: tuple[str, ...] = ()
    # What else may keep it from being reached, for messages.
    doubt: str = ""

    def of(self, family: str) -> tuple[str, ...]:
        """The addresses of a family, each in its one way to be written."""
        return tuple(
            str(address)
            for address in map(ipaddress.ip_address, self.addresses)
            if address.version == _VERSIONS[family]
        )

    def covers(self, address: str) -> bool:
        """Whether an address was given, or is out of a network that the guest may take it from."""
        return any(
            ipaddress.ip_address(address) in ipaddress.ip_network(network)
            for network in (*self.addresses, *self.networks)
        )

    def gives(self, family: str) -> bool:
        """Whether a guest can have an address of a family at all."""
        return bool(self.of(family)) or any(
            ipaddress.ip_network(network).version == _VERSIONS[family] for network in self.networks
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether a guest can be reached over a family of addresses, and how that was seen."""

    # None where it could not be found out.
    reached: bool | None
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One try of one guest."""

    # How the machine was started, or None and why not.
    started: str | None = None
    # Why it was watched no longer before all was seen; empty where all was.
    given_up: str = ""
    console: Reading = field(default_factory=Reading)
    # What the regular expression found on the console.
    marker: str | None = None
    assigned: Assigned = field(default_factory=Assigned)
    # The key of this try, as authorized_keys should have it.
    key: str = ""
    user: str = ""
    answer: Answer = Answer.SILENT
    # The words of the guest or of the ssh client, for what is not known here.
    answer_said: str = ""
    rdp: bool = False
    reach: Mapping[str, Reach] = field(default_factory=dict)
    facts: GuestFacts | None = None
    # Our clock when the guest told its own.
    clock: float = 0.0

    @property
    def unanswered(self) -> bool:
        """Whether somebody was let in, and the guest never answered to the end."""
        return self.answer is Answer.LET_IN and self.facts is None

    def heard(self, answer: Answer, said: str) -> Self:
        """With one more answer, if that tells more than those before.

        A guest is knocked at by turns at each of its addresses, of which some may be silent, each
        in words of its own: that is no news. Nor is a session that breaks after one was let in.
        """
        if _TELLING.index(answer) <= _TELLING.index(self.answer):
            return self
        return replace(self, answer=answer, answer_said=said)


def address_family(address: str) -> str:
    """The family that an address is of."""
    return IPV4 if ipaddress.ip_address(address).version == _VERSIONS[IPV4] else IPV6
