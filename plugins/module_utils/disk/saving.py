# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Files on their way to a name that others read: whole and on the disk before they have it."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..domain.disk import readable
from ..errors import CuratorError, InvalidRequest, NoSpace
from .region import PIECE

_MODE = 0o600
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# A run of zeros that is worth a hole: some blocks of any file system.
_ZEROS = bytes(64 << 10)
# After so many bytes the disk is told to begin with them: at the end, little is left to wait for.
_WORTH_A_WORD = 32 << 20


class GrowingFile:
    """A file that is written from its beginning to its end, with holes where it is zeros.

    It is open under a name of its own, and this process alone has it: another one that opens it
    meanwhile is told so.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1
        self._position = 0
        self._told = 0

    def take(self) -> bool:
        """Open the file, unless another process has it."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        with in_words(self.path):
            descriptor = os.open(self.path, flags, _MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(self.path.stat(), os.fstat(descriptor)):
                with in_words(self.path):
                    os.fchmod(descriptor, _MODE)
                self._descriptor, descriptor = descriptor, -1
                self.measure()
                return True
        except (BlockingIOError, FileNotFoundError):
            # It is in use; or was until now, and is gone or has its name.
            pass
        except OSError:
            # Not every file system has locks.
            with in_words(self.path):
                raise
        finally:
            if descriptor >= 0:
                os.close(descriptor)
        return False

    def close(self) -> None:
        """Let go of it; what was written stays."""
        if self._descriptor >= 0:
            with suppress(CuratorError):
                self.level()
            os.close(self._descriptor)
            self._descriptor = -1

    @property
    def size(self) -> int:
        """How much was written, by an earlier process as well."""
        return self._position

    def fileno(self) -> int:
        """The open file, for a program that writes to it."""
        return self._descriptor

    def measure(self) -> None:
        """Take for written what is there, whoever wrote it."""
        self._position = os.fstat(self._descriptor).st_size

    def pieces(self) -> Iterator[bytes]:
        """What is there already."""
        at = 0
        while at < self._position and (piece := os.pread(self._descriptor, PIECE, at)):
            yield piece
            at += len(piece)

    def clear(self) -> None:
        """Begin anew."""
        os.ftruncate(self._descriptor, 0)
        self._position = self._told = 0

    def write(self, piece: bytes) -> None:
        """Add bytes; what is nothing but zeros becomes a hole."""
        end, step = len(piece), len(_ZEROS)
        begin = at = 0
        while at < end:
            # Compared where it lies: only what is left of the piece is shorter, and copied.
            whole = at + step <= end
            if piece.startswith(_ZEROS, at) if whole else _ZEROS.startswith(piece[at:]):
                self._write(piece, begin, at)
                begin = min(at + step, end)
            at += step
        self._write(piece, begin, end)
        self._position += end

    def _write(self, piece: bytes, begin: int, end: int) -> None:
        if begin >= end:
            return
        with in_words(self.path), memoryview(piece) as view:
            while begin < end:
                # A disk that is nearly full takes a part of it first.
                at = self._position + begin
                begin += os.pwrite(self._descriptor, view[begin:end], at)
        if self._position - self._told >= _WORTH_A_WORD:
            _begin_with(self._descriptor, self._told, self._position - self._told)
            self._told = self._position

    def level(self) -> None:
        """Make the file as long as what was written: a hole at its end shows only then."""
        # One that is so long already keeps its time.
        if os.fstat(self._descriptor).st_size != self._position:
            with in_words(self.path):
                os.ftruncate(self._descriptor, self._position)

    def finish(self) -> os.stat_result:
        """See that all of it is on the disk, and say what it is now."""
        self.level()
        with in_words(self.path):
            os.fsync(self._descriptor)
        return os.fstat(self._descriptor)

    def become(self, path: Path) -> None:
        """Have this name from now on, in the place of whatever has it."""
        with in_words(path):
            self.path.replace(path)
            _sync_folder(path.parent)


def write_whole(path: Path, text: str) -> None:
    """Put a text into a file; whoever reads it sees the old one or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with in_words(path):
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def look(path: Path) -> os.stat_result | None:
    """The file at a path, if there is one; what is no file is an error."""
    with in_words(path):
        try:
            seen = path.lstat()
        except FileNotFoundError:
            if not path.parent.is_dir():
                raise InvalidRequest(
                    f"There is no folder {path.parent} on the host that runs the module. Make it, "
                    "or give another path."
                ) from None
            return None
    if not stat.S_ISREG(seen.st_mode):
        raise InvalidRequest(
            f"{path} is there and is no regular file. Give the path of a file, or of a folder."
        )
    return seen


def require_room(folder: Path, needed: int, what: str) -> None:
    """Refuse to begin what cannot be ended for want of space."""
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise NoSpace(
            f"{what} needs {readable(needed)} in {folder}, where {readable(free)} are free. Make "
            "room there, or give a path on a larger disk."
        )


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn the troubles of writing into errors that name the place."""
    try:
        yield
    except OSError as error:
        folder = path.parent
        if error.errno in _FULL:
            raise NoSpace(
                f"{path.name} does not fit into {folder}, where "
                f"{readable(shutil.disk_usage(folder).free)} are free now. Make room there, or "
                "give a path on a larger disk."
            ) from error
        raise InvalidRequest(
            f"{path} cannot be written: {error.strerror}. Check the rights of {folder}, or give "
            "another path."
        ) from error


def _begin_with(descriptor: int, start: int, length: int) -> None:
    """Let the disk begin with what was written; macOS has no word for that."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, start, length, os.POSIX_FADV_DONTNEED)


def _sync_folder(folder: Path) -> None:
    """See that the new name survives a crash, where the file system can be told."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
