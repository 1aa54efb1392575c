# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Taking away what boot checks made in a cloud: that of this run, or what dead ones left.

Everything is found by its name and not by what was noted down: a request that was never answered
may have made something all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ..cloud.connect import Cloud
from ..cloud.nova import Nova
from ..cloud.servers import require_neutron, require_nova
from ..domain.boot.ticket import PREFIX, Ticket, ticket_of
from ..domain.server import Server
from ..errors import CuratorError, Interrupted, NotReady
from .making import patiently

# What is left for taking everything away when the task is told to stop.
SECONDS_TO_STOP = 10.0
_POLL_SECONDS = 0.5
# Of a server that can be had back for a while, as some clouds have it.
_GONE = frozenset({"DELETED", "SOFT_DELETED"})

Ours = Callable[[Ticket], bool]


def take_away(cloud: Cloud, ours: Ours, *, patience: float) -> list[str]:
    """Delete all whose ticket is ours; what could not be deleted, in words.

    Who is told to stop meanwhile has little time for it, and stops only then.
    """
    try:
        return _deleted(cloud, ours, patience)
    except Interrupted as stopped:
        left = _deleted(cloud, ours, min(patience, SECONDS_TO_STOP))
        raise with_leftovers(stopped, left) from stopped


def with_leftovers(error: CuratorError, left: Sequence[str]) -> CuratorError:
    """The same error, which also tells what could not be deleted after it."""
    told = ["Not all that was made could be deleted:", *left] if left else []
    return type(error)(" ".join([error.message, *told]), **error.facts)


def _deleted(cloud: Cloud, ours: Ours, patience: float) -> list[str]:
    leftovers = _Leftovers(cloud, ours, patience)
    left = []
    # Nothing can go before what is in it: floating addresses lead through routers, servers are in
    # security groups and networks.
    for delete in (
        leftovers.delete_floating_addresses,
        leftovers.delete_servers,
        leftovers.delete_security_groups,
        leftovers.delete_networks,
        leftovers.delete_key_pairs,
    ):
        try:
            patiently(delete, patience)
        except Interrupted:
            raise
        except CuratorError as error:
            left.append(f"{error.message} The next check takes it away.")
    return left


class _Leftovers:
    """Everything with a ticket that is ours, kind by kind."""

    def __init__(self, cloud: Cloud, ours: Ours, patience: float) -> None:
        self._nova, self._neutron = require_nova(cloud), require_neutron(cloud)
        self._project = cloud.project_id
        self._ours = ours
        self._patience = patience

    def delete_floating_addresses(self) -> None:
        for address, description in self._neutron.floating_addresses(self._project).items():
            if self._is_ours(description):
                self._neutron.delete_floating_address(address)

    def delete_servers(self) -> None:
        """Delete them all, and wait until they are gone."""
        query = {"name": f"^{PREFIX}-"}
        listed = self._nova.servers(query, doing="look for servers of boot checks")
        found = [each for each in listed if (ticket := ticket_of(each)) and self._ours(ticket)]
        end_servers(self._nova, found, self._patience)

    def delete_security_groups(self) -> None:
        for group, name in self._neutron.security_groups(self._project).items():
            if self._is_ours(name):
                self._neutron.delete_security_group(group)

    def delete_networks(self) -> None:
        """Delete networks and their routers; where a router stays, so does the network to tell."""
        every = self._neutron.networks()
        own = [one for one in every if one.project == self._project and self._is_ours(one.name)]
        routers = self._neutron.routers(self._project) if own else {}
        for router, name in routers.items():
            if self._is_ours(name):
                self._neutron.delete_router(router)
        for network in own:
            self._neutron.delete_network(network.id)

    def delete_key_pairs(self) -> None:
        for name in filter(self._is_ours, self._nova.keypairs()):
            self._nova.delete_keypair(name)

    def _is_ours(self, name: str) -> bool:
        ticket = Ticket.from_name(name)
        return ticket is not None and self._ours(ticket)


def end_servers(nova: Nova, servers: Sequence[Server], patience: float) -> None:
    """Delete servers, and wait until they are gone."""
    for server in servers:
        nova.delete_server(server.id)
    deadline = time.monotonic() + patience
    for server in servers:
        while (found := nova.server(server.id)) is not None and found.status not in _GONE:
            if time.monotonic() > deadline:
                raise NotReady(f"{server.label[0].upper()}{server.label[1:]} is not gone yet.")
            time.sleep(_POLL_SECONDS)
