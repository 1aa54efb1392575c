# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which kernel modules are in an initramfs, whatever packed it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ..disk.region import PIECE, Pieces
from ..disk.unpacking import COMPRESSIONS, unpacked
from ..domain.disk_signs import ENOUGH, packing_of
from ..domain.prepare.guest import MOST_NAMES, refuse_more_than
from ..domain.prepare.initramfs import Bytes, names
from ..domain.prepare.kernels import module_name
from ..errors import MissingLibrary, RefusedDisk

# More comes out of no honest one.
_LARGEST = 4 << 30


def modules_of(path: Path) -> frozenset[str] | None:
    """The names of its modules; None if it is damaged, or packed in an unknown way."""
    try:
        with closing(_pieces(path)) as pieces:
            return _counted(_modules(pieces))
    except (MissingLibrary, RefusedDisk):
        return None


def _modules(pieces: Pieces) -> Iterator[str]:
    content = Bytes(pieces)
    # In front there may be an archive for the processor itself, which is never packed.
    yield from _among(content)
    head = content.peek(ENOUGH)
    if head:
        packing = packing_of(head)
        if packing not in COMPRESSIONS:
            raise RefusedDisk("It is packed in a way that is not known here.")
        yield from _among(Bytes(_bounded(unpacked(packing, _rest(content)))))


def _counted(modules: Iterator[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in modules:
        found.add(name)
        refuse_more_than(MOST_NAMES, len(found), "It has an initramfs of countless modules")
    return frozenset(found)


def _among(content: Bytes) -> Iterator[str]:
    for name in names(content):
        module = module_name(name)
        if module:
            yield module


def _pieces(path: Path) -> Pieces:
    with path.open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            yield piece


def _rest(content: Bytes) -> Pieces:
    yield from content.rest()


def _bounded(pieces: Pieces) -> Iterator[bytes]:
    left = _LARGEST
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise RefusedDisk("The disk is refused. It has an initramfs that unpacks to no end.")
        yield piece
