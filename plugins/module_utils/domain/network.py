# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a guest is connected to, apart from any client library's idea of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from ..errors import Ambiguous, InvalidRequest, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One network, as Neutron showed it."""

    id: str
    name: str
    project: str | None = None
    shared: bool = False
    # A way out of the cloud: for routers and floating addresses.
    external: bool = False
    # Whether security groups mean anything in it.
    secured: bool = True

    @classmethod
    def from_neutron(cls, record: Mapping[str, Any]) -> Self:
        """Read a network as the API describes it."""
        return cls(
            id=record["id"],
            name=record.get("name") or "",
            project=record.get("project_id") or record.get("tenant_id"),
            shared=bool(record.get("shared")),
            external=bool(record.get("router:external")),
            secured=record.get("port_security_enabled") is not False,
        )


def named_network(networks: Sequence[Network], reference: str, project: str | None) -> Network:
    """The network that a name or an id means, the project's own before those of others."""
    for network in networks:
        if network.id == reference:
            return network
    found = [network for network in networks if network.name == reference]
    found = [network for network in found if network.project == project] or found
    if len(found) > 1:
        ids = sorted(network.id for network in found)
        raise Ambiguous(
            f"{len(found)} networks are named {reference!r}: {', '.join(ids)}. Name the one you "
            "mean by its id.",
            candidates=ids,
        )
    if not found:
        raise NotFound(
            f"There is no network {reference!r} for this project. openstack network list shows "
            "those that there are."
        )
    return found[0]


def only_network(networks: Sequence[Network], project: str | None) -> Network:
    """The one network that servers of the project can be in; none and several are errors."""
    usable = [
        network
        for network in networks
        if not network.external and (network.project == project or network.shared)
    ]
    if len(usable) == 1:
        return usable[0]
    names = ", ".join(sorted(network.name or network.id for network in usable))
    there = f"There are several: {names}" if usable else "There is none"
    raise InvalidRequest(
        f"Which network is the guest to be in? {there}. "
        + ("Name one with network." if usable else "Make one, and name it with network.")
    )
