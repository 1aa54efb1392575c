# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Whether a disk was prepared already, by the record that lies beside it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..disk.saving import look, write_whole
from ..domain.prepare.record import SUFFIX, Record, Stamp
from ..domain.prepare.wish import PrepareWish
from ..errors import InvalidRequest, SourceFailed
from ..progress import Progress
from ..source.reckoning import digests_of
from .naming_output import finish, give_name, stamp_of

_DIGEST = "sha256"


@dataclass(frozen=True, slots=True)
class Source:
    """The disk that is to be prepared, as its file stands."""

    path: Path
    stamp: Stamp

    @classmethod
    def of(cls, path: Path) -> Source:
        try:
            return cls(path, cls._stamp_at(path))
        except OSError as error:
            raise SourceFailed(
                f"Cannot open {path}: {error.strerror}. It has to be on the host that runs the "
                "module, and readable there."
            ) from error

    @staticmethod
    def _stamp_at(path: Path) -> Stamp:
        found = path.stat()
        return replace(stamp_of(found), inode=found.st_ino, ctime_ns=found.st_ctime_ns)

    def digest(self, progress: Progress) -> str:
        """Of all of its bytes."""
        return digests_of(self.path, (_DIGEST,), progress, "hashing")[_DIGEST]

    def require_same(self) -> None:
        """See that nobody wrote to it meanwhile."""
        if self._stamp_at(self.path) != self.stamp:
            raise SourceFailed(
                f"{self.path} was written to while it was prepared. Wait until it is whole, and "
                "run the task again."
            )


def standing(
    wish: PrepareWish, source: Source, fingerprint: str, progress: Progress
) -> Record | None:
    """The record of an output that is what the task would make; another's file is an error."""
    if wish.output is None:
        return None
    there = _Output.at(Path(wish.output))
    if there.stamp is None:
        return None
    if source.path.exists() and there.path.samefile(source.path):
        raise InvalidRequest("output is the disk itself. Say in_place: true if that is meant.")
    record = there.answer(wish, fingerprint)
    if record is not None:
        if record.source == source.stamp:
            return record
        same_size = record.source.size == source.stamp.size
        if same_size and record.source_sha256 == source.digest(progress):
            # It was only touched, or copied: to know that spares the next run its hashing.
            return replace(record, source=source.stamp)
    there.require_ours(overwrite=wish.overwrite)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A disk that was made, of what, and what is returned of it."""

    built: Path
    source: Source
    source_sha256: str
    fingerprint: str
    result: Mapping[str, Any]


def keep(wish: PrepareWish, made: Made) -> None:
    """Give a disk its name, and write down what it was made of.

    Whoever is ended on the way leaves an output that the next run knows: the old one, or the new.
    """
    made.source.require_same()
    path = Path(str(wish.output)).resolve()
    with _alone_in(path.parent):
        there = _Output.at(path)
        record = there.answer(wish, made.fingerprint)
        if record is not None and record.source == made.source.stamp:
            # Another run was faster, and its disk may be in use already.
            return
        there.require_ours(overwrite=wish.overwrite)
        stamp = finish(made.built, like=path if there.stamp else None)
        fresh = Record(
            source=made.source.stamp,
            source_sha256=made.source_sha256,
            fingerprint=made.fingerprint,
            secrets=wish.secrets,
            output=stamp,
            replaced=there.stamp if there.is_ours else None,
            result={key: value for key, value in made.result.items() if key != "diff"},
        )
        # First: of a disk without it, nobody could tell whose it is.
        _remember(path, fresh)
        give_name(made.built, path)


def still_stands(wish: PrepareWish, record: Record) -> None:
    """Write down what became known of a disk that stands."""
    path = Path(str(wish.output)).resolve()
    with _alone_in(path.parent):
        there = _Output.at(path)
        if there.record not in (None, record) and there.stamp == record.output:
            _remember(path, record)


def _remember(output: Path, record: Record) -> None:
    """Write the record beside its disk."""
    write_whole(Path(f"{output}{SUFFIX}"), record.as_text())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Output:
    """What has the name that the prepared disk is to have, and what we know of it."""

    path: Path
    stamp: Stamp | None
    record: Record | None

    @classmethod
    def at(cls, path: Path) -> _Output:
        found = look(path)
        return cls(path=path, stamp=stamp_of(found) if found else None, record=_recorded(path))

    @property
    def is_ours(self) -> bool:
        return self.record is not None and self.record.is_of(self.stamp)

    def answer(self, wish: PrepareWish, fingerprint: str) -> Record | None:
        """Its record, if it is what is asked for."""
        if self.record is None:
            return None
        answers = self.record.answers(self.stamp, fingerprint=fingerprint, secrets=wish.secrets)
        return self.record if answers else None

    def require_ours(self, *, overwrite: bool) -> None:
        """See that it may be replaced."""
        if self.stamp is not None and not (self.is_ours or overwrite):
            raise InvalidRequest(
                f"{self.path} is there, and is no disk that this module prepared and nobody "
                "changed since. Say overwrite: true to replace it, or name another output."
            )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two that are ready at once give their names one after the other."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # Not every file system has locks.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _recorded(output: Path) -> Record | None:
    try:
        return Record.from_text(Path(f"{output}{SUFFIX}").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
