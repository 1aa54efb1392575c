# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Waiting until a server is as it is wanted, as long as something about it moves."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..cloud.connect import Cloud
from ..cloud.servers import require_nova
from ..domain.server import ERROR, Server
from ..errors import NotFound, NotReady, RequestFailed
from .making import patiently

POLL_SECONDS = 0.5


def never() -> None:
    """For waits that nothing interrupts."""


def await_server(
    cloud: Cloud,
    server_id: str,
    reached: Callable[[Server], bool],
    *,
    wanted: str,
    check: Callable[[], None] = never,
    patience: float | None = None,
) -> Server:
    """The server once it is so; `check` raises where waiting is to end, `wanted` is for messages.

    It may stand still for so many seconds, or for the time that the task has for that.
    """
    limit = cloud.timeout if patience is None else patience
    state: tuple[object, ...] = ()
    deadline = 0.0
    while True:
        check()
        server = patiently(lambda: _read(cloud, server_id), limit)
        if reached(server):
            return server
        if server.status == ERROR:
            why = server.fault or "it does not tell why"
            raise RequestFailed(
                f"{server.label[0].upper()}{server.label[1:]} is in ERROR instead of {wanted}: "
                f"{why}. Look at it in the cloud (openstack server show)."
            )
        moved = (server.status, server.task_state, server.updated_at)
        if moved != state:
            state, deadline = moved, time.monotonic() + limit
        if time.monotonic() > deadline:
            busy = f" ({server.task_state})" if server.task_state else ""
            raise NotReady(
                f"{server.label[0].upper()}{server.label[1:]} stays {server.status}{busy} for "
                f"{limit:.0f} s instead of {wanted}. Raise timeout, or look at it in the cloud."
            )
        time.sleep(POLL_SECONDS)


def _read(cloud: Cloud, server_id: str) -> Server:
    server = require_nova(cloud).server(server_id)
    if server is None:
        raise NotFound(f"Server {server_id} is gone: somebody deleted it meanwhile.")
    return server
