# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Find the disk in a file, through what it is packed in: one archive, one compression, or both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..domain.disk import DiskWish
from ..domain.disk_members import several
from ..domain.disk_signs import ENOUGH, packing_of
from ..domain.machine import Machine
from ..domain.ovf.manifest import Proof
from ..errors import InvalidRequest, RefusedDisk
from ..progress import Progress
from . import zip_archive
from .beside import Beside, require_proof
from .inspecting import too_large
from .lengths import unpacked_size
from .reading import FlowReader, RegionReader
from .region import Flow, Pieces, Region, head_of
from .tar_archive import Entry, entries
from .unpacking import COMPRESSIONS, unpacked


@dataclass(kw_only=True)
class Found:
    """Where the disk is, and what is around it; more members may show as it is read."""

    content: Region | Flow
    packing: tuple[str, ...] = ()
    member: str | None = None
    members: list[tuple[str, int]] = field(default_factory=list)
    # Known once all members are.
    machine: Machine | None = None


@dataclass(frozen=True)
class _Archive:
    """An archive whose members can be read in any order."""

    members: list[tuple[str, int]]
    open: Callable[[str], Region | Flow]


def find(region: Region, found: Found, wish: DiskWish, progress: Progress) -> None:
    """Look for the disk in a file; what was found stays known where it ends in an error."""
    packing = packing_of(region.read_at(0, ENOUGH))
    if packing is None:
        _require_no_member(wish)
        return
    found.packing = (packing,)
    if packing not in COMPRESSIONS:
        _in_archive((_tar if packing == "tar" else _zip)(region), found, wish, progress)
        return
    found.content = _decompressed(packing, region, wish)
    inner = packing_of(head_of(found.content, ENOUGH))
    if inner == "tar":
        found.packing = ("tar", packing)
        _in_tar_stream(found.content, found, wish)
    else:
        _require_disk(inner)
        _require_no_member(wish)


def _require_no_member(wish: DiskWish) -> None:
    if wish.member is not None:
        raise InvalidRequest(
            f"{wish.name} is no archive, and so has no member {wish.member!r}; leave it out."
        )


def _require_disk(packing: str | None) -> None:
    if packing:
        raise RefusedDisk(
            f"It is packed more than once (there is {packing} inside). One archive with one "
            "compression is unpacked here; unpack the rest yourself."
        )


def _decompressed(packing: str, content: Region | Flow, wish: DiskWish) -> Flow:
    size = unpacked_size(packing, content) if isinstance(content, Region) else None
    return Flow(size, lambda: _bounded(unpacked(packing, content.pieces()), wish))


def _bounded(pieces: Pieces, wish: DiskWish) -> Pieces:
    """The pieces, until there are more than any disk that is allowed can need."""
    left = wish.largest_container
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise RefusedDisk(too_large(None, wish))
        yield piece


def _tar(region: Region) -> _Archive:
    found: list[Entry] = list(entries(RegionReader(region)))

    def open_member(name: str) -> Region | Flow:
        entry = next(entry for entry in found if entry.name == name)
        if entry.start is None:
            return Flow(entry.size, entry.pieces)
        if entry.start + entry.size > region.size:
            raise RefusedDisk(
                f"It is an archive that ends in the middle of {name}: it was cut short. Fetch it "
                "again."
            )
        return region.part(entry.start, entry.size)

    return _Archive([(entry.name, entry.size) for entry in found], open_member)


def _zip(region: Region) -> _Archive:
    sizes = zip_archive.files(region)
    return _Archive(
        list(sizes.items()),
        lambda name: Flow(sizes[name], lambda: zip_archive.pieces(region, name)),
    )


def _in_archive(archive: _Archive, found: Found, wish: DiskWish, progress: Progress) -> None:
    found.members = archive.members
    names = [name for name, _size in archive.members]
    beside = Beside(wish)
    for name, size in archive.members:
        beside.heed(name, size, lambda name=name: archive.open(name).pieces())  # type: ignore[misc]
    found.machine = beside.settled(names)
    found.member = beside.choice(names)
    content = archive.open(found.member)
    proof = beside.proof(found.member)
    if proof:
        progress.stage("check the manifest", content.size)
        _prove(found.member, content, proof, progress)
    inner = packing_of(head_of(content, ENOUGH))
    if inner in COMPRESSIONS:
        content = _decompressed(inner, content, wish)
        found.packing = (inner, *found.packing)
        inner = packing_of(head_of(content, ENOUGH))
    _require_disk(inner)
    found.content = content


def _prove(name: str, content: Region | Flow, proof: Proof, progress: Progress) -> None:
    digest = hashlib.new(proof.algorithm)
    for piece in content.pieces():
        digest.update(piece)
        progress.moved(len(piece))
    require_proof(name, digest.hexdigest(), proof)


def _in_tar_stream(flow: Flow, found: Found, wish: DiskWish) -> None:
    """The disk in an archive that is compressed as a whole, and so can only be read in order.

    It is taken as soon as it comes. What follows it is looked at before the end of the stream, and
    may still be an error there: a second disk, or a manifest that contradicts.
    """
    first = _TarStream(flow, wish, found).disk()
    found.member = first.name
    found.content = Flow(first.size, lambda: _TarStream(flow, wish, found).pieces())
    _require_disk(packing_of(head_of(found.content, ENOUGH)))


class _TarStream:
    """One reading of such an archive."""

    def __init__(self, flow: Flow, wish: DiskWish, found: Found) -> None:
        self._outer = flow.pieces()
        self._entries = entries(FlowReader(self._outer))
        self._wish = wish
        self._found = found
        self._beside = Beside(wish)

    def disk(self) -> Entry:
        """The first entry that may be the disk; whoever asks for no more lets go of the rest."""
        try:
            return self._next_disk()
        finally:
            self._outer.close()

    def pieces(self) -> Pieces:
        """The disk, and after it a look at the rest."""
        try:
            entry = self._next_disk()
            digests = {name: hashlib.new(name) for name in self._beside.algorithms(entry.name)}
            for piece in entry.pieces():
                for digest in digests.values():
                    digest.update(piece)
                yield piece
            for other in self._others():
                another = self._wish.member is None and self._beside.may_be_meant(other.name)
                if other.name == entry.name or another:
                    raise several([entry.name, other.name], self._wish.name)
            self._settle(entry)
            proof = self._beside.proof(entry.name)
            if proof:
                if proof.algorithm not in digests:
                    raise _proven_too_late(entry.name)
                require_proof(entry.name, digests[proof.algorithm].hexdigest(), proof)
        finally:
            self._outer.close()

    def _next_disk(self) -> Entry:
        self._found.members.clear()
        for entry in self._others():
            if self._beside.may_be_meant(entry.name):
                return entry
        raise _comes_too_late(self._beside.choice(self._names))

    def _settle(self, entry: Entry) -> None:
        """With all members known, see whether the disk that was taken is the one that is meant."""
        self._found.machine = self._beside.settled(self._names)
        chosen = self._beside.choice(self._names)
        if chosen != entry.name:
            raise _comes_too_late(chosen)

    def _others(self) -> Iterator[Entry]:
        """Entry by entry; what describes the disks is read on the way."""
        for entry in self._entries:
            self._found.members.append((entry.name, entry.size))
            self._beside.heed(entry.name, entry.size, entry.pieces)
            yield entry

    @property
    def _names(self) -> list[str]:
        return [name for name, _size in self._found.members]


def _proven_too_late(disk: str) -> RefusedDisk:
    return RefusedDisk(
        f"It is a packed archive in which the manifest (.mf) comes behind the disk {disk}, and no "
        "description (.ovf) before it, as OVF demands. Unpack the archive once."
    )


def _comes_too_late(disk: str) -> RefusedDisk:
    return RefusedDisk(
        f"It is a packed archive in which the description (.ovf) comes behind the disk {disk}, and "
        "not first, as OVF demands. Name the disk with member, or unpack the archive once."
    )
