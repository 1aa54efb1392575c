# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A server that is down for a while, and runs again afterwards, however that ends.

What is noted on the server tells a later run that it was not its owner who stopped it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..cloud.connect import Cloud
from ..cloud.servers import require_nova
from ..domain.server import ACTIVE, SHUTOFF, Server
from ..domain.snapshot.subject import STOPPED_BY
from ..errors import CuratorError
from ..progress import Progress
from .maker import this_maker
from .making import is_urgent, patiently
from .servers import await_server
from .watching import Stop

# What is left for starting it again when the task is told to stop.
_SECONDS_TO_STOP = 10.0


@contextmanager
def halted(cloud: Cloud, server: Server, *, progress: Progress, stop: Stop) -> Iterator[None]:
    """The server is shut down meanwhile."""
    nova = require_nova(cloud)
    nova.note(server.id, STOPPED_BY, str(this_maker()))
    try:
        progress.stage("stopping the server")
        nova.stop(server.id)
        await_server(cloud, server.id, _is_down, wanted=SHUTOFF, check=stop.check)
        yield
    except BaseException as error:
        _start_after(error, cloud, server)
        raise
    progress.stage("starting the server")
    started_again(cloud, server)


def started_again(cloud: Cloud, server: Server, *, urgently: bool = False) -> None:
    """Start a server that was stopped for our sake, and forget that it was."""
    nova = require_nova(cloud)
    patience = _SECONDS_TO_STOP if urgently else cloud.timeout
    # Nova starts nothing that it still reads.
    found = await_server(cloud, server.id, _is_idle, wanted="idle", patience=patience)
    if found.status == SHUTOFF:
        patiently(lambda: nova.start(server.id), patience)
        if not urgently:
            await_server(cloud, server.id, _is_up, wanted=ACTIVE)
    patiently(lambda: nova.forget(server.id, STOPPED_BY), patience)


def _start_after(error: BaseException, cloud: Cloud, server: Server) -> None:
    try:
        started_again(cloud, server, urgently=is_urgent(error))
    except CuratorError as second:
        if isinstance(error, CuratorError):
            raise type(error)(
                f"{error.message} The server was stopped for this and could not be started again: "
                f"{second.message} The next run of the task starts it.",
                **error.facts,
            ) from error


def _is_idle(server: Server) -> bool:
    return server.task_state is None


def _is_down(server: Server) -> bool:
    return server.status == SHUTOFF and _is_idle(server)


def _is_up(server: Server) -> bool:
    return server.status == ACTIVE and _is_idle(server)
