# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""One stream of bytes, read in a thread of its own, for one or several who take it meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from queue import Empty, Full, Queue

from ..errors import Unreachable
from ..threads import begin
from .supplying import Passing, Supply

# Pieces of 1 MiB at most that may wait for one of them: more would only be memory.
_WAITING = 4
# How long the first who wants the bytes waits for the others, in seconds.
_GRACE = 5.0
# How long one that takes nothing may hold others up, in seconds.
_PATIENCE = 30.0


class Fan:
    """The bytes of a supply, read once for all who want them at the same time.

    Whoever comes too late, or tries a second time, has a reading of its own, and shares it with
    those that are in the same place.
    """

    def __init__(self, supply: Supply, parties: int) -> None:
        self._supply = supply
        self._at_work = parties
        self._patience = _PATIENCE if parties > 1 else None
        self._waiting: list[_Place] = []
        self._changed = threading.Condition()

    @contextmanager
    def stream(self, algorithms: Iterable[str]) -> Iterator[Passing]:
        """All bytes from the beginning, with their digests."""
        place = _Place(tuple(algorithms), self._patience)
        self._join(place)
        try:
            yield Passing(
                size=self._supply.size, pieces=place.pieces(), digests=lambda: place.digests
            )
        finally:
            place.leave()

    def leave(self) -> None:
        """One party wants no bytes any more."""
        with self._changed:
            self._at_work -= 1
            self._changed.notify_all()

    def _join(self, place: _Place) -> None:
        with self._changed:
            self._waiting.append(place)
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: place not in self._waiting or len(self._waiting) >= self._at_work, _GRACE
            )
            if place in self._waiting:
                together, self._waiting = self._waiting, []
                begin(self._read_for, together)
                self._changed.notify_all()

    def _read_for(self, places: list[_Place]) -> None:
        algorithms = dict.fromkeys(name for place in places for name in place.algorithms)
        try:
            with self._supply.stream(algorithms) as passing:
                for piece in passing.pieces:
                    places = [place for place in places if place.give(piece)]
                    if not places:
                        return
                digests = passing.digests()
        except BaseException as error:  # noqa: BLE001  (raised where the bytes are missed)
            for place in places:
                place.fail(error)
        else:
            for place in places:
                place.end(digests)


class _Place:
    """One who takes the bytes: what waits for it, and how that ends."""

    def __init__(self, algorithms: tuple[str, ...], patience: float | None) -> None:
        self.algorithms = algorithms
        # None: nobody else waits, and however long it takes is its own business.
        self._patience = patience
        self.digests: Mapping[str, str] = {}
        # None is the end.
        self._pieces: Queue[bytes | None] = Queue(_WAITING)
        self._error: BaseException | None = None
        self._left = threading.Event()

    def pieces(self) -> Iterator[bytes]:
        """What comes, until the end or an error in its place."""
        while (piece := self._pieces.get()) is not None:
            yield piece
        if self._error is not None:
            raise self._error

    def give(self, piece: bytes | None) -> bool:
        """Whether the piece was taken; who takes none for too long gets no more."""
        try:
            self._pieces.put(piece, timeout=self._patience)
        except Full:
            self.fail(
                Unreachable(
                    f"The destination took no bytes for {self._patience:.0f} seconds, and others "
                    "wait for the same ones."
                )
            )
            return False
        return not self._left.is_set()

    def end(self, digests: Mapping[str, str]) -> None:
        """All bytes were given."""
        self.digests = digests
        self.give(None)

    def fail(self, error: BaseException) -> None:
        """No more bytes come, and this is why."""
        self._error = error
        self._empty()
        self._pieces.put(None)

    def leave(self) -> None:
        """Take no more."""
        self._left.set()
        # Whoever waits to give something gives it, and sees that nobody is there.
        self._empty()

    def _empty(self) -> None:
        try:
            while True:
                self._pieces.get_nowait()
        except Empty:
            return
