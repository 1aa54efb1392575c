# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy of the fault tests: what it passes on, and that each of its faults is one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from urllib3.exceptions import ProtocolError

from support.faults import (
    ALWAYS,
    Answer,
    Cut,
    Deed,
    Drip,
    Fault,
    Flip,
    HangUp,
    Point,
    Rewrite,
    Silence,
    answered,
    sent,
)
from support.proxy import Proxy, proxy

UPLOAD = "/v2/images/1/file"
BODY = bytes(range(256)) * 4096 * 8
WITHIN = 30


class Store(ThreadingHTTPServer):
    """Keeps what is put into it, or as much as came of it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Keeper)
        self.kept: dict[str, bytes] = {}
        self.ended = threading.Semaphore(0)


class Keeper(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Store

    def do_PUT(self) -> None:
        if self.path == "/refused":
            self.close_connection = True
            self._answer(401, b"")
            return
        if self.headers["Transfer-Encoding"]:
            data = b"".join(iter(self._chunk, b""))
        else:
            data = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.kept[self.path] = data
        self.server.ended.release()
        self._answer(204, b"")

    def do_GET(self) -> None:
        self._answer(200, self.server.kept[self.path])

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline(), 16)
        data = self.rfile.read(size)
        self.rfile.readline()
        return data

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        # A client that is cut off is what these tests are about.
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_words: object) -> None:
        """Say nothing: the test's output is not the server's."""


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as server:
        serving = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@contextmanager
def before(store: Store) -> Iterator[Proxy]:
    with proxy(f"http://127.0.0.1:{store.server_port}") as running:
        yield running


def put(running: Proxy, path: str = UPLOAD, timeout: float = WITHIN) -> requests.Response:
    return requests.put(running.url + path, data=BODY, timeout=timeout)


def test_what_comes_passes_and_is_counted(store: Store) -> None:
    """Bodies of both kinds, either way, unchanged; each in a line of the record."""
    with before(store) as running:
        assert put(running).status_code == 204
        pieces = iter([b"a" * 100_000, b"b"])
        chunked = requests.put(f"{running.url}/chunked", data=pieces, timeout=WITHIN)
        assert chunked.status_code == 204
        assert requests.get(running.url + UPLOAD, timeout=WITHIN).content == BODY
    assert store.kept == {UPLOAD: BODY, "/chunked": b"a" * 100_000 + b"b"}
    assert [(passed.line, passed.status) for passed in running.requests] == [
        (f"PUT {UPLOAD}", 204),
        ("PUT /chunked", 204),
        (f"GET {UPLOAD}", 200),
    ]
    assert running.requests[0].octets == len(BODY)
    assert running.requests[0].headers["Content-Length"] == str(len(BODY))


def test_many_at_once(store: Store) -> None:
    """Each connection is on its own."""
    with before(store) as running, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: put(running, f"/{n}"), range(16)))
    assert {answer.status_code for answer in answers} == {204}
    assert store.kept == {f"/{n}": BODY for n in range(16)}


def test_a_server_that_refuses_before_it_reads_is_heard(store: Store) -> None:
    """Its early answer gets through, whatever becomes of the body."""
    with before(store) as running:
        connection = HTTPConnection("127.0.0.1", int(running.url.rpartition(":")[2]))
        connection.putrequest("PUT", "/refused")
        connection.putheader("Content-Length", str(len(BODY)))
        connection.endheaders()
        assert connection.getresponse().status == 401
        connection.close()


def test_a_client_may_wait_for_leave_to_go_on(store: Store) -> None:
    """100 Continue is passed on, and is not taken for the answer."""
    with before(store) as running:
        port = int(running.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), WITHIN) as client:
            client.sendall(b"PUT /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            with client.makefile("rb") as stream:
                assert b" 100 " in stream.readline()
                assert stream.readline() == b"\r\n"
                client.sendall(b"ab")
                assert b" 204 " in stream.readline()
    assert running.requests[0].status == 204


@pytest.mark.parametrize(
    "at, passes",
    [
        (sent(), 0),
        (sent(octets=1), 1),
        (sent(0.5), len(BODY) // 2),
        (sent(0.99), int(len(BODY) * 0.99)),
        (answered(), len(BODY)),
    ],
)
def test_a_cut_at_any_point(store: Store, at: Point, passes: int) -> None:
    """The connection is gone, exactly so much went on, and the next one is whole."""
    with before(store) as running:
        running.fault(Fault(deed=Cut(), at=at))
        with pytest.raises(requests.ConnectionError):
            put(running)
        assert running.requests[0].octets == passes
        assert running.requests[0].status is None
        assert put(running).status_code == 204
    assert store.kept == {UPLOAD: BODY}


def test_an_answer_cut_in_its_middle(store: Store) -> None:
    """What came of it is the beginning."""
    store.kept["/file"] = BODY
    with before(store) as running:
        running.fault(Fault(deed=Cut(), on="GET /file", at=answered(octets=1000)))
        got = requests.get(f"{running.url}/file", stream=True, timeout=WITHIN)
        with pytest.raises(ProtocolError):
            got.raw.read(len(BODY))


def test_an_answer_that_ends_too_early(store: Store) -> None:
    """Every byte that went through arrives, however late it is read."""
    store.kept["/file"] = BODY
    with before(store) as running:
        running.fault(Fault(deed=HangUp(), on="GET /file", at=answered(octets=1000)))
        got = requests.get(f"{running.url}/file", stream=True, timeout=WITHIN)
        assert got.raw.read(1000) == BODY[:1000]
        with pytest.raises(ProtocolError):
            got.raw.read(1)


@pytest.mark.parametrize("at", [sent(), sent(0.5), answered()])
@pytest.mark.parametrize("status", [401, 503])
def test_an_answer_of_its_own(store: Store, at: Point, status: int) -> None:
    """The status is read even where the body was not; the record says so."""
    with before(store) as running:
        running.fault(Fault(deed=Answer(status), at=at))
        port = int(running.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), WITHIN) as client:
            client.sendall(f"PUT {UPLOAD} HTTP/1.1\r\nContent-Length: {len(BODY)}\r\n\r\n".encode())
            with suppress(OSError):
                # Not all of it is wanted.
                client.sendall(BODY)
            assert f" {status} ".encode() in client.recv(1000)
        assert put(running).status_code == 204
    assert [passed.status for passed in running.requests] == [status, 204]


@pytest.mark.parametrize("at", [sent(), sent(0.5), answered()])
def test_silence(store: Store, at: Point) -> None:
    """Nothing comes, for as long as the client waits; the next one is answered."""
    with before(store) as running:
        running.fault(Fault(deed=Silence(), at=at))
        with pytest.raises((requests.Timeout, requests.ConnectionError), match="timed out"):
            put(running, timeout=0.5)
        assert put(running).status_code == 204


def test_a_client_that_hangs_up_is_noticed_by_the_server(store: Store) -> None:
    """Also while it is held: the server sees an end, and not a connection that stands for ever."""
    with before(store) as running:
        held = running.hold(at=sent(0.5))
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(put, running, timeout=0.5)
            held.wait()
            assert not store.kept
            with pytest.raises((requests.Timeout, requests.ConnectionError)):
                sending.result()
        assert store.ended.acquire(timeout=WITHIN)
        assert store.kept == {UPLOAD: BODY[: len(BODY) // 2]}


@pytest.mark.parametrize("at", [sent(), sent(0.5), answered()])
def test_a_held_request_goes_on_when_released(store: Store, at: Point) -> None:
    """It stands where it was stopped, and nothing of it is lost."""
    with before(store) as running, ThreadPoolExecutor(1) as pool:
        held = running.hold(at=at)
        sending = pool.submit(put, running)
        held.wait()
        assert running.requests[0].status is None
        assert not sending.done()
        held.release()
        assert sending.result().status_code == 204
    assert store.kept == {UPLOAD: BODY}


def test_drip(store: Store) -> None:
    """As slow as asked, and complete."""
    with before(store) as running, ThreadPoolExecutor(1) as pool:
        running.fault(Fault(deed=Drip(len(BODY) // 4), at=sent(0.9)))
        held = running.hold("PUT /other")
        sending = pool.submit(put, running)
        assert put(running, "/quick").status_code == 204
        assert not sending.done()
        held.release()
        assert put(running, "/other").status_code == 204
        assert sending.result().status_code == 204
    assert store.kept[UPLOAD] == BODY


@pytest.mark.parametrize("at", [sent(), sent(0.5)])
def test_a_byte_that_became_another(store: Store, at: Point) -> None:
    """One, where it was planned, and the body is as long as before."""
    place = int(at.share * len(BODY))
    with before(store) as running:
        running.fault(Fault(deed=Flip(), at=at))
        assert put(running).status_code == 204
        assert running.requests[0].octets == len(BODY)
    kept = store.kept[UPLOAD]
    assert (len(kept), kept[place]) == (len(BODY), BODY[place] ^ 0xFF)
    assert kept[:place] + BODY[place : place + 1] + kept[place + 1 :] == BODY


def test_an_answer_in_other_words(store: Store) -> None:
    """The first time; then it says again what the server says."""
    store.kept["/image"] = b'{"size": 10, "name": "a"}'
    with before(store) as running:
        running.fault(Fault(deed=Rewrite(b"10", b"11"), on="GET /image", at=answered()))
        got = [requests.get(f"{running.url}/image", timeout=WITHIN).json() for _n in range(2)]
    assert [image["size"] for image in got] == [11, 10]


def test_refused_for_a_while(store: Store) -> None:
    """Nobody listens, and then the same address answers."""
    with before(store) as running:
        with running.refusing(), pytest.raises(requests.ConnectionError, match="refused"):
            put(running)
        assert put(running).status_code == 204


def test_which_requests_are_hit(store: Store) -> None:
    """By method and path, after some, so many times, in the order in which they were planned."""
    with before(store) as running:
        running.fault(Fault(deed=Answer(503), on="PUT /a", skip=1, times=2))
        running.fault(Fault(deed=Answer(409), on="PUT /b", times=ALWAYS))
        running.fault(Fault(deed=Answer(413), on="PUT /a"))
        got = [put(running, "/a").status_code for _n in range(5)]
        assert got == [413, 503, 503, 204, 204]
        assert [put(running, "/b").status_code for _n in range(3)] == [409] * 3
    assert len(running.seen("PUT /a")) == 5
    running.wait_for("PUT /b", 3)


def test_words_that_were_not_said_fail_the_test(store: Store) -> None:
    """Nothing was changed, so nothing was tested."""
    store.kept["/image"] = b"{}"
    with pytest.raises(AssertionError, match="did not happen"):
        rewrite_in_vain(store)


def rewrite_in_vain(store: Store) -> None:
    with before(store) as running:
        running.fault(Fault(deed=Rewrite(b"a", b"b"), on="GET /image", at=answered()))
        requests.get(f"{running.url}/image", timeout=WITHIN)


@pytest.mark.parametrize("deed", [Cut(), Answer(500)])
def test_a_fault_that_never_happens_fails_the_test(store: Store, deed: Deed) -> None:
    """Otherwise a test could pass because its fault was misspelt."""
    with pytest.raises(AssertionError, match="did not happen"):
        plan_in_vain(store, Fault(deed=deed, on="GET /never"))


def plan_in_vain(store: Store, fault: Fault) -> None:
    with before(store) as running:
        running.fault(fault)
        put(running)


def test_closing_ends_whatever_goes_through(store: Store) -> None:
    """Also a request that is held; nothing listens afterwards, and no thread is left."""
    threads = threading.active_count()
    with ThreadPoolExecutor(1) as pool:
        with before(store) as running:
            held = running.hold(at=sent(0.5))
            sending = pool.submit(put, running)
            held.wait()
        with pytest.raises(requests.ConnectionError):
            sending.result()
        with pytest.raises(requests.ConnectionError, match="refused"):
            put(running)
    assert threading.active_count() <= threads + 1
