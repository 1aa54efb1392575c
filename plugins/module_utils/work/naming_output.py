# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Giving a finished disk its name, all at once."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ..disk.saving import in_words
from ..domain.prepare.record import Stamp

_MODE = 0o600


def stamp_of(found: os.stat_result) -> Stamp:
    """What tells a file from one that was written to, and goes with it when it is moved."""
    return Stamp(size=found.st_size, mtime_ns=found.st_mtime_ns)


def finish(built: Path, *, like: Path | None) -> Stamp:
    """Have all of it on the disk, with the rights that it shall have; the stamp of the file.

    Where it is to take the place of another disk, it gets that one's rights and owner; else only
    the user who runs the module may read it.
    """
    with in_words(built):
        built.chmod(_MODE)
        if like is not None:
            before = like.stat()
            with suppress(PermissionError):
                os.chown(built, before.st_uid, before.st_gid)
            built.chmod(before.st_mode & 0o777)
        with built.open("rb") as file:
            os.fsync(file.fileno())
            return stamp_of(os.fstat(file.fileno()))


def give_name(built: Path, target: Path) -> None:
    """Put a finished disk in the place of whatever has the name."""
    with in_words(target):
        built.replace(target)
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with suppress(OSError):
                os.fsync(folder)
        finally:
            os.close(folder)
