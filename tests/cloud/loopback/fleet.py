# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that are started together, each on the port that it had last time."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from contextlib import ExitStack

from loopback import ports, processes
from loopback.layout import CloudError
from loopback.service import Service


def start_unsound(
    services: Callable[[], list[Service]], stack: ExitStack
) -> list[tuple[Service, subprocess.Popen[bytes]]]:
    """Start what is missing, hangs, or runs with an outdated configuration."""
    listeners: dict[str, socket.socket] = {}
    while unsound := [
        service
        for service in services()
        if service.name not in listeners and not (service.current() and service.healthy())
    ]:
        processes.end([service.kept for service in unsound])
        for service in unsound:
            listener = ports.open_remembered(service.rooms.ports, service.name)
            listeners[service.name] = stack.enter_context(listener)
        # A port that had to move is part of the others' configuration: look again.
    return [
        (service, service.start(listeners[service.name].fileno()))
        for service in services()
        if service.name in listeners
    ]


def start_one(service: Service) -> None:
    """Start one service on its old port, and leave all else as it is."""
    if processes.alive(service.kept):
        return
    if not service.port:
        raise CloudError(f"{service.title} was never up; run `up` first")
    with ports.open_remembered(service.rooms.ports, service.name, may_move=False) as listener:
        process = service.start(listener.fileno())
    service.wait_ready(process)
