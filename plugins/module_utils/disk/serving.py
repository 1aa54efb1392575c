# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A disk that one program reads and another passes on; they meet at a socket without a name.

nbdcopy can start the server itself, and makes a folder in /tmp for the socket between them. That
folder stays whenever nbdcopy is ended before it is done, as it is after each look at a disk. Here,
the socket has lost its name before either program begins, so nothing is left, whoever is killed.
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from . import tools
from .region import Pieces

# Only Linux has files that are open as names alone, and opens a socket through one.
_PATH_ONLY: int = getattr(os, "O_PATH", 0)
# The server takes the socket as systemd hands one over: number 3, for the process of that id. When
# the client has ended, so does the server, also if nobody ever spoke to it: while it begins, it
# forgets that it was asked to end, so it is not asked.
_MEET = """
exec 3<&0 0</dev/null
LISTEN_FDS=1 sh -c 'export LISTEN_PID=$$; exec "$@"' sh "$1" --read-only "$2" >/dev/null &
exec 3<&-
shift 2
"$@"
code=$?
kill -KILL $! 2>/dev/null
wait
exit $code
"""


def can_serve() -> bool:
    """Whether the programs for this are there, and the system has such sockets."""
    return bool(_PATH_ONLY) and tools.have("nbdcopy", "qemu-nbd")


def served(node: str, number: int, limits: tools.Limits) -> Pieces:
    """All bytes of a disk, given as a node for QEMU and the number of the open file behind it."""
    server = [tools.path_of("qemu-nbd"), node]
    # Requests as large as the pipe: half the time of the 256 KiB that are its default. And the
    # server serves one connection.
    client = [tools.path_of("nbdcopy"), "--request-size=1048576", "--connections=1", "--"]
    with _meeting_place() as (listener, door):
        address = f"nbd+unix:///?socket=/dev/fd/{door}"
        command = ["sh", "-c", _MEET, "sh", *server, *client, address, "-"]
        yield from tools.run(command, limits, files=[number, door], stdin=listener)


@contextmanager
def _meeting_place() -> Iterator[tuple[socket.socket, int]]:
    """A socket to listen at, and the number of an open file through which it is reached."""
    with socket.socket(socket.AF_UNIX) as listener, ExitStack() as held:
        with tempfile.TemporaryDirectory() as folder:
            place = held.enter_context(_opened(folder, os.O_DIRECTORY))
            # By the number of the open folder: the path to a socket has at most 107 characters.
            listener.bind(f"/dev/fd/{place}/socket")
            door = held.enter_context(_opened(f"{folder}/socket"))
        listener.listen(1)
        yield listener, held.enter_context(tools.numbered(door))


@contextmanager
def _opened(path: str, flags: int = 0) -> Iterator[int]:
    number = os.open(path, flags | _PATH_ONLY | os.O_CLOEXEC)
    try:
        yield number
    finally:
        os.close(number)
