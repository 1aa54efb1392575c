# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Free ports on loopback, remembered so that a restart keeps its addresses.

The listening socket is opened here and handed to the server: from the choice of a port
until the server listens, nobody else can take it.
"""

from __future__ import annotations

import socket
from pathlib import Path

from loopback import files
from loopback.layout import HOST, CloudError


def remembered(path: Path) -> dict[str, int]:
    known = files.read_json(path)
    if not isinstance(known, dict):
        return {}
    return {name: port for name, port in known.items() if isinstance(port, int)}


def open_remembered(path: Path, service: str, *, may_move: bool = True) -> socket.socket:
    """A listening socket on the service's port of last time, or else on a new one."""
    known = remembered(path)
    port = known.get(service, 0)
    try:
        listener = _listen(port)
    except OSError as error:
        if not may_move:
            raise CloudError(
                f"port {port} of {service} is in use by another program; "
                "`up` moves the service to a free port"
            ) from error
        listener = _listen(0)
    files.write_json(path, {**known, service: listener.getsockname()[1]})
    return listener


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Connections of the server before us may linger in TIME_WAIT.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        # Listening at once, not only bound: two bound sockets can share a port, two
        # listening ones cannot.
        listener.listen(256)
    except BaseException:
        listener.close()
        raise
    return listener
