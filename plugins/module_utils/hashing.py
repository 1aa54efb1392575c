# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Digests of bytes that pass by, computed beside the work that passes them on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Self

from .threads import begin

# Pieces that may wait for a digest: more would only be memory.
_WAITING = 4


class Digests:
    """The digests of a stream, each computed in a thread of its own.

    hashlib lets go of the interpreter while it works, so hashing costs no time as long as there is
    a processor left for it, and reading and sending are never further ahead than a few pieces.
    """

    def __init__(self, algorithms: Iterable[str]) -> None:
        self._running = [_Running(name) for name in dict.fromkeys(algorithms)]
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def over(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Pass the pieces on, each to the digests as well."""
        for piece in pieces:
            self.update(piece)
            yield piece

    def update(self, piece: bytes) -> None:
        """Add a piece."""
        self.size += len(piece)
        for running in self._running:
            running.pieces.put(piece)

    def results(self) -> dict[str, str]:
        """The digests in hex, by algorithm, once all is through."""
        self._end()
        return {running.name: running.digest.hexdigest() for running in self._running}

    def so_far(self) -> dict[str, str]:
        """The digests of what is through by now; more may follow."""
        return {running.name: running.so_far() for running in self._running}

    def _end(self) -> None:
        for running in self._running:
            running.end()


class _Running:
    def __init__(self, name: str) -> None:
        self.name = name
        # Not for security where it is md5: it is what Glance may offer to compare with.
        self.digest = hashlib.new(name, usedforsecurity=False)
        self.pieces: Queue[bytes | None] = Queue(_WAITING)
        self._thread: Thread | None = begin(self._work)

    def _work(self) -> None:
        while (piece := self.pieces.get()) is not None:
            self.digest.update(piece)
            self.pieces.task_done()

    def so_far(self) -> str:
        if self._thread is not None:
            self.pieces.join()
        return self.digest.hexdigest()

    def end(self) -> None:
        if self._thread is not None:
            self.pieces.put(None)
            self._thread.join()
            self._thread = None
