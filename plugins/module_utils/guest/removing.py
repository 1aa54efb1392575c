# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Taking things out of a guest: under the paths that they really have, and with their bytes.

libguestfs runs rm and ln beside the guest and not inside of it: there, a folder that is a link to
/data leads out of the guest, and nothing is found.
"""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Callable, Iterable
from typing import Any

from .appliance import CallFailed

Call = Callable[..., Any]

# What libguestfs says of names under which nothing can be found.
NOTHING = ("No such file or directory", "Not a directory", "Too many levels of symbolic links")
_PIECE = 1 << 20
# A secret is small. What only looks like one may be a hole, and would take room where it took none.
_OVERWRITTEN_AT_MOST = 64 << 20
_MOST_FILES = 10_000


def remove(call: Call, path: str, *, secret: bool = False) -> None:
    """Remove a file, or a folder with all that is in it; of what is secret, no byte is left."""
    real = _with_real_folder(call, path)
    if real is None:
        return
    if secret:
        overwrite(call, real)
    call("rm_rf", real)


def put_link(call: Call, path: str, target: str) -> None:
    """A symbolic link, in the place of what is there."""
    call("mkdir_p", posixpath.dirname(path))
    real = _with_real_folder(call, path)
    call("rm_rf", real)
    call("ln_sf", target, real)


def overwrite(call: Call, path: str) -> None:
    """Zeros where the bytes of a file are, or of the files in a folder.

    What is only removed stays on the disk until something else comes there.
    """
    written = [_zero(call, one) for one in (path, *_below(call, path))]
    if any(written):
        # Zeros that are only in memory would go together with the file.
        call("sync")


def _with_real_folder(call: Call, path: str) -> str | None:
    """A path without links in front of its last name; None if there is no such folder."""
    try:
        folder = str(call("realpath", posixpath.dirname(path)))
    except CallFailed as error:
        if any(sign in str(error) for sign in NOTHING):
            return None
        raise
    return posixpath.join(folder, posixpath.basename(path))


def _below(call: Call, path: str) -> Iterable[str]:
    mode = _state(call, path).get("st_mode", 0)
    if not stat.S_ISDIR(mode):
        return ()
    return [posixpath.join(path, name) for name in call("find", path)[:_MOST_FILES]]


def _zero(call: Call, path: str) -> bool:
    """Whether there was anything to write over; a link is only a name of something else."""
    found = _state(call, path)
    if not stat.S_ISREG(found.get("st_mode", 0)):
        return False
    size, at = min(found["st_size"], _OVERWRITTEN_AT_MOST), 0
    while at < size:
        at += call("pwrite", path, bytes(min(size - at, _PIECE)), at)
    return size > 0


def _state(call: Call, path: str) -> dict[str, int]:
    try:
        found: dict[str, int] = call("lstatns", path)
    except CallFailed as error:
        if any(sign in str(error) for sign in NOTHING):
            return {}
        raise
    return found
