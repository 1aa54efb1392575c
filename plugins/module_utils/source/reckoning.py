# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Reading a file once, for its digests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..hashing import Digests
from ..progress import Progress

_PIECE = 1 << 20


def digests_of(
    path: Path, algorithms: tuple[str, ...], progress: Progress, stage: str
) -> dict[str, str]:
    """The digests of a file, in one pass."""
    progress.stage(stage, path.stat().st_size)
    with Digests(algorithms) as digests:
        feed(path, digests, progress)
        return digests.results()


def feed(path: Path, digests: Digests, progress: Progress) -> None:
    """Add all bytes of a file to digests."""
    for piece in digests.over(_pieces(path)):
        progress.moved(len(piece))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as stream:
        while piece := stream.read(_PIECE):
            yield piece
