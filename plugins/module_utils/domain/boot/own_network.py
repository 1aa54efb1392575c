# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The network that exists for one boot check: which addresses it has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from .ticket import Ticket

# Set aside for measurements between networks (RFC 2544), so hardly a cloud has its own from there.
_IPV4, _LENGTH = IPv4Network("198.18.0.0/15"), 24
# Unique local addresses: fd, and 40 bits that nobody else has (RFC 4193).
_IPV6, _RANDOM_BITS = 0xFD << 120, 40
_SLAAC = "slaac"


def subnets(ticket: Ticket, taken: Iterable[str]) -> list[dict[str, Any]]:
    """What Neutron is asked for, in IPv4 and IPv6; a router refuses what overlaps with its others.

    The guest learns the one by DHCP, or from its config drive, and the other from its router.
    """
    ipv4, ipv6 = _free_ipv4(ticket, taken), _ipv6(ticket)
    return [
        {"name": ticket.name, "ip_version": 4, "cidr": str(ipv4)},
        {
            "name": ticket.name,
            "ip_version": 6,
            "cidr": str(ipv6),
            "ipv6_ra_mode": _SLAAC,
            "ipv6_address_mode": _SLAAC,
        },
    ]


def _free_ipv4(ticket: Ticket, taken: Iterable[str]) -> IPv4Network:
    """One of our own, the same for each look at it: the first that is free, from anywhere on."""
    others = [each for each in map(ip_network, taken) if isinstance(each, IPv4Network)]
    every = list(_IPV4.subnets(new_prefix=_LENGTH))
    first = _number(ticket) % len(every)
    for network in every[first:] + every[:first]:
        if not any(network.overlaps(other) for other in others):
            return network
    return every[first]


def _ipv6(ticket: Ticket) -> IPv6Network:
    return IPv6Network((_IPV6 | _number(ticket) << 80, 64))


def _number(ticket: Ticket) -> int:
    digest = hashlib.sha256(ticket.name.encode()).digest()
    return int.from_bytes(digest) >> (8 * len(digest) - _RANDOM_BITS)
