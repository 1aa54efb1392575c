# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cloud, brought from whatever state it is in to ready."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from loopback import blank, fleet, identity, ports, secret, stores
from loopback.compute.chosen import remembered
from loopback.compute.compute import Compute
from loopback.compute.places import Places
from loopback.configuration import Settings, rendered, variables
from loopback.environment import Environment
from loopback.layout import Home, Rooms, Spec
from loopback.service import INSIDE, NAMES, Service


@dataclass(frozen=True)
class Cloud:
    home: Home
    spec: Spec
    passwords: dict[str, str]
    token_seconds: int
    environment: Environment

    @property
    def rooms(self) -> Rooms:
        return self.home.rooms(self.spec)

    def settings(self) -> Settings:
        known = ports.remembered(self.rooms.ports)
        every = {name: known.get(name, 0) for name in NAMES}
        return Settings(every, self.passwords, self.token_seconds)

    @property
    def compute(self) -> Compute | None:
        chosen = remembered(Places(self.rooms))
        if chosen is None:
            return None
        return Compute(self.home, self.spec, chosen, self.settings().url("keystone"))

    def services(self) -> list[Service]:
        """All that speak HTTP."""
        return [*self._image_services(), *(self.compute.services() if self.compute else [])]

    def _image_services(self) -> list[Service]:
        texts = rendered(self.spec, self.rooms, self.settings(), self.environment)
        imports = (INSIDE, *stores.of(self.rooms).imports)
        return [
            Service(
                self.spec.name,
                name,
                self.rooms,
                texts[name],
                self.environment,
                variables(name, self.rooms),
                imports,
            )
            for name in NAMES
        ]

    def bring_up(self) -> bool:
        """Make the cloud ready; says whether there was anything to do."""
        self.rooms.make()
        blank.copy(self.environment.blanks, self.rooms.db)
        secret.make_keys(self.rooms.keys)
        # Glance asks its store who it is before it serves.
        changed = stores.of(self.rooms).bring_up()
        with ExitStack() as stack:
            started = fleet.start_unsound(self._image_services, stack)
        changed |= bool(started)
        # Keystone first: Glance loads on while Keystone is filled.
        for name in NAMES:
            for service, process in started:
                if service.name == name:
                    service.wait_ready(process)
            if name == "keystone":
                changed |= identity.seed(self.spec, self.rooms, self.settings())
        if changed:
            identity.prove(self.spec, self.settings())
        if self.compute:
            changed |= self.compute.bring_up(self.passwords[self.spec.admin.name])
        return changed
