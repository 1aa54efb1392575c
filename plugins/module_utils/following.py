# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Following the progress that a module writes down while it works, from another process."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic as _now

from .domain.progress import Announcer, Reading
from .threads import begin

# How long a line that is due may wait, in seconds.
_BETWEEN_LOOKS = 0.5


@contextmanager
def followed(folder: str, say: Callable[[str], None]) -> Iterator[Path]:
    """A file for the module to write to; while the block lasts, lines about it are said."""
    # A module that a time-out left behind may still write while the folder is being removed.
    with tempfile.TemporaryDirectory(
        prefix="progress-", dir=folder, ignore_cleanup_errors=True
    ) as own:
        path = Path(own, "progress.json")
        ended = threading.Event()
        follower = begin(_follow, path, say, ended)
        try:
            yield path
        finally:
            ended.set()
            # No line comes after the result.
            follower.join()


def _follow(path: Path, say: Callable[[str], None], ended: threading.Event) -> None:
    announcer = Announcer(_now())
    while not ended.wait(_BETWEEN_LOOKS):
        reading = _read(path)
        line = announcer.line(reading, _now()) if reading else None
        if line:
            say(line)


def _read(path: Path) -> Reading | None:
    try:
        return Reading.from_text(path.read_text())
    except OSError:
        # Not written yet; or by another user, for themselves alone.
        return None
