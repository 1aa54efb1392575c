# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A cloud as a place to boot guests: an instance of an image, and all it takes to reach it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ..cloud.connect import Cloud
from ..cloud.images import find_image
from ..cloud.servers import require_neutron, require_nova
from ..domain.boot.instance import (
    Needs,
    nothing_to_grow,
    require_bootable,
    server_request,
)
from ..domain.boot.ticket import Ticket
from ..domain.boot.verdict import RDP_PORT, SSH_PORT
from ..domain.image import Image
from ..domain.network import Network
from ..domain.server import ACTIVE, ERROR, Server
from ..errors import CheckFailed, CuratorError, OverLimit
from .boot_choices import Choices, choose
from .boot_instance import CloudGuest
from .boot_leftovers import SECONDS_TO_STOP, end_servers, take_away, with_leftovers
from .boot_network import WHY, lead_in, make_network
from .boot_place import Errand
from .boot_room import is_about_quota, started_where_room_is
from .maker import is_dead, this_maker
from .making import is_urgent, patiently
from .servers import await_server

# After the time that a check takes at the most, nothing of it may stand: this much later, even a
# clock that is wrong agrees.
_SPARE_SECONDS = 3600
# For what checks left that are dead.
_SECONDS_TO_SWEEP = 10.0
_VERSIONS = (4, 6)


@dataclass(frozen=True, kw_only=True)
class CloudPlace:
    """One image, and the cloud that it is in."""

    errand: Errand
    cloud: Cloud
    image: Image

    def properties(self) -> Mapping[str, str]:
        return self.image.properties

    @contextmanager
    def started(self) -> Iterator[CloudGuest]:
        require_bootable(self.image)
        # Before anything is made: what is wrong with the task is told at once.
        choices = choose(self.cloud, self.image, self.errand.wish)
        maker, now = this_maker(), time.time()
        # Somebody else's: no check waits for long until it is gone.
        self._take_away(lambda ticket: ticket.is_over(now, maker, is_dead), _SECONDS_TO_SWEEP)
        ticket = Ticket.of(maker, now + self._longest() + _SPARE_SECONDS)
        try:
            yield self._guest(ticket, choices)
        except BaseException as error:
            left = self._clean_up(ticket, urgent=is_urgent(error))
            if left and isinstance(error, CuratorError) and not isinstance(error, CheckFailed):
                # There will be no verdict beside which a warning is heard.
                raise with_leftovers(error, left) from error
            raise
        self._clean_up(ticket)

    def foresee(self) -> None:
        require_bootable(self.image)
        choose(self.cloud, self.image, self.errand.wish)

    def _longest(self) -> float:
        """How long anything of a check may be needed: Nova and its quotas have their own time."""
        return self.errand.wish.time_limit + 2 * self.errand.wish.patience

    def _clean_up(self, ticket: Ticket, *, urgent: bool = False) -> list[str]:
        self.errand.progress.stage("cleaning up")
        return self._take_away(ticket.__eq__, SECONDS_TO_STOP if urgent else self.cloud.timeout)

    def _take_away(self, ours: Callable[[Ticket], bool], patience: float) -> list[str]:
        left = take_away(self.cloud, ours, patience=patience)
        self.errand.warnings.extend(left)
        return left

    def _guest(self, ticket: Ticket, choices: Choices) -> CloudGuest:
        wish, flavor = self.errand.wish, choices.flavor
        nova = require_nova(self.cloud)
        if wish.expected.ssh:
            nova.create_keypair(ticket.name, self.errand.key.public)
        networks = choices.networks or [self._own_network(ticket, choices.outside)]
        needs = Needs.of(self.image, wish)
        if (tight := nothing_to_grow(flavor, needs, wish)) is not None:
            self.errand.warnings.append(tight)
        request = server_request(
            ticket,
            self.image,
            flavor,
            networks=[network.id for network in networks],
            security_groups=self._security_groups(ticket, networks),
            key_name=ticket.name if wish.expected.ssh else None,
            volume_size=needs.roomy if wish.boot_from_volume else None,
        )
        doing = f"start image {self.image.id}"
        server = started_where_room_is(
            self.errand,
            self.cloud,
            flavor,
            lambda: self._built(nova.create_server(request, doing=doing)),
        )
        return CloudGuest(
            self.errand,
            self.cloud,
            server,
            told=f"It is ACTIVE as server {server.id} with flavor {flavor.name}.",
            floating=self._floating_address(ticket, server, choices.outside),
        )

    def _own_network(self, ticket: Ticket, outside: Network | None) -> Network:
        self.errand.progress.stage("making a network")
        return make_network(require_neutron(self.cloud), ticket, outside)

    def _built(self, server_id: str) -> Server:
        """The server once it is ACTIVE; an error is a verdict, but for a quota.

        That Nova takes too long, or somebody else the server, tells nothing of the image.
        """
        self.errand.progress.stage("waiting for Nova")
        server = await_server(
            self.cloud,
            server_id,
            lambda found: found.status in {ACTIVE, ERROR},
            wanted=ACTIVE,
            check=self.errand.stop.check,
        )
        if server.status == ERROR:
            why = server.fault or "it does not tell why"
            if is_about_quota(why):
                # Counted once more after it was let in: others were quicker.
                end_servers(require_nova(self.cloud), [server], self.cloud.timeout)
                raise OverLimit(why)
            raise CheckFailed(f"Nova could not start the image: {why.rstrip('. ')}.")
        return server

    def _floating_address(
        self, ticket: Ticket, server: Server, outside: Network | None
    ) -> str | None:
        if outside is None:
            return None
        neutron = require_neutron(self.cloud)
        ports = neutron.ports_of(server.id)
        if not ports:
            raise CheckFailed("Nova started the image without a network interface.")
        return patiently(
            lambda: lead_in(neutron, outside.id, ports, ticket.name), self.cloud.timeout
        )

    def _security_groups(self, ticket: Ticket, networks: Sequence[Network]) -> Sequence[str] | None:
        """Those of the task, or one that lets in whom the check sends; None where none is asked."""
        wish = self.errand.wish
        if wish.security_groups:
            return wish.security_groups
        asked = ((wish.expected.ssh, SSH_PORT), (wish.expected.rdp, RDP_PORT))
        ports = [port for wanted, port in asked if wanted]
        if not ports or not all(network.secured for network in networks):
            return None
        neutron = require_neutron(self.cloud)
        group = neutron.create_security_group(ticket.name, WHY)
        for version in _VERSIONS:
            for port in ports:
                neutron.let_in(group, version=version, protocol="tcp", port=port)
        return [group]


@contextmanager
def cloud_place(session: Callable[[], Cloud], errand: Errand) -> Iterator[CloudPlace]:
    """The image of a task, in its cloud."""
    if errand.wish.image is None:
        raise AssertionError(errand.wish)
    cloud = session()
    yield CloudPlace(errand=errand, cloud=cloud, image=find_image(cloud, errand.wish.image))
