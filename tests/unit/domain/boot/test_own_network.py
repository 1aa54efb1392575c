# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses of a network that is made for one boot check."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network

from ansible_collections.curator.glance.plugins.module_utils.domain.boot.own_network import (
    subnets,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.ticket import Ticket

TICKET = Ticket(expires=1795275062, host="0badcafe", pid=4711, start=99)
TEST_NETWORKS = IPv4Network("198.18.0.0/15")


def test_both_families() -> None:
    """Marked like all else; the guest learns its IPv6 prefix from the router."""
    ipv4, ipv6 = subnets(TICKET, ())
    assert ipv4["name"] == ipv6["name"] == TICKET.name
    assert (ipv4["ip_version"], ipv6["ip_version"]) == (4, 6)
    assert IPv4Network(ipv4["cidr"]).subnet_of(TEST_NETWORKS)
    network = IPv6Network(ipv6["cidr"])
    assert (network.is_private, network.prefixlen) == (True, 64)
    assert ipv6["cidr"].startswith("fd")
    assert (ipv6["ipv6_ra_mode"], ipv6["ipv6_address_mode"]) == ("slaac", "slaac")


def test_each_check_has_its_own() -> None:
    """And the same one whenever it is asked for."""
    other = replace(TICKET, pid=4712)
    assert subnets(TICKET, ()) == subnets(TICKET, ())
    assert subnets(TICKET, ())[1]["cidr"] != subnets(other, ())[1]["cidr"]


def test_no_overlap_with_the_external_network() -> None:
    """Of any size; where everything is taken, the router says so."""
    first = subnets(TICKET, ())[0]["cidr"]
    around = str(IPv4Network(first).supernet(4))
    for taken in (first, around, "198.18.0.0/16", "198.19.0.0/16"):
        chosen = IPv4Network(subnets(TICKET, ["2001:db8::/64", taken])[0]["cidr"])
        assert chosen.subnet_of(TEST_NETWORKS)
        assert not chosen.overlaps(IPv4Network(taken))
    assert subnets(TICKET, ["10.0.0.0/8"])[0]["cidr"] == first
    assert subnets(TICKET, [str(TEST_NETWORKS)])[0]["cidr"] == first
