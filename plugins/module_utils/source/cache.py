# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The folder for what was fetched: whether it can be used, and how much fits into it."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..domain.progress import as_size
from ..errors import InvalidRequest, NoSpace

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def prepare(folder: Path) -> None:
    """Make the folder if it is missing, for nobody else to read."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise unusable(folder, error) from error
    if mode & stat.S_IWOTH:
        raise InvalidRequest(
            f"The cache folder {folder} can be written by every user of the machine, who could "
            "change what was proven. Name a folder of your own in cache_dir."
        )


def unusable(folder: Path, error: OSError) -> InvalidRequest:
    """What to say of a folder that cannot be worked in."""
    return InvalidRequest(
        f"The cache folder {folder} cannot be used: {error.strerror}. Name another folder in "
        "cache_dir, or make this one writable."
    )


def check_space(folder: Path, needed: int, what: str) -> None:
    """Before anything is written: whether so many bytes fit."""
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise NoSpace(
            f"{what} needs {as_size(needed)} in {folder}, where {as_size(free)} are free. Make "
            "room there, or name another folder in cache_dir."
        )


@contextmanager
def writing(folder: Path, what: str) -> Iterator[None]:
    """Turn the troubles of writing into errors that name the folder."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise unusable(folder, error) from error
        free = shutil.disk_usage(folder).free
        raise NoSpace(
            f"{what} does not fit into {folder}, where {as_size(free)} are free now. Make room "
            "there, or name another folder in cache_dir."
        ) from error
