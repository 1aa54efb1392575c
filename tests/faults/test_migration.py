# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trouble with either cloud while an image moves: one outcome each, and nothing half-made left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from faults.ruin import Ruin
from faults.run import beside
from support.cloud import LoopbackCloud
from support.faults import (
    ALWAYS,
    PATIENCE,
    UPLOAD,
    Answer,
    Cut,
    Deed,
    Drip,
    Fault,
    Flip,
    Point,
    Silence,
    answered,
    sent,
)
from support.migrating import MODULE, Journey, found, journey, some_bytes
from support.proxy import Proxy, proxy
from support.running import run_module
from support.saving import READ

MIB = 1 << 20
TOKEN_SECONDS = 12
CREATE = r"POST /v2/images$"
PROOF = r"GET /v2/images/[0-9a-f-]{36}$"
SHOW = r"PATCH /v2/images/"
LOOK = r"GET /v2/images\?"
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def data() -> bytes:
    """More than any socket's buffer holds."""
    return some_bytes(12 * MIB, seed=11)


@pytest.fixture
def going(cloud: LoopbackCloud, data: bytes) -> Iterator[Journey]:
    """An image that nobody has moved yet."""
    with journey(cloud, data) as made:
        made.options = {"timeout": PATIENCE, "api_timeout": PATIENCE}
        yield made


@pytest.fixture
def here(going: Journey) -> Iterator[Proxy]:
    """What stands in front of the source."""
    with proxy(going.cloud[going.source].glance_url) as standing:
        yield standing


@pytest.fixture
def there(going: Journey) -> Iterator[Proxy]:
    """What stands in front of the destination."""
    with proxy(going.cloud[going.destination].glance_url) as standing:
        yield standing


def row(name: str, deed: Deed, at: Point, *, on: str, rare: bool = True) -> object:
    """A row of a table; a rare one is for `make test-slow` alone."""
    planned = Fault(deed=deed, on=on, at=at)
    return pytest.param(planned, id=name, marks=[slow] if rare else [])


READING = [
    row("cut before the first byte", Cut(), answered(), on=READ),
    row("cut in the middle", Cut(), answered(0.5), on=READ, rare=False),
    row("cut just before the end", Cut(), answered(0.99), on=READ),
    row("401 at the start", Answer(401), sent(), on=READ),
    row("503 at the start", Answer(503), sent(), on=READ),
    row("silent in the middle", Silence(), answered(0.5), on=READ),
    row("slow from the middle", Drip(2 * MIB), answered(0.5), on=READ),
]


@pytest.mark.parametrize("planned", READING)
def test_reading_goes_on_while_the_upload_stays_open(
    going: Journey, here: Proxy, there: Proxy, planned: Fault
) -> None:
    """The same byte, and one upload."""
    here.fault(planned)
    going.assert_arrived(going.run(source=here, destination=there))
    assert len(there.seen(UPLOAD)) == 1
    assert not going.run()["changed"]


@pytest.mark.parametrize("answer", [400, pytest.param(416, marks=slow)])
def test_a_store_that_gives_no_parts(
    going: Journey, here: Proxy, there: Proxy, answer: int
) -> None:
    """All of it is read again, and what has passed is not sent twice."""
    here.fault(Fault(deed=Cut(), on=READ, at=answered(0.5)))
    here.fault(Fault(deed=Answer(answer), on=READ))
    going.assert_arrived(going.run(source=here, destination=there))
    assert [one.headers["Range"] is not None for one in here.seen(READ)] == [False, True, False]
    assert len(there.seen(UPLOAD)) == 1


SENDING = [
    row("cut before the first byte", Cut(), sent(), on=UPLOAD),
    row("cut in the middle", Cut(), sent(0.5), on=UPLOAD),
    row("data there, answer lost", Cut(), answered(), on=UPLOAD),
    row("401 at the start", Answer(401), sent(), on=UPLOAD),
    row("409 in the middle", Answer(409), sent(0.5), on=UPLOAD),
    row("500 in the middle", Answer(500), sent(0.5), on=UPLOAD),
    row("503 in the middle", Answer(503), sent(0.5), on=UPLOAD, rare=False),
    row("silent in the middle", Silence(), sent(0.5), on=UPLOAD),
    row("changed on its way", Flip(), sent(0.5), on=UPLOAD),
    row("created, answer lost", Cut(), answered(), on=CREATE),
    row("creation answered by 503", Answer(503), sent(), on=CREATE),
    row("proof answered by 503", Answer(503), sent(), on=PROOF),
    row("change cut", Cut(), sent(), on=SHOW),
    row("changed, answer lost", Cut(), answered(), on=SHOW),
    row("change answered by 401", Answer(401), sent(), on=SHOW),
]


@pytest.mark.parametrize("planned", SENDING)
def test_the_destination_fails_once(
    going: Journey, here: Proxy, there: Proxy, planned: Fault
) -> None:
    """A new image and a new stream, from the beginning; what was begun is gone."""
    there.fault(planned)
    result = going.run(source=here, destination=there)
    image = going.assert_arrived(result)
    assert result["action"] == "created"
    assert result["image"]["id"] == image["id"]
    assert not going.run()["changed"]


STAYING = [
    row("the source is always cut", Cut(), answered(0.1), on=READ, rare=False),
    row("the source always answers 503", Answer(503), sent(), on=READ),
    row("the source is silent", Silence(), answered(0.5), on=READ),
    row("the source changes its bytes", Flip(), answered(0.5), on=READ),
]
STAYING_THERE = [
    row("always cut", Cut(), sent(0.5), on=UPLOAD),
    row("always 503", Answer(503), sent(0.5), on=UPLOAD),
    row("no creation", Answer(503), sent(), on=CREATE),
    row("no look", Answer(503), sent(), on=LOOK),
    row("no change", Answer(503), sent(), on=SHOW),
]


@pytest.mark.parametrize("planned", STAYING)
def test_a_source_that_stays_broken(going: Journey, here: Proxy, planned: Fault) -> None:
    """One sentence, and nothing at the destination; later, the same task succeeds."""
    here.fault(replace(planned, times=ALWAYS))
    # Each try that begins anew is a connection more: two of each kind are enough to see it.
    going.assert_failed(going.run(source=here, retries=1))
    going.assert_arrived(going.run())


@pytest.mark.parametrize("planned", STAYING_THERE)
def test_a_destination_that_stays_broken(going: Journey, there: Proxy, planned: Fault) -> None:
    """The same, seen from the other side."""
    there.fault(replace(planned, times=ALWAYS))
    going.assert_failed(going.run(destination=there, retries=1))
    going.assert_arrived(going.run())


@slow
def test_a_quota_is_no_accident(going: Journey, there: Proxy) -> None:
    """It is not tried again."""
    there.fault(Fault(deed=Answer(413)))
    going.assert_failed(going.run(destination=there), "413")
    assert len(there.seen(UPLOAD)) == 1


@pytest.mark.parametrize(
    "on, at",
    [
        pytest.param(UPLOAD, sent(0.5), id="in the middle of the data"),
        pytest.param(CREATE, answered(), id="image made", marks=slow),
        pytest.param(SHOW, sent(), id="before the name", marks=slow),
        pytest.param(SHOW, answered(), id="with its name", marks=slow),
    ],
)
def test_killed_and_run_again(going: Journey, there: Proxy, on: str, at: Point) -> None:
    """Nobody could clean up: the next run does, and ends what was begun."""
    held = there.hold(on, at)
    task = going.task(destination=there)
    with beside({f"curator.glance.{MODULE}": task}) as run:
        held.wait()
        assert all(
            image["visibility"] == "private" or image["name"] == going.image["name"]
            for image in going.traces()
        )
        run.kill_all()
    there.hang_up()
    going.assert_arrived(going.run())


def test_stopped_in_the_middle(going: Journey, there: Proxy) -> None:
    """Ctrl-C: what was begun is removed before the task ends."""
    held = there.hold(at=sent(0.5))
    with beside({f"curator.glance.{MODULE}": going.task(destination=there)}) as run:
        held.wait()
        run.interrupt()
        held.release()
        run.played.result(300)
    assert going.traces() == []


def test_two_runs_at_the_same_time(going: Journey) -> None:
    """Whoever is quicker: one image, and no failure."""
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _n: going.run(timeout=60), range(2)))
    ids = {going.assert_arrived(result)["id"] for result in results}
    assert ids == {result["image"]["id"] for result in results}


def test_one_of_several_fails_in_the_middle(cloud: LoopbackCloud, data: bytes) -> None:
    """It tries again by itself; the others have the bytes of the first reading."""
    with (
        journey(cloud, data, visibility="community") as going,
        proxy(cloud["provider"].glance_url) as here,
        proxy(cloud["elsewhere"].glance_url) as there,
    ):
        there.fault(Fault(deed=Answer(503), at=sent(0.5)))
        asked = going.task(source=here, destination=there)
        destinations = [asked.pop("destination"), {"cloud": "customer_a", "visibility": "private"}]
        result = run_module(MODULE, **asked, destinations=destinations, timeout=60)
        going.assert_arrived(result)
        (copy,) = found(cloud["customer_a"], going.image["id"])
        cloud.forget_later("customer_a", copy["id"])
        assert copy["os_hash_value"] == going.image["os_hash_value"]
        assert len(here.seen(READ)) == 2


@slow
def test_one_of_several_stands_still(cloud: LoopbackCloud, data: bytes) -> None:
    """The others wait for it for half a minute at most, and are there."""
    with journey(cloud, data, visibility="community") as going:
        with proxy(cloud["elsewhere"].glance_url) as there:
            there.fault(Fault(deed=Silence(), at=sent(0.5), times=ALWAYS))
            asked = going.task(destination=there, retries=0, timeout=40)
            destinations = [asked.pop("destination"), {"cloud": "customer_a"}]
            destinations[1]["visibility"] = "private"
            result = run_module(MODULE, **asked, destinations=destinations)
        assert [one["failed"] for one in result["results"]] == [True, False]
        (copy,) = found(cloud["customer_a"], going.image["id"])
        cloud.forget_later("customer_a", copy["id"])
        assert going.traces() == []


@slow
def test_tokens_that_end_on_the_way(ruin: Ruin, data: bytes) -> None:
    """Longer than a token lasts, on both sides: each request has one that holds."""
    ruin.up()
    ruin.up(token_seconds=TOKEN_SECONDS)
    with journey(ruin.cloud, data) as going:
        with proxy(going.cloud[going.source].glance_url) as here:
            # Late: the token of the first request is no good any more.
            here.fault(Fault(deed=Cut(), on=READ, at=answered(0.9)))
            rate = len(data) // (2 * TOKEN_SECONDS)
            result = going.run(source=here, rate_limit=str(rate))
            first, *_more, last = here.seen(READ)
        # Whoever looks now has tokens that last.
        ruin.up()
        going.cloud = ruin.cloud
        going.assert_arrived(result)
    assert first.headers["X-Auth-Token"] != last.headers["X-Auth-Token"]


@slow
def test_memory_stays_flat(cloud: LoopbackCloud) -> None:
    """Of an image many times larger than what the module may hold."""
    with journey(cloud, bytes(300 * MIB)) as going:
        task = going.task(timeout=120)
        largest = 0
        with beside({f"curator.glance.{MODULE}": task}) as run:
            while not run.played.done():
                largest = max([largest, *map(_memory, run.running(f"AnsiballZ_{MODULE}"))])
                # Also the end of the process is waited for, not a time.
                wait([run.played], timeout=0.1)
            assert run.played.result().status == 0
        assert 0 < largest < 150 * MIB


def _memory(pid: int) -> int:
    """The most that a process ever had, in bytes."""
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0
    return 0
