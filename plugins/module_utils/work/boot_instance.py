# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A guest as an instance of a cloud: asked, looked at and reached through its services."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from contextlib import suppress

from ..cloud.connect import Cloud
from ..cloud.servers import require_nova
from ..domain.boot.seen import IPV4, Answer, Assigned, Reach, address_family
from ..domain.boot.verdict import RDP_PORT, SSH_PORT
from ..domain.server import ERROR, SHUTOFF, Server
from ..errors import CuratorError, NotFound
from ..guest.ssh import Client, Door
from .boot_place import Errand

# Each look is two requests.
_LOOKS_EVERY = 1.0
_REACH_SECONDS = 20.0
_CONNECT_SECONDS = 4.0
_NO_WAY_HERE = ", or there is no way to it from here (floating_network and jump_host make one)"
# Of a host that can be reached itself, and reaches nobody in a family of addresses.
_UNREACHABLE = "network is unreachable"


class CloudGuest:
    """An instance that is ACTIVE."""

    looks_every = _LOOKS_EVERY

    def __init__(
        self, errand: Errand, cloud: Cloud, server: Server, *, told: str, floating: str | None
    ) -> None:
        self._errand = errand
        self._nova = require_nova(cloud)
        self._server = server
        self._text = ""
        self._jump = errand.wish.jump_host
        self.told = told
        # The first address of each family is the one to knock at.
        self._addresses: dict[str, str] = {}
        for one in sorted(server.addresses, key=lambda one: one.version):
            if not one.floating:
                self._addresses.setdefault(address_family(one.address), one.address)
        if errand.wish.temporary_network:
            # Nobody outside of it knows a way in, but for what follows.
            self._addresses.clear()
        if floating is not None:
            self._addresses[IPV4] = floating
        self._direct = floating is None and self._jump is None

    def console(self) -> str:
        # A service that is restarting, or a console that is not there yet.
        with suppress(CuratorError):
            self._text = self._nova.console(self._server.id)
        return self._text

    def trouble(self) -> str | None:
        try:
            server = self._nova.server(self._server.id)
        except CuratorError:
            # Nothing about the guest.
            return None
        if server is None:
            raise NotFound(
                f"Server {self._server.id} is gone: somebody deleted it while it was checked. Run "
                "the task again."
            )
        if server.status == ERROR:
            return f"its server is in ERROR: {server.fault or 'Nova does not tell why'}"
        if server.status == SHUTOFF and server.task_state is None:
            return "the guest switched itself off"
        return None

    def bytes_read(self) -> int | None:
        with suppress(CuratorError):
            return self._nova.bytes_read(self._server.id)
        return None

    def assigned(self) -> Assigned:
        return Assigned(
            addresses=tuple(one.address for one in self._server.addresses if not one.floating),
            by="Nova",
            doors=tuple(self._addresses.values()),
            doubt=self._doubt(),
        )

    def _doubt(self) -> str:
        """What else it may be where nothing answers."""
        if self._jump is not None:
            return f", or no way leads there through {self._jump}"
        return _NO_WAY_HERE if self._direct else ""

    def doors(self) -> Mapping[str, Door]:
        return {
            family: Door(host=address, port=SSH_PORT, jump=self._jump)
            for family, address in self._addresses.items()
        }

    def desktop(self) -> tuple[str, int] | None:
        address = self._addresses.get(IPV4) or next(iter(self._addresses.values()), None)
        return (address, RDP_PORT) if address and self._jump is None else None

    def reach(self, family: str, client: Client) -> Reach:
        door = self.doors().get(family)
        if door is None:
            return Reach(reached=None, told="there is no way to try it")
        if self._jump is not None:
            return self._reach_through(self._jump, door, client)
        if not _has_way(door.host):
            return Reach(reached=None, told=f"this host has no way to {door.host}")
        deadline = time.monotonic() + _REACH_SECONDS
        while not (there := _is_there(door.host)) and time.monotonic() < deadline:
            self._errand.stop.check()
            time.sleep(_LOOKS_EVERY)
        return _told(door, there=there)

    def _reach_through(self, jump: str, door: Door, client: Client) -> Reach:
        said = client.run(door, "true").wait(_REACH_SECONDS, self._errand.stop.check)
        if said is None:
            return _told(door, there=False)
        if said.answer is Answer.NO_WAY or _UNREACHABLE in said.said.lower():
            return Reach(reached=None, told=f"{jump} has no way to {door.host} ({said.said})")
        return _told(door, there=said.answer is not Answer.SILENT)


def _told(door: Door, *, there: bool) -> Reach:
    what = "it answers" if there else "nothing answers"
    return Reach(reached=there, told=f"{what} at {door.host}")


def _is_there(host: str) -> bool:
    """Whether somebody answers, if only to refuse: that takes a guest less than to let us in."""
    try:
        socket.create_connection((host, SSH_PORT), timeout=_CONNECT_SECONDS).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return True


def _has_way(host: str) -> bool:
    """Whether this host knows where to send anything for an address; nothing is sent."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((host, SSH_PORT))
    except OSError:
        return False
    return True
