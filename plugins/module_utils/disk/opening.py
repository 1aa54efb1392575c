# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A disk in a file: looked at, judged, and handed on as a stream of bytes."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

from ..domain.disk import PLAIN_FORMATS, UNKNOWN, DiskFacts, DiskWish, readable
from ..domain.disk_signs import SECTOR
from ..domain.partitions import ENOUGH, Layout, layout_of
from ..errors import Ambiguous, NoSpace, RefusedDisk, SourceFailed
from ..progress import Progress
from . import qemu
from .finding import Found, find
from .inspecting import format_by_tail, format_of, judge, require_plain_tail, too_large
from .region import PIECE, Flow, Pieces, Region, head_of
from .saving import GrowingFile, in_words
from .serving import can_serve
from .tools import ToolFailed

# As much as the page cache of a whole piece; written as a hole where it is all zeros.
_ZEROS = bytes(PIECE)


@dataclass
class Stream:
    """The bytes of a disk, once."""

    # None until the end, where nothing says it before.
    size: int | None
    pieces: Pieces


class OpenDisk:
    """A disk that was judged safe."""

    def __init__(self, file: BinaryIO, wish: DiskWish, scratch: Path, progress: Progress) -> None:
        self._region = Region.of(file)
        self._wish = wish
        self._scratch = scratch
        self._progress = progress
        self._held = ExitStack()
        self._found = Found(content=self._region)
        self._layout = Layout()
        self._converted: Region | None = None
        self._facts = DiskFacts(format=UNKNOWN, virtual_size=None, file_size=self._region.size)

    @property
    def facts(self) -> DiskFacts:
        """What is known by now: of a packed raw disk, more at the end of a stream."""
        return replace(
            self._facts,
            packing=self._found.packing,
            member=self._found.member,
            members=tuple(self._found.members),
            machine=self._found.machine,
        )

    @contextmanager
    def stream(self, target: Literal["raw", "keep"]) -> Iterator[Stream]:
        """The raw disk, or the file of the disk as it was made, unpacked.

        What ends too early, or with a tool that failed, raises an error in place of its end. Each
        stream is a new one from the beginning; leaving the context ends all programs behind it.
        """
        content = self._found.content
        if target == "raw" and self._facts.format not in PLAIN_FORMATS:
            stream = Stream(self._facts.virtual_size, self._raw_pieces())
        else:
            stream = Stream(content.size, content.pieces())
        stream.pieces = self._whole(stream, stream.pieces)
        with closing(stream.pieces):
            yield stream

    @contextmanager
    def handed_over(self) -> Iterator[tuple[str, int]]:
        """The disk as a node for QEMU to read, and the number of the open file behind it."""
        content = self._found.content
        if isinstance(content, Flow):
            # A plain disk that is packed: only now its end is seen.
            with _in_words(self._wish.name):
                content = self._found.content = self._unpack(content)
                format_by_tail(self._facts.format, content, self._wish)
                self._learn_plain(self._facts.format, content.size)
        with qemu.handed_over(self._facts.format, content) as handed:
            yield handed

    def room_as_qcow2(self) -> int:
        """How much it takes as a qcow2, if that is not compressed."""
        with _in_words(self._wish.name):
            return qemu.size_as_qcow2(self._facts.format, self._unpacked)

    def write_qcow2(self, target: GrowingFile, *, compressed: bool) -> None:
        """Make a qcow2 of the disk, in an empty file."""
        size = self._facts.virtual_size or 0
        done = 0
        self._progress.stage("convert", size)
        with _in_words(self._wish.name), in_words(target.path):
            for through in qemu.write_qcow2(
                self._facts.format, self._unpacked, size, target, compressed=compressed
            ):
                self._progress.moved(through - done)
                done = through
        target.measure()

    @property
    def _unpacked(self) -> Region:
        content = self._found.content
        if isinstance(content, Region):
            return content
        raise AssertionError(self._facts)

    def look(self) -> None:
        """Find the disk and judge it: RefusedDisk with the reasons, or all is well."""
        if self._wish.verbatim:
            self._learn_plain("raw", self._region.size)
            return
        find(self._region, self._found, self._wish, self._progress)
        content = self._found.content
        file_format = format_of(head_of(content), self._wish)
        if isinstance(content, Flow):
            name = self._found.member or self._wish.name
            if file_format in PLAIN_FORMATS and not self._wish.needs_its_end(name):
                self._learn_plain(file_format, content.size)
                return
            content = self._found.content = self._unpack(content)
        file_format = format_by_tail(file_format, content, self._wish)
        if file_format in PLAIN_FORMATS:
            self._learn_plain(file_format, content.size)
            return
        self._learn(format=file_format)
        announced = judge(file_format, content, self._wish)
        self._learn(virtual_size=announced)
        delivered = qemu.delivered_size(file_format, content)
        if announced != delivered:
            raise RefusedDisk(
                f"Its header names {readable(announced)}, and QEMU would deliver "
                f"{readable(delivered)}. Programs that read it do not agree on what it holds."
            )
        with closing(self._raw_pieces()) as pieces:
            self._learn_layout(head_of(Flow(None, lambda: pieces), ENOUGH))

    def close(self) -> None:
        """Let go of what was unpacked."""
        self._held.close()

    def _learn(self, **facts: object) -> None:
        self._facts = replace(self._facts, **facts)  # type: ignore[arg-type]

    def _learn_plain(self, file_format: str, size: int | None) -> None:
        self._learn(format=file_format, virtual_size=size)
        self._learn_layout(head_of(self._found.content, ENOUGH))
        self._require_size(size)

    def _learn_layout(self, head: bytes) -> None:
        self._layout = layout_of(head)
        self._learn(partition_table=self._layout.table, firmware=self._layout.firmware)

    def _require_size(self, size: int | None) -> None:
        """Refuse a plain disk that is larger than it may be, or shorter than it says."""
        if size is None or self._wish.verbatim:
            return
        if size > self._wish.max_virtual_size:
            raise RefusedDisk(too_large(size, self._wish))
        if self._layout.end and size < self._layout.end:
            raise RefusedDisk(
                f"It has {readable(size)}, and its partition table ends at "
                f"{readable(self._layout.end)}: it was cut short. Fetch or copy it again."
            )

    def _unpack(self, flow: Flow) -> Region:
        """A file without a name, which is gone with whoever holds it."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        if flow.size is not None:
            qemu.require_space(self._scratch, flow.size)
        self._progress.stage("unpack", flow.size)
        file = tempfile.TemporaryFile(dir=self._scratch, buffering=0)  # noqa: SIM115  # Held open.
        self._held.enter_context(file)
        for piece in flow.pieces():
            if piece == _ZEROS:
                file.seek(PIECE, os.SEEK_CUR)
            else:
                file.write(piece)
            self._progress.moved(len(piece))
        file.truncate()
        return Region.of(file)

    def _raw_pieces(self) -> Pieces:
        content, size = self._unpacked, self._facts.virtual_size
        if size is None:
            raise AssertionError(self._facts)
        if can_serve():
            return qemu.raw_pieces(self._facts.format, content, size)
        if self._converted is None:
            self._scratch.mkdir(parents=True, exist_ok=True)
            self._progress.stage("convert")
            file = qemu.raw_file(self._facts.format, content, size, self._scratch)
            self._converted = Region.of(self._held.enter_context(file))
        return self._converted.pieces()

    def _whole(self, stream: Stream, pieces: Pieces) -> Pieces:
        """The pieces, and in place of the end an error if they are not all."""
        before = self._state_of_file()
        count = 0
        tail = b""
        with _in_words(self._wish.name), closing(pieces):
            for piece in pieces:
                count += len(piece)
                if stream.size is None and count > self._wish.max_virtual_size:
                    raise RefusedDisk(too_large(None, self._wish))
                tail = (tail + piece[-SECTOR:])[-SECTOR:]
                yield piece
            if stream.size is not None and count != stream.size:
                raise RefusedDisk(
                    f"It was to have {stream.size} bytes and came to {count}: its container lies, "
                    "or it was cut short. Fetch or make it again."
                )
            if self._state_of_file() != before:
                raise SourceFailed(
                    f"{self._wish.name} was written to while it was read. Wait until it is whole, "
                    "and run the task again."
                )
            stream.size = count
            if isinstance(self._found.content, Flow):
                # A plain disk, and this was the first look at its end.
                require_plain_tail(tail, self._wish)
                self._require_size(count)
                self._learn(virtual_size=count)

    def _state_of_file(self) -> tuple[int, int]:
        state = os.fstat(self._region.file.fileno())
        return state.st_size, state.st_mtime_ns


@contextmanager
def open_disk(
    path: str | Path, wish: DiskWish, *, scratch: Path, progress: Progress
) -> Iterator[OpenDisk]:
    """A disk that is safe to open, whatever it is packed in; RefusedDisk says why one is not."""
    with _opened(path, wish, scratch, progress) as disk:
        with _in_words(wish.name):
            disk.look()
        yield disk


def look_at(path: str | Path, wish: DiskWish, *, scratch: Path, progress: Progress) -> DiskFacts:
    """What a file is, whole and to its end, and why it is refused, if it is."""
    with _opened(path, wish, scratch, progress) as disk:
        try:
            with _in_words(wish.name):
                disk.look()
            if isinstance(disk.facts.virtual_size, int) and not disk.facts.packing:
                return disk.facts
            with disk.stream("keep") as stream:
                progress.stage("read", stream.size)
                for piece in stream.pieces:
                    progress.moved(len(piece))
        except (RefusedDisk, Ambiguous) as error:
            reasons = error.facts.get("reasons", [error.message])
            return replace(disk.facts, reasons=tuple(reasons))
        return disk.facts


@contextmanager
def _opened(
    path: str | Path, wish: DiskWish, scratch: Path, progress: Progress
) -> Iterator[OpenDisk]:
    try:
        file = open(path, "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115
    except OSError as error:
        raise SourceFailed(
            f"Cannot open {path}: {error.strerror}. It has to be on the host that runs the module, "
            "and readable there."
        ) from error
    with file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise SourceFailed(f"{path} is no regular file. Give the file that holds the disk.")
        with closing(OpenDisk(file, wish, scratch, progress)) as disk:
            yield disk


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; one that turns out to be a pipe would wait for its other end."""
    return os.open(path, flags | os.O_NONBLOCK)


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """Errors from below, with the name of the file, in the words of our errors."""
    try:
        yield
    except RefusedDisk as error:
        reasons = error.facts.get("reasons", [error.message])
        raise RefusedDisk(f"{name} is refused. {error.message}", reasons=reasons) from error
    except ToolFailed as error:
        reason = f"It cannot be read to its end: {error}."
        raise RefusedDisk(f"{name} is refused. {reason}", reasons=[reason]) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NoSpace(
                f"There is no space left for {name} unpacked. Free some, or name a folder on a "
                "larger disk with cache_dir (for image_inspect, with TMPDIR)."
            ) from error
        raise SourceFailed(f"Cannot read {name}: {error}.") from error
