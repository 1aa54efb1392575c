# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cloud, brought from whatever state it is in to ready."""

from __future__ import annotations

import socket
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass

from loopback import blank, identity, ports, processes, secret
from loopback.configuration import Settings, rendered
from loopback.environment import Environment
from loopback.layout import CloudError, Home, Rooms, Spec
from loopback.service import NAMES, Service


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

    def services(self) -> list[Service]:
        texts = rendered(self.spec, self.rooms, self.settings(), self.environment)
        return [
            Service(self.spec.name, name, self.rooms, texts[name], self.environment)
            for name in NAMES
        ]

    def bring_up(self) -> bool:
        """Make the cloud ready; says whether there was anything to do."""
        self.rooms.make()
        blank.copy(self.environment.blanks, self.rooms.db)
        secret.make_keys(self.rooms.keys)
        with ExitStack() as stack:
            started = self._start_unsound(stack)
        changed = bool(started)
        # Keystone first: Glance loads on while Keystone is filled.
        for name in NAMES:
            for service, process in started:
                if service.name == name:
                    service.wait_ready(process)
            if name == "keystone":
                changed |= identity.seed(self.spec, self.rooms, self.settings())
        if changed:
            identity.prove(self.spec, self.settings())
        return changed

    def _start_unsound(self, stack: ExitStack) -> list[tuple[Service, subprocess.Popen[bytes]]]:
        """Start what is missing, hangs, or runs with an outdated configuration."""
        listeners: dict[str, socket.socket] = {}
        while unsound := [
            service
            for service in self.services()
            if service.name not in listeners and not (service.current() and service.healthy())
        ]:
            processes.end([service.kept for service in unsound])
            for service in unsound:
                listener = ports.open_remembered(self.rooms.ports, service.name)
                listeners[service.name] = stack.enter_context(listener)
            # A port that had to move is part of the others' configuration: look again.
        return [
            (service, service.start(listeners[service.name].fileno()))
            for service in self.services()
            if service.name in listeners
        ]

    def start_one(self, service: Service) -> None:
        """Start one service on its old port, and leave all else as it is."""
        if processes.alive(service.kept):
            return
        if not service.port:
            raise CloudError(f"{service.title} was never up; run `up` first")
        with ports.open_remembered(self.rooms.ports, service.name, may_move=False) as listener:
            process = service.start(listener.fileno())
        service.wait_ready(process)
