# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What the cache holds for one source, and how it gets there. All under the lock of its key."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..domain.proof import Proof
from ..errors import CuratorError, NoSpace, Unproven
from ..progress import Progress
from .downloading import Download
from .location import Location
from .locking import RunLock
from .looking import Version
from .reckoning import digests_of
from .records import Record, Stamp
from .web import Web

_WEEK = 7 * 24 * 3600
_PART = ".part"
_LOCK = ".lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which bytes are asked for: those of a digest, or else those of an address and a version."""

    location: Location
    proof: Proof | None
    version: Version | None

    @property
    def key(self) -> str:
        """The name in the cache."""
        if self.proof is not None:
            return f"{self.proof.algorithm}-{self.proof.digest}"
        return f"url-{hashlib.sha256(self.location.requested.encode()).hexdigest()}"

    @property
    def algorithms(self) -> tuple[str, ...]:
        """All digests to compute; sha512 is what is recorded of every source."""
        return ("sha512", *((self.proof.algorithm,) if self.proof else ()))

    def accepts(self, record: Record) -> bool:
        """Whether a file with this record is what is wanted."""
        if self.proof is not None:
            return self.is_proven_by(record.digests)
        known = self.version.text if self.version else None
        return known is not None and record.version.text == known

    def is_proven_by(self, digests: Mapping[str, str]) -> bool:
        """Whether the digests are the right ones, where it is known which these are."""
        return self.proof is None or digests.get(self.proof.algorithm) == self.proof.digest


class Kept:
    """The files of one key in the cache."""

    def __init__(self, cache: Path, key: str) -> None:
        self.data = cache / key
        self.part = cache / f"{key}{_PART}"
        self.lock = cache / f"{key}{_LOCK}"
        self._record = cache / f"{key}.json"

    def record(self) -> Record | None:
        """What is known of the data, if they are what they were when it was recorded."""
        record = self.recorded()
        return record if record and record.stamp == Stamp.at(self.data) else None

    def recorded(self) -> Record | None:
        """What was known of the data once."""
        record = Record.read(self._record)
        return record if record and "sha512" in record.digests else None

    def note(self, digests: Mapping[str, str], version: Version) -> Record:
        """Record the data as they are now."""
        record = Record(stamp=Stamp.of(self.data.stat()), digests=digests, version=version)
        record.write(self._record)
        return record

    def remove(self) -> None:
        """Take the data away."""
        self.data.unlink(missing_ok=True)
        self._record.unlink(missing_ok=True)


def obtain(kept: Kept, wanted: Wanted, web: Web, progress: Progress) -> tuple[Record, bool]:
    """Have what is wanted in the cache, and whether it had to be fetched for that."""
    again = _checked_again(kept, wanted, progress)
    if again is not None:
        return again, False
    kept.remove()
    download = Download(
        kept.part, wanted.location, algorithms=wanted.algorithms, web=web, progress=progress
    )
    try:
        if wanted.version is not None:
            download.forget_all_but(wanted.version)
        digests = download.run()
        if not wanted.is_proven_by(digests) and download.pieced:
            # Its pieces may be of two files that a server took for one.
            digests = download.run_anew()
    except NoSpace:
        download.remove()
        raise
    if not wanted.is_proven_by(digests):
        download.remove()
        raise Unproven(mismatch(wanted, digests))
    kept.part.replace(kept.data)
    download.remove()
    return kept.note(digests, download.version), True


def mismatch(wanted: Wanted, digests: Mapping[str, str]) -> str:
    """What to say of bytes that have another digest."""
    proof = wanted.proof
    if proof is None:
        return ""
    return (
        f"The source {wanted.location.recorded} is not what was released: its {proof.algorithm} is "
        f"{digests[proof.algorithm]}, and it has to be {proof.digest}. Check that checksum and "
        "source are of the same version; if they are, the file was altered or damaged on its way."
    )


def sweep(cache: Path, progress: Progress) -> None:
    """Remove what runs left more than a week ago that were cut short."""
    old = time.time() - _WEEK
    for part in cache.glob(f"*{_PART}"):
        kept = Kept(cache, part.stem)
        # Another run may do the same, or take up the download just now.
        with suppress(OSError, CuratorError), RunLock(kept.lock, progress) as lock:
            if part.stat().st_mtime < old and lock.try_write():
                part.unlink()
                part.with_name(f"{part.name}.json").unlink(missing_ok=True)
                lock.remove()


def _checked_again(kept: Kept, wanted: Wanted, progress: Progress) -> Record | None:
    """The data that are there, if they are hashed again and still what they have to be."""
    before = kept.recorded()
    if not kept.data.is_file():
        return None
    if wanted.proof is None and (before is None or not wanted.accepts(before)):
        return None
    digests = digests_of(kept.data, wanted.algorithms, progress, "verify")
    if not wanted.is_proven_by(digests):
        return None
    if wanted.proof is None and before and before.digests["sha512"] != digests["sha512"]:
        return None
    return kept.note(digests, before.version if before else Version())
