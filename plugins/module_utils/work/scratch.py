# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A folder for what has to lie on disk for a while, and nothing of it afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..processes import identity, lives

_PREFIX = "scratch-"


@contextmanager
def scratch_folder(cache: Path) -> Iterator[Path]:
    """A folder of this process, beside the cache; those of dead processes are removed first."""
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(cache)
    own = (identity(os.getpid()) or f"{os.getpid()} 0").replace(" ", "-")
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{own}-", dir=cache) as folder:
        yield Path(folder)


def _sweep(cache: Path) -> None:
    for folder in cache.glob(f"{_PREFIX}*"):
        process = folder.name.removeprefix(_PREFIX).rpartition("-")[0].replace("-", " ")
        if not lives(process):
            shutil.rmtree(folder, ignore_errors=True)
