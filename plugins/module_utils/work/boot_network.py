# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a boot check makes of networks: one of its own, and a way in from outside."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from ..cloud.neutron import Neutron
from ..domain.boot.own_network import subnets
from ..domain.boot.ticket import Ticket
from ..domain.network import Network
from ..errors import NotFound

WHY = "Until the end of a boot check"


def make_network(neutron: Neutron, ticket: Ticket, outside: Network | None) -> Network:
    """A network with addresses of both families, from which a way leads outside if it shall.

    Without a way outside there is a router all the same: it is who tells guests their IPv6 prefix.
    Everything bears the name by which it is found again, also if this ends in the middle.
    """
    taken = neutron.prefixes(outside.id) if outside else ()
    network = neutron.create_network(ticket.name, WHY)
    router = neutron.create_router(ticket.name, WHY, outside.id if outside else None)
    for wish in subnets(ticket, taken):
        neutron.connect_subnet(router, neutron.create_subnet(network.id, wish))
    return network


def lead_in(neutron: Neutron, outside_id: str, ports: Sequence[str], name: str) -> str:
    """A floating address that leads to one of a server's ports."""
    *others, last = ports
    for port in others:
        # No router leads from its network to the one outside.
        with suppress(NotFound):
            return neutron.create_floating_address(outside_id, port, name)[1]
    return neutron.create_floating_address(outside_id, last, name)[1]
