# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web server that publishes a folder as a distribution does, and fails when it is told to."""

from __future__ import annotations

import base64
import os
import re
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_PIECE = 1 << 20
_LOOKS_EVERY = 0.2


@dataclass(kw_only=True)
class Fault:
    """What goes wrong with a path. Several can be listed for one; each says how often it does."""

    # How many requests pass unharmed first, and how many are harmed then; None: all that come.
    skip: int = 0
    times: int | None = 1
    # Only requests of this method, such as HEAD; None: any.
    method: str | None = None

    # Answer with this status and no content, and, if a number is given, with Retry-After.
    status: int | None = None
    retry_after: int | str | None = None
    # Hang up without an answer.
    hang_up: bool = False
    # Take the request and never answer.
    silent: bool = False
    # Hang up after so many bytes of the content.
    cut_after: int | None = None
    # Say nothing more after so many bytes of the content, and do not hang up either.
    stall_after: int | None = None
    # Send pieces of so many bytes, and wait so many seconds after each.
    drip: tuple[int, float] | None = None
    # Keep back the last piece until this holds.
    ends_once: Callable[[], bool] | None = None
    # Send the whole content, whatever range was asked for.
    ignores_range: bool = False
    # The ETag and the time of the last change stay as they are, whatever becomes of the content.
    same_validators: bool = False
    # Say that the content has so many bytes.
    claims_length: int | None = None
    # No ETag and no Last-Modified.
    no_validators: bool = False
    # An ETag that promises less than equal bytes.
    weak_etag: bool = False
    # No Content-Length: the end of the connection is the end of the content.
    no_length: bool = False
    # From this request on the path has another content.
    becomes: bytes | None = None
    # Further headers, or others.
    headers: Mapping[str, str] = field(default_factory=dict)

    def strikes(self, method: str) -> bool:
        """Whether this request is harmed; counts it."""
        if self.method not in {None, method}:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


@dataclass(kw_only=True)
class Request:
    """One request that came, and what it got."""

    method: str
    # Decoded, without the first slash and the query.
    path: str
    headers: dict[str, str]
    status: int = 0
    # Bytes of content that were on their way, whether or not all of them arrived.
    sent: int = 0


class Upstream:
    """The running server, as a test sees it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.faults: defaultdict[str, list[Fault]] = defaultdict(list)
        # Path to the address that it redirects to.
        self.redirects: dict[str, str] = {}
        # User and password without which everything is answered with 401.
        self.credentials: tuple[str, str] | None = None
        self.requests: list[Request] = []
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.connections: set[socket.socket] = set()

    def url(self, path: str = "", *, host: str = "127.0.0.1", userinfo: str = "") -> str:
        """The address of a path; `localhost` is another host to a client."""
        return f"http://{userinfo}{host}:{self.port}/{path}"

    def count(self, path: str, method: str = "GET") -> int:
        """How many requests came for a path."""
        return sum(r.path == path and r.method == method for r in self.requests)

    def sent(self, path: str) -> int:
        """How many bytes of a path's content went out, in all requests together."""
        return sum(r.sent for r in self.requests if r.path == path)

    def write(self, path: str, content: bytes) -> None:
        """Publish a content, under validators that differ from those of what was there."""
        target = self.folder / path
        later = target.stat().st_mtime_ns + 2 * 10**9 if target.exists() else None
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f"{target.name}.fresh")
        fresh.write_bytes(content)
        if later:
            os.utime(fresh, ns=(later, later))
        fresh.replace(target)


@contextmanager
def upstream(folder: Path) -> Iterator[Upstream]:
    """Serve a folder on loopback and a free port, until the block ends."""

    class Handler(_Handler):
        pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        published = Upstream(folder, server.server_port)
        Handler.upstream = published
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield published
        finally:
            published.closing.set()
            server.shutdown()
            serving.join()
            # Leaving the block waits for every connection's thread: none may wait for a client.
            with published.lock:
                for connection in published.connections:
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream: Upstream

    def setup(self) -> None:
        super().setup()
        with self.upstream.lock:
            self.upstream.connections.add(self.connection)
        if self.upstream.closing.is_set():
            self.connection.close()

    def finish(self) -> None:
        with self.upstream.lock:
            self.upstream.connections.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def do_HEAD(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def log_message(self, *_words: object) -> None:
        """Say nothing: the test's output is not the server's."""

    def _serve(self) -> None:
        path = unquote(urlsplit(self.path).path).removeprefix("/")
        self.seen = Request(method=self.command, path=path, headers=dict(self.headers))
        with self.upstream.lock:
            self.upstream.requests.append(self.seen)
            faults = [f for f in self.upstream.faults[path] if f.strikes(self.command)]
        fault = _together(faults)
        if fault.silent:
            self.upstream.closing.wait()
        if fault.silent or fault.hang_up:
            self.close_connection = True
        elif fault.status:
            wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            self._answer(HTTPStatus(fault.status), wait)
        elif not self._is_authorized():
            self._answer(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Basic realm="test"'})
        elif path in self.upstream.redirects:
            self._answer(HTTPStatus.FOUND, {"Location": self.upstream.redirects[path]})
        else:
            self._publish(self.upstream.folder / path, fault)

    def _is_authorized(self) -> bool:
        if self.upstream.credentials is None:
            return True
        expected = base64.b64encode(":".join(self.upstream.credentials).encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _publish(self, file: Path, fault: Fault) -> None:
        if fault.becomes is not None:
            self.upstream.write(self.seen.path, fault.becomes)
        try:
            stream = file.open("rb")
        except OSError:
            self._answer(HTTPStatus.NOT_FOUND)
            return
        with stream:
            seen = os.fstat(stream.fileno())
            headers = _validators(seen, fault)
            if self._is_known(headers):
                self._head(HTTPStatus.NOT_MODIFIED, headers)
                return
            start, end = 0, seen.st_size
            status = HTTPStatus.OK
            if not fault.ignores_range:
                headers["Accept-Ranges"] = "bytes"
                asked = self._range(headers, seen.st_size)
                if asked:
                    start, end = asked
                    status = HTTPStatus.PARTIAL_CONTENT
                    headers["Content-Range"] = f"bytes {start}-{end - 1}/{seen.st_size}"
                if start >= end and status is HTTPStatus.PARTIAL_CONTENT:
                    headers["Content-Range"] = f"bytes */{seen.st_size}"
                    self._answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers)
                    return
            length = end - start if fault.claims_length is None else fault.claims_length
            if fault.no_length:
                self.close_connection = True
                headers["Connection"] = "close"
            else:
                headers["Content-Length"] = str(length)
            self._head(status, headers | dict(fault.headers))
            if self.command == "GET":
                stream.seek(start)
                self._send(stream, end - start, fault)
                if length != end - start:
                    self.close_connection = True

    def _is_known(self, validators: Mapping[str, str]) -> bool:
        """Whether the client says that it has this version already."""
        known = [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
        # Where both are there, the first decides: RFC 9110, section 13.2.2.
        asked = next((pair for pair in known if pair[0] in self.headers), None)
        return asked is not None and self.headers[asked[0]] == validators.get(asked[1])

    def _range(self, validators: Mapping[str, str], size: int) -> tuple[int, int] | None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range")
        # A weak validator never allows a range: RFC 9110, section 13.1.5.
        strong = {v for v in map(validators.get, ("ETag", "Last-Modified")) if v and v[0] != "W"}
        if not asked or (condition and condition not in strong):
            return None
        return int(asked[1]), min(int(asked[2]) + 1, size) if asked[2] else size

    def _send(self, stream: Any, length: int, fault: Fault) -> None:
        piece, pause = fault.drip or (_PIECE, 0.0)
        ends = [n for n in (fault.cut_after, fault.stall_after) if n is not None]
        left = min([length, *ends])
        while left > 0 and (data := stream.read(min(piece, left))):
            if fault.ends_once and left <= piece:
                self._wait(fault.ends_once)
            # Counted first: who has received the last of it may look at once.
            self.seen.sent += len(data)
            self.wfile.write(data)
            left -= len(data)
            if pause and self.upstream.closing.wait(pause):
                break
        self.wfile.flush()
        if fault.stall_after is not None:
            self.upstream.closing.wait()
        if ends:
            self.close_connection = True

    def _wait(self, holds: Callable[[], bool]) -> None:
        while not holds() and not self.upstream.closing.wait(_LOOKS_EVERY):
            pass

    def _answer(self, status: HTTPStatus, headers: Mapping[str, str] | None = None) -> None:
        body = f"<html><body>{status} {status.phrase}</body></html>".encode()
        described = {"Content-Type": "text/html", "Content-Length": str(len(body))}
        self._head(status, described | dict(headers or {}))
        if self.command == "GET":
            self.wfile.write(body)

    def _head(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.seen.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def _validators(seen: os.stat_result, fault: Fault) -> dict[str, str]:
    if fault.no_validators:
        return {}
    time, size = (0, 0) if fault.same_validators else (seen.st_mtime_ns, seen.st_size)
    etag = f'"{time:x}-{size:x}"'
    modified = formatdate(time / 10**9, usegmt=True)
    return {"ETag": f"W/{etag}" if fault.weak_etag else etag, "Last-Modified": modified}


def _together(faults: list[Fault]) -> Fault:
    """All that goes wrong with one request; what is listed first counts first."""
    sound = Fault()
    together = Fault()
    for fault in reversed(faults):
        for name, value in vars(fault).items():
            if value != getattr(sound, name):
                setattr(together, name, value)
    return together
