# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Bytes that pass no faster than somebody else's network shall bear."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

# So much may pass at once, in seconds of the rate: the rest of a second belongs to others.
_BURST = 0.25


def paced(
    pieces: Iterable[bytes],
    bytes_per_second: int | None,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[bytes]:
    """Pass the pieces on, in smaller ones where need be, at this rate at most; None is any rate.

    Time in which nothing came, or nobody took anything, is not made up for afterwards by more than
    a moment's worth: a limit that holds on average only would hold for nobody at the moment.
    """
    if bytes_per_second is None:
        yield from pieces
        return
    burst = max(1, int(bytes_per_second * _BURST))
    # When what has passed so far is paid for; how far behind the clock this may be is the burst.
    paid_until = clock()
    for piece in pieces:
        for part in _parts(piece, burst):
            due = paid_until - clock()
            if due > 0:
                sleep(due)
            yield part
            paid_until = max(paid_until, clock() - _BURST) + len(part) / bytes_per_second


def _parts(piece: bytes, largest: int) -> Iterator[bytes]:
    if len(piece) <= largest:
        yield piece
        return
    for start in range(0, len(piece), largest):
        yield piece[start : start + largest]
