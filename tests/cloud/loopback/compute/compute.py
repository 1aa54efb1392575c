# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placement, Neutron and Nova beside a cloud's Keystone and Glance, from any state to ready."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from loopback import fleet, processes
from loopback.compute import blank, bridge, libvirt, mariadb, packages
from loopback.compute.chosen import LIBVIRT, Chosen, choose, remembered
from loopback.compute.configuration import INSIDE, NAMES, rendered, variables
from loopback.compute.contents import FLAVORS, NETWORK, OUTSIDE, Contents
from loopback.compute.places import Places
from loopback.daemon import Daemon
from loopback.environment import Environment
from loopback.layout import Home, Spec
from loopback.processes import Kept
from loopback.service import HEALTH, Service

# Which of them tell how they are at the usual path. The others' front pages serve as well.
_HEALTH = {"placement": "/", "neutron": HEALTH, "cinder": HEALTH, "nova": "/"}


@dataclass(frozen=True)
class Compute:
    home: Home
    spec: Spec
    chosen: Chosen
    identity_url: str

    @property
    def places(self) -> Places:
        return Places(self.home.rooms(self.spec))

    @property
    def _packages(self) -> Environment:
        return packages.located()

    def services(self) -> list[Service]:
        return [self._service(name) for name in self._names]

    @property
    def _names(self) -> tuple[str, ...]:
        """In the order in which they start."""
        return tuple(name for name in NAMES if name != "cinder" or self.chosen.volumes)

    def _service(self, name: str) -> Service:
        rooms, installed = self.places.rooms, self._packages
        imports = (INSIDE, self.places.bindings) if self.chosen.boots else (INSIDE,)
        return Service(
            self.spec.name,
            name,
            rooms,
            rendered(
                name,
                self.places,
                self.chosen,
                packages=installed,
                identity_url=self.identity_url,
                region=self.spec.region,
            ),
            installed,
            variables(name, self.places, self.chosen),
            imports,
            hooks=INSIDE / "gunicorn_hooks.py",
            health=_HEALTH[name],
        )

    def bring_up(self, admin_password: str) -> bool:
        """Make servers possible; says whether there was anything to do."""
        installed = packages.ensure(self.chosen.kind, volumes=self.chosen.volumes)
        self.places.make()
        changed = self.chosen.boots and self._bring_up_guests()
        blank.copy(installed, self.places.databases)
        changed |= self._database_server().bring_up()
        # Nova counts what it has in Placement as soon as it starts, and needs a user for that.
        changed |= self._bring_up(self._names[:-1])
        filling = Contents(self.spec, self.places, self.chosen, admin_password)
        changed |= filling.register()
        changed |= self._bring_up(self._names[-1:])
        # By now it is known where Nova is.
        changed |= filling.register()
        if changed:
            filling.fill()
        return changed

    def _bring_up_guests(self) -> bool:
        """Make room for guests, if it is not there."""
        changed = bridge.bring_up(self.chosen, bridge.mark(self.home))
        if libvirt.bring_up(self.places, self._packages.python):
            # A Nova that lost its guests would take minutes to believe in new ones; one that starts
            # lets those run again that ran before.
            processes.end([Kept(self.places.rooms.run, "nova")])
            return True
        return changed

    def _bring_up(self, names: tuple[str, ...]) -> bool:
        """Start these of the services, if they are not well."""
        with ExitStack() as stack:
            started = fleet.start_unsound(lambda: [self._service(name) for name in names], stack)
        for service, process in started:
            service.wait_ready(process)
        return bool(started)

    def _database_server(self) -> Daemon:
        run, log = self.places.rooms.run, self.places.rooms.log
        kept = Kept(run, mariadb.NAME)
        return mariadb.daemon(self.places.databases, kept, run, log / f"{mariadb.NAME}.log")

    def facts(self) -> dict[str, Any]:
        """What tests have to know."""
        ipv4, ipv6 = self.chosen.gateways
        network: dict[str, Any] = {
            "name": NETWORK,
            "ipv4": self.chosen.ipv4,
            "ipv6": self.chosen.ipv6,
        }
        facts = {
            "kind": self.chosen.kind,
            "volumes": self.chosen.volumes,
            "network": network,
            "outside": {"name": OUTSIDE, "ipv4": self.chosen.outside},
            "flavors": FLAVORS,
        }
        if self.chosen.boots:
            network |= {"bridge": self.chosen.bridge, "host_ipv4": ipv4, "host_ipv6": ipv6}
            facts["libvirt_uri"] = libvirt.uri(self.places)
            facts["instances_dir"] = str(self.places.instances)
        return facts


def choose_compute(home: Home, spec: Spec, kind: str, *, volumes: bool) -> None:
    """Give a cloud compute, unless it has it."""
    packages.ensure(kind, volumes=volumes)
    avoid = bridge.networks() if kind == LIBVIRT else set()
    choose(Places(home.rooms(spec)), kind, volumes=volumes, avoid=avoid)


def end(home: Home, spec: Spec) -> int:
    """End what runs for a cloud's compute; how many processes were alive."""
    places = Places(home.rooms(spec))
    chosen = remembered(places)
    if chosen is None:
        return 0
    # Nova before its guests and its database: it would wonder where they are.
    count = sum(
        processes.end([Kept(places.rooms.run, name) for name in names])
        for names in (NAMES, (libvirt.NAME, mariadb.NAME))
    )
    if chosen.boots:
        bridge.end(chosen, bridge.mark(home))
    return count
