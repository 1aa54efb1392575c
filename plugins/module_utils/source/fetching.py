# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A source as a file on this machine: a local one where it stands, one of the web in the cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ..domain.proof import Proof
from ..errors import SourceFailed
from ..progress import Progress
from .cache import prepare, writing
from .kept import Kept, Wanted, obtain, sweep
from .local import read_in_place
from .location import Location
from .locking import RunLock
from .looking import Version, version_of
from .records import Record, Stamp
from .web import Web

# Something else than our runs writes to the cache if it does not stay as it is for so long.
_LOOKS = 4


@dataclass(kw_only=True)
class Fetched:
    """A source that is there and was proven, where it could be."""

    location: Location
    path: Path
    # As it was fetched.
    size: int
    sha512: str
    version: Version
    from_cache: bool
    # Set by discard().
    unwanted: bool = field(default=False, init=False)
    _stamp: Stamp

    @property
    def is_url(self) -> bool:
        """Whether it came from the web."""
        return self.location.is_url

    def unchanged(self) -> None:
        """Say so if the file was changed since its digests were computed."""
        now = Stamp.at(self.path)
        if now is None or now.identity != self._stamp.identity:
            raise SourceFailed(
                f"The source {self.path} was changed while it was used, so nothing is known of "
                "what was read. Run the task again when nothing writes to it."
            )

    def discard(self) -> None:
        """Remove it from the cache once it is no longer used; a local file always stays."""
        self.unwanted = self.is_url


@contextmanager
def fetched(
    location: Location,
    *,
    proof: Proof | None,
    cache: Path,
    web: Web,
    progress: Progress,
    version: Version | None = None,
) -> Iterator[Fetched]:
    """The source, with nobody changing it meanwhile; `version` as version_of() just told it."""
    if not location.is_url:
        record = read_in_place(location, proof, cache, progress)
        yield _as_fetched(location, location.path, record, from_cache=False)
        return
    prepare(cache)
    sweep(cache, progress)
    if proof is None and version is None:
        version = version_of(location, web)
    wanted = Wanted(location=location, proof=proof, version=version)
    kept = Kept(cache, wanted.key)
    with RunLock(kept.lock, progress) as lock:
        with writing(cache, location.recorded):
            record, from_cache = _held(lock, kept, wanted, web, progress)
        source = _as_fetched(location, kept.data, record, from_cache=from_cache)
        try:
            yield source
        finally:
            # Another run that reads it now will discard it, or keep it.
            if source.unwanted and lock.try_write():
                kept.remove()
                lock.remove()


def _held(
    lock: RunLock, kept: Kept, wanted: Wanted, web: Web, progress: Progress
) -> tuple[Record, bool]:
    """What is in the cache under a lock for reading, and whether it was there before."""
    obtained: Record | None = None
    downloaded = False
    for _n in range(_LOOKS):
        lock.read()
        record = kept.record()
        if record is not None and (record == obtained or wanted.accepts(record)):
            return record, not downloaded
        lock.write()
        obtained, downloaded = obtain(kept, wanted, web, progress)
    raise SourceFailed(
        f"What is fetched into {kept.data.parent} does not stay as it is. Name a folder in "
        "cache_dir that nothing else writes to, on a disk of this machine."
    )


def _as_fetched(location: Location, path: Path, record: Record, *, from_cache: bool) -> Fetched:
    return Fetched(
        location=location,
        path=path,
        size=record.stamp.size,
        sha512=record.digests["sha512"],
        version=record.version,
        from_cache=from_cache,
        _stamp=record.stamp,
    )
