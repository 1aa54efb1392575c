# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Something that listens where a remote desktop would, on loopback, and answers as a test says."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# What Windows answers to the first packet of RDP: the connection is confirmed, with TLS.
CONFIRMED = bytes.fromhex("030000130ed000001234000209080001000000")


@dataclass
class Desktop:
    """Where it is reached, and all that was ever said to it."""

    address: tuple[str, int]
    heard: list[bytes] = field(default_factory=list)


@contextmanager
def desktop(answer: Callable[[int], bytes]) -> Iterator[Desktop]:
    """A listener that says so to the caller of this number, counted from 1, and hangs up."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            there.heard.append(self.request.recv(1024))
            self.request.sendall(answer(len(there.heard)))

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        there = Desktop(("127.0.0.1", server.server_address[1]))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield there
        finally:
            server.shutdown()
            thread.join()
