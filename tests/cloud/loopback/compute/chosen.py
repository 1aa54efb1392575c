# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is decided when a cloud first gets compute, and stays so."""

from __future__ import annotations

import secrets
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_network

from loopback import files
from loopback.compute.places import Places
from loopback.layout import CloudError

FAKE, LIBVIRT = KINDS = ("fake", "libvirt")
# Set aside for measurements between networks (RFC 2544), so nobody's own network is in it.
_IPV4 = IPv4Network("198.18.0.0/15")


@dataclass(frozen=True)
class Chosen:
    kind: str
    password: str
    # Where the guests are; no other cloud of this machine may have the same.
    bridge: str
    ipv4: str
    ipv6: str
    # Whether there is a Cinder.
    volumes: bool = False

    @property
    def boots(self) -> bool:
        """Whether a server is a guest that runs, or only a record of one."""
        return self.kind == LIBVIRT

    @property
    def gateways(self) -> tuple[str, str]:
        """The addresses of this machine among the guests."""
        return str(IPv4Network(self.ipv4)[1]), str(IPv6Network(self.ipv6)[1])

    @property
    def outside(self) -> str:
        """Where floating IPs are: next to the guests."""
        guests = IPv4Network(self.ipv4)
        return str(IPv4Network((int(guests.broadcast_address) + 1, guests.prefixlen)))

    @property
    def networks(self) -> frozenset[str]:
        return frozenset((self.ipv4, self.ipv6, self.outside))

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses of this machine in these networks, with the lengths of their prefixes."""
        every = [ip_network(text) for text in (self.ipv4, self.ipv6, self.outside)]
        return tuple(f"{network[1]}/{network.prefixlen}" for network in every)


def remembered(places: Places) -> Chosen | None:
    """The choice of last time; none for a cloud without compute."""
    known = files.read_json(places.chosen)
    return Chosen(**known) if isinstance(known, dict) else None


def choose(places: Places, kind: str, *, volumes: bool, avoid: AbstractSet[str]) -> None:
    """Give a cloud compute of this kind, with a network that nobody has."""
    known = remembered(places)
    if known is None:
        known = _new(kind)
        while known.networks & avoid:
            known = _new(kind)
    if known.kind != kind:
        raise CloudError(
            f"{places.rooms.root.parent} has --compute {known.kind}, and what Nova knows of one "
            f"does not fit the other; for {kind}, name another folder, or begin with "
            "`down --purge`"
        )
    # They can come later, and stay.
    files.write_json(places.chosen, asdict(replace(known, volumes=known.volumes or volumes)))


def _new(kind: str) -> Chosen:
    # Two networks of 256 addresses, the second of which is outside.
    pairs = 1 << (23 - _IPV4.prefixlen)
    ipv4 = int(_IPV4.network_address) + (secrets.randbelow(pairs) << 9)
    # Unique local addresses: fd, 40 random bits (RFC 4193), and the first subnet of these.
    ipv6 = (0xFD << 120) | (secrets.randbits(40) << 80)
    return Chosen(
        kind=kind,
        password=secrets.token_hex(16),
        bridge=f"curator{secrets.token_hex(4)}",
        ipv4=str(IPv4Network((ipv4, 24))),
        ipv6=str(IPv6Network((ipv6, 64))),
    )
