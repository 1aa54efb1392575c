# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Writing beside reading: whoever brings the pieces does not wait until each is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue

from ..threads import begin

# Pieces that may wait to be written: more would only be memory.
_WAITING = 4


@contextmanager
def behind(write: Callable[[bytes], None]) -> Iterator[Callable[[bytes], None]]:
    """What to call with each piece, to have them written in their order in a thread of its own.

    At the end all are written. What fails there is raised from the next piece on, or at the end.
    """
    pieces: Queue[bytes | None] = Queue(_WAITING)
    failures: list[BaseException] = []

    def work() -> None:
        while (piece := pieces.get()) is not None:
            # After a failure, pieces are only taken, so that nobody waits for ever to bring one.
            if not failures:
                try:
                    write(piece)
                except BaseException as error:  # noqa: BLE001  (raised where somebody can see it)
                    failures.append(error)

    def bring(piece: bytes) -> None:
        if failures:
            raise failures[0]
        pieces.put(piece)

    thread = begin(work)
    try:
        yield bring
    finally:
        pieces.put(None)
        thread.join()
    if failures:
        raise failures[0]
