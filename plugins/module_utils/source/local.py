# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A source that is a file on this machine: used where it stands, never copied, never removed."""

from __future__ import annotations

import hashlib
import stat
import time
from contextlib import suppress
from pathlib import Path

from ..domain.proof import Proof
from ..errors import CuratorError, SourceFailed, Unproven
from ..progress import Progress
from .cache import prepare
from .kept import Wanted, mismatch
from .location import Location
from .looking import Version, unreadable
from .reckoning import digests_of
from .records import Record, Stamp

# Within one tick of a file system's clock a file can change and keep its times.
_SETTLED_AFTER = 2.0


def read_in_place(
    location: Location, proof: Proof | None, cache: Path, progress: Progress
) -> Record:
    """The digests of the file: as they were recorded, or in one pass over it."""
    wanted = Wanted(location=location, proof=proof, version=None)
    path = location.path
    try:
        seen = path.stat()
        if not stat.S_ISREG(seen.st_mode):
            raise SourceFailed(f"The source {path} is no file. Give the path of a disk image.")
        before = Stamp.of(seen)
        known = Record.read(_record_of(path, cache))
        if not known or known.stamp != before or not {*wanted.algorithms} <= {*known.digests}:
            known = Record(
                stamp=before,
                digests=digests_of(path, wanted.algorithms, progress, "verify"),
                version=Version.of_file(seen),
            )
            if Stamp.of(path.stat()).identity != before.identity:
                raise SourceFailed(
                    f"The source {path} changes while it is read. Run the task again when nothing "
                    "writes to it."
                )
            _remember(known, path, cache)
    except OSError as error:
        raise unreadable(location, error) from error
    if not wanted.is_proven_by(known.digests):
        raise Unproven(mismatch(wanted, known.digests))
    return known


def _record_of(path: Path, cache: Path) -> Path:
    return cache / f"file-{hashlib.sha256(bytes(path)).hexdigest()}.json"


def _remember(record: Record, path: Path, cache: Path) -> None:
    """Spare the next run the pass; without a cache that can be written it is just not spared."""
    written = max(record.stamp.mtime_ns, record.stamp.ctime_ns) / 10**9
    if abs(time.time() - written) > _SETTLED_AFTER:
        with suppress(OSError, CuratorError):
            prepare(cache)
            record.write(_record_of(path, cache))
