# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One stream for several who take it: each gets all of it, and none can harm the others."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CuratorError,
    SourceFailed,
    Unreachable,
)
from ansible_collections.curator.glance.plugins.module_utils.hashing import Digests
from ansible_collections.curator.glance.plugins.module_utils.threads import begin
from ansible_collections.curator.glance.plugins.module_utils.work.fanning import Fan
from ansible_collections.curator.glance.plugins.module_utils.work.supplying import Passing

from support.documents import plugin

FANNING = "module_utils.work.fanning"
PIECES = [bytes([number]) * 100 for number in range(50)]
WHOLE = b"".join(PIECES)
_HANGS_AFTER = 30


class Supply:
    """Bytes that can be had again and again, and how often they were."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.readings = 0
        self.ended = 0
        self._fails_at = fails_at
        self.size = len(WHOLE)

    @contextmanager
    def stream(self, algorithms: Iterable[str]) -> Iterator[Passing]:
        self.readings += 1
        try:
            with Digests(algorithms) as digests:
                yield Passing(
                    size=self.size, pieces=digests.over(self._pieces()), digests=digests.results
                )
        finally:
            self.ended += 1

    def _pieces(self) -> Iterator[bytes]:
        for number, piece in enumerate(PIECES):
            if number == self._fails_at:
                raise SourceFailed("It is gone.")
            yield piece


def take_all(fan: Fan, algorithm: str = "sha256") -> tuple[bytes, str]:
    """What one of them gets."""
    try:
        with fan.stream([algorithm]) as passing:
            assert passing.size == len(WHOLE)
            taken = b"".join(passing.pieces)
            return taken, passing.digests()[algorithm]
    finally:
        fan.leave()


def together(*works: Callable[[], object]) -> list[object]:
    """What each returns or raises, done at the same time."""
    came: dict[int, object] = {}

    def go(number: int) -> None:
        try:
            came[number] = works[number]()
        except CuratorError as error:
            came[number] = error

    # Of the kind that keeps no process from ending: what hangs fails the test, and is left.
    threads = [begin(go, number) for number in range(len(works))]
    for thread in threads:
        thread.join(_HANGS_AFTER)
    return [came.get(number, "hangs") for number in range(len(works))]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing comes right because a time is over."""
    monkeypatch.setattr(plugin(FANNING), "_PATIENCE", 3600.0)
    monkeypatch.setattr(plugin(FANNING), "_GRACE", 3600.0)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second is as good as half a minute."""
    monkeypatch.setattr(plugin(FANNING), "_PATIENCE", 0.5)
    monkeypatch.setattr(plugin(FANNING), "_GRACE", 0.5)


@pytest.mark.usefixtures("patient")
def test_one_reading_for_all() -> None:
    """Each gets every byte, and the digest that it asked for."""
    supply = Supply()
    fan = Fan(supply, 3)
    got = together(
        lambda: take_all(fan),
        lambda: take_all(fan, "sha512"),
        lambda: take_all(fan),
    )
    sha256, sha512 = (hashlib.new(name, WHOLE).hexdigest() for name in ("sha256", "sha512"))
    assert got == [(WHOLE, sha256), (WHOLE, sha512), (WHOLE, sha256)]
    assert (supply.readings, supply.ended) == (1, 1)


@pytest.mark.usefixtures("patient")
def test_one_that_leaves_stops_nobody() -> None:
    """Its place is empty, and the rest goes on."""
    supply = Supply()
    fan = Fan(supply, 2)

    def gives_up() -> None:
        with fan.stream(["md5"]) as passing:
            next(iter(passing.pieces))
        fan.leave()

    got = together(gives_up, lambda: take_all(fan))
    assert got[0] is None
    assert got[1] == (WHOLE, hashlib.sha256(WHOLE).hexdigest())
    assert supply.ended == 1


@pytest.mark.usefixtures("impatient")
def test_one_that_takes_nothing_holds_up_nobody_for_long() -> None:
    """It is told, and the others have their bytes meanwhile."""
    fan = Fan(Supply(), 2)
    others_are_done = threading.Event()

    def stands_still() -> bytes:
        with fan.stream([]) as passing:
            assert others_are_done.wait(60)
            return b"".join(passing.pieces)

    def takes() -> object:
        try:
            return take_all(fan)
        finally:
            others_are_done.set()

    stuck, done = together(stands_still, takes)
    assert isinstance(stuck, Unreachable)
    assert done == (WHOLE, hashlib.sha256(WHOLE).hexdigest())


@pytest.mark.usefixtures("patient")
def test_a_second_try_has_a_reading_of_its_own() -> None:
    """From the beginning, once those that are at work have asked or left."""
    supply = Supply()
    fan = Fan(supply, 2)

    def tries_twice() -> object:
        with fan.stream([]) as passing:
            next(iter(passing.pieces))
        return take_all(fan)

    whole = (WHOLE, hashlib.sha256(WHOLE).hexdigest())
    assert together(tries_twice, lambda: take_all(fan)) == [whole, whole]
    assert (supply.readings, supply.ended) == (2, 2)


@pytest.mark.usefixtures("impatient")
def test_nobody_waits_for_long_for_one_that_asks_for_nothing() -> None:
    """It may wait for somebody else's upload, for an hour."""
    assert take_all(Fan(Supply(), 2))[0] == WHOLE


@pytest.mark.usefixtures("patient")
def test_a_source_that_fails_fails_for_all() -> None:
    """With its own word."""
    fan = Fan(Supply(fails_at=7), 2)
    got = together(lambda: take_all(fan), lambda: take_all(fan))
    assert [str(error) for error in got] == ["It is gone."] * 2
