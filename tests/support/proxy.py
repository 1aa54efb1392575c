# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy on loopback that breaks connections where a test says, and records what passed.

It stands in front of a real server, and every connection carries one request. `support.faults`
says what can happen to it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from support.cloud import User
from support.exchange import Exchange
from support.faults import Ledger

# A kernel that took a whole body in at once would keep every fault from the client.
_RECEIVES = 64 * 1024


class Proxy(Ledger):
    """Passes on to one server what comes in, but for the faults."""

    def __init__(self, target: str) -> None:
        super().__init__()
        address = urlsplit(target)
        self._target = (str(address.hostname), int(address.port or 80))
        self._exchanges: list[Exchange] = []
        self._port = 0
        self._listen()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Meanwhile connections are refused, as where a server is down."""
        self._deafen()
        yield
        self._listen()

    def hang_up(self) -> None:
        """Cut whatever goes through it now."""
        for exchange in self._exchanges:
            exchange.abort()

    def close(self) -> None:
        """Cut whatever goes through it, and be gone."""
        self._deafen()
        self.hang_up()
        for exchange in self._exchanges:
            exchange.join()

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVES)
        self._port = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, args=[self._listener], daemon=True)
        self._accepting.start()

    def _deafen(self) -> None:
        # Wakes the thread that waits for a connection; closing alone would not.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            exchange = Exchange(client, self._target, self)
            self._exchanges.append(exchange)
            exchange.start()


@contextmanager
def proxy(target: str) -> Iterator[Proxy]:
    """A proxy in front of a server; a fault that did not happen fails the test that planned it."""
    running = Proxy(target)
    try:
        yield running
    finally:
        running.close()
    assert not running.unspent(), f"did not happen: {running.unspent()}"


def behind(
    user: User, *, glance: Proxy | None = None, keystone: Proxy | None = None
) -> dict[str, Any]:
    """A user's cloud as the option `cloud` takes it, with proxies in front of its services."""
    auth = dict(user.credentials)
    if keystone:
        auth["auth_url"] = f"{keystone.url}/v3"
    override = {"image_endpoint_override": f"{glance.url}/v2"} if glance else {}
    return {"auth": auth, **override}
