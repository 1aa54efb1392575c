# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request and its answer on their way through a proxy, with at most one fault."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPMessage
from io import BufferedReader
from pathlib import Path

from support.faults import (
    Answer,
    Cut,
    Drip,
    Flip,
    HangUp,
    Hold,
    Ledger,
    Passed,
    Planned,
    Rewrite,
    Side,
    Silence,
)

_PIECE = 64 * 1024
_DRIPS_A_SECOND = 20
# How often a connection that stands still is asked whether the client is there yet, in seconds.
_LOOKS_EVERY = 0.05
# In /proc/net/tcp.
_ESTABLISHED = "01"
# For SO_LINGER: closing sends a reset instead of an orderly end.
_RESET = struct.pack("ii", 1, 0)


class _Over(Exception):
    """A fault has ended the exchange."""


class Exchange(threading.Thread):
    """The thread that passes a request on; a second one brings the answer, which may come early."""

    def __init__(self, client: socket.socket, target: tuple[str, int], ledger: Ledger) -> None:
        super().__init__(daemon=True)
        self._client = client
        self._server = socket.socket()
        self._target = target
        self._ledger = ledger
        self._passed = Passed("", HTTPMessage())
        self._planned: Planned | None = None
        # What changes the next piece of a body.
        self._altering: Planned | None = None
        self._rate: int | None = None
        self._over = False
        self._aborted = threading.Event()

    def abort(self) -> None:
        """Cut it, from another thread."""
        self._aborted.set()
        _wake(self._client, socket.SHUT_RDWR)
        _wake(self._server, socket.SHUT_RDWR)

    def run(self) -> None:
        with (
            self._client,
            self._server,
            suppress(_Over, OSError),
            self._client.makefile("rb") as stream,
        ):
            self._pass_request(stream)

    def _pass_request(self, stream: BufferedReader) -> None:
        line = stream.readline()
        if not line:
            return
        headers = http.client.parse_headers(stream)
        self._passed = Passed(line.decode("latin-1").rpartition(" ")[0], headers)
        self._planned = self._ledger.begun(self._passed)
        length = None if "Transfer-Encoding" in headers else int(headers["Content-Length"] or 0)
        self._meet("request", 0, length)
        self._server.connect(self._target)
        answering = threading.Thread(target=self._pass_answer, daemon=True)
        answering.start()
        try:
            if not self._send_request(_head(line, headers), stream, length):
                # The client is gone, and so the server hears no more of it.
                _wake(self._server, socket.SHUT_RDWR)
        except _Over:
            _wake(self._server, socket.SHUT_RDWR)
            raise
        finally:
            answering.join()

    def _send_request(self, head: bytes, stream: BufferedReader, length: int | None) -> bool:
        """Whether all of it was there to be sent."""
        try:
            self._server.sendall(head)
        except OSError:
            return True
        return self._pump("request", stream, self._server, length)

    def _pass_answer(self) -> None:
        with suppress(_Over, OSError), self._server.makefile("rb") as stream:
            status = 0
            while status < HTTPStatus.OK:
                line = stream.readline()
                if not line:
                    return
                headers = http.client.parse_headers(stream)
                status = int(line.split()[1])
                if status < HTTPStatus.OK:
                    # 100: the client may go on.
                    self._client.sendall(line + b"\r\n")
            length = None if headers["Content-Length"] is None else int(headers["Content-Length"])
            self._meet("answer", 0, length)
            if not self._over:
                self._passed.status = status
                self._client.sendall(_head(line, headers))
                self._pump("answer", stream, self._client, length)
        # The other thread may still wait for more of the request. This tells the client nothing.
        _wake(self._client, socket.SHUT_RD)

    def _pump(
        self, side: Side, source: BufferedReader, sink: socket.socket, length: int | None
    ) -> bool:
        """Pass a body on; whether it came to its end."""
        passed = 0
        while True:
            self._meet(side, passed, length)
            if passed == length:
                return True
            data = self._read(side, source, self._step(side, passed, length))
            if not data:
                return False
            passed += len(data)
            if side == "request":
                # Counted first: the answer may be there before this thread goes on.
                self._passed.octets = passed
            sink.sendall(data)
            if self._rate:
                self._aborted.wait(len(data) / self._rate)

    def _read(self, side: Side, source: BufferedReader, most: int) -> bytes:
        """The next piece of a body, or what a fault makes of it."""
        planned = self._altering
        if planned is None or planned.fault.at.side != side:
            return source.read1(most)
        self._altering = None
        # All of it: the words that are looked for may come in parts.
        data = source.read(most)
        match planned.fault.deed:
            case Rewrite(old, new):
                altered = data.replace(old, new)
            case _:
                altered = bytes(byte ^ 0xFF for byte in data[:1]) + data[1:]
        # Where nothing was to be changed, the fault did not happen, and the test fails.
        planned.happened += altered != data
        return altered

    def _step(self, side: Side, passed: int, length: int | None) -> int:
        """How much may be read at once, to stop where the body or a fault says."""
        step = max(1, self._rate // _DRIPS_A_SECOND) if self._rate else _PIECE
        planned = self._planned
        fault = planned.fault.at.position_in(side, length) if planned else None
        ahead = [stop - passed for stop in (length, fault) if stop is not None and stop > passed]
        return min([step, *ahead])

    def _meet(self, side: Side, passed: int, length: int | None) -> None:
        """Let the fault happen if this is its place."""
        planned = self._planned
        if planned is None or planned.fault.at.position_in(side, length) != passed:
            return
        self._planned = None
        if isinstance(planned.fault.deed, Flip | Rewrite):
            self._altering = planned
            return
        planned.happened += 1
        match planned.fault.deed:
            case Drip(rate):
                self._rate = rate
            case Hold() as hold:
                hold.reached.set()
                self._stand_still(hold.released)
            case Silence():
                self._stand_still(self._aborted)
                self._end()
            case Cut():
                self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                self._end()
            case HangUp():
                self._end()
            case Answer(status):
                self._passed.status = status
                self._client.sendall(_own_answer(status))
                self._end()

    def _stand_still(self, until: threading.Event) -> None:
        """Pass nothing on for a while, but notice a client that hangs up."""
        while not until.wait(_LOOKS_EVERY):
            if self._aborted.is_set() or not _stands(self._client):
                self._end()

    def _end(self) -> None:
        # Before the server sees that it is over: what it says to that is for nobody.
        self._over = True
        raise _Over


def _wake(connection: socket.socket, how: int) -> None:
    """Whoever waits for more of a connection hears that nothing comes."""
    with suppress(OSError):
        connection.shutdown(how)


def _stands(connection: socket.socket) -> bool:
    """Whether the other end is there yet.

    It is on this machine, too, so the kernel's table tells. Nothing on the connection itself would,
    while data that nobody reads is in the way.
    """
    ends = [
        f"0100007F:{end[1]:04X}" for end in (connection.getpeername(), connection.getsockname())
    ]
    rows = (line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines())
    return [*ends, _ESTABLISHED] in rows


def _head(line: bytes, headers: HTTPMessage) -> bytes:
    """The head of a message, which ends its connection: one exchange is all that it carries."""
    kept = [f"{k}: {v}\r\n" for k, v in headers.items() if k.lower() != "connection"]
    return line + "".join([*kept, "Connection: close\r\n\r\n"]).encode("latin-1")


def _own_answer(status: int) -> bytes:
    """An error as Glance words them."""
    reason = HTTPStatus(status).phrase
    page = f"<html><head><title>{status} {reason}</title></head><body>{reason}</body></html>"
    return (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/html; charset=UTF-8\r\n"
        f"Content-Length: {len(page)}\r\nConnection: close\r\n\r\n{page}"
    ).encode()
