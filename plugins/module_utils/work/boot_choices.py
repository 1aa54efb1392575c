# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What of a cloud's own a boot check uses; what is not there is told before anything is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..cloud.connect import Cloud
from ..cloud.servers import require_cinder, require_neutron, require_nova
from ..domain.boot.instance import Needs, choose_flavor
from ..domain.boot.ticket import Ticket
from ..domain.boot.wish import BootWish
from ..domain.flavor import Flavor
from ..domain.image import Image
from ..domain.network import Network, named_network, only_network


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the instance is made of besides its image."""

    flavor: Flavor
    # None where one is made for the check.
    networks: Sequence[Network]
    # Where its floating address is from.
    outside: Network | None = None


def choose(cloud: Cloud, image: Image, wish: BootWish) -> Choices:
    """What the task names, or what there is no choice about."""
    if wish.boot_from_volume:
        require_cinder(cloud)
    flavors = require_nova(cloud).flavors()
    flavor = choose_flavor(flavors, Needs.of(image, wish), wish)
    every = require_neutron(cloud).networks()
    project, outside = cloud.project_id, wish.floating_network
    return Choices(
        flavor=flavor,
        networks=_networks(every, wish, project),
        outside=None if outside is None else named_network(every, outside, project),
    )


def _networks(every: Sequence[Network], wish: BootWish, project: str | None) -> list[Network]:
    if wish.temporary_network:
        return []
    if wish.network:
        return [named_network(every, name, project) for name in wish.network]
    # Another check's is none to be in: it is gone in a moment.
    lasting = [network for network in every if Ticket.from_name(network.name) is None]
    return [only_network(lasting, project)]
