# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A folder for what has to lie on disk for a while, and nothing of it afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..domain.lineage import Maker
from .maker import is_dead, this_maker

_PREFIX = "scratch-"


@contextmanager
def scratch_folder(cache: Path) -> Iterator[Path]:
    """A folder of this process, beside the cache; those of dead processes are removed first."""
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(cache)
    with tempfile.TemporaryDirectory(prefix=f"{_prefix(this_maker())}-", dir=cache) as folder:
        yield Path(folder)


def _prefix(maker: Maker) -> str:
    return f"{_PREFIX}{maker}".replace(" ", "~")


def _sweep(cache: Path) -> None:
    """Remove the folders of dead processes of this host; others may use the cache as well."""
    for folder in cache.glob(f"{_PREFIX}*"):
        name = folder.name.removeprefix(_PREFIX).rpartition("-")[0].replace("~", " ")
        if is_dead(Maker.from_text(name)):
            shutil.rmtree(folder, ignore_errors=True)
