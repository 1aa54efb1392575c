# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Files of this machine that operations name, and the fingerprint that has them in it."""

from __future__ import annotations

import os
from pathlib import Path

from ..domain.prepare.table import fingerprint
from ..domain.prepare.wish import FAIL, REMOVE, PrepareWish
from ..errors import InvalidRequest, SourceFailed
from ..guest.windows import find_drivers

EPOCH = "SOURCE_DATE_EPOCH"
_LARGEST_FILE = 64 << 20
# The others only say something of a disk that is made in any case.
_DECIDING = frozenset({FAIL, REMOVE})


class LocalFiles:
    """Files of this machine that operations name, each read once."""

    def __init__(self) -> None:
        self._read: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        if path not in self._read:
            try:
                file = Path(path).expanduser()
                if file.stat().st_size > _LARGEST_FILE:
                    raise InvalidRequest(
                        f"{path} has more than {_LARGEST_FILE >> 20} MiB: too much for a file of "
                        "an operation."
                    )
                self._read[path] = file.read_bytes()
            except OSError as error:
                raise SourceFailed(
                    f"Cannot read {path}: {error.strerror}. It has to be on the host that runs "
                    "the module."
                ) from error
        return self._read[path]

    def windows_drivers(self, given: str | None) -> str:
        return find_drivers(given)


def fingerprint_of(wish: PrepareWish, files: LocalFiles) -> str:
    """The same as long as the same disk would become the same; no disk is looked at for it."""
    return fingerprint(
        wish.asked,
        files,
        wish.secrets if wish.secrets in _DECIDING else "",
        os.environ.get(EPOCH, ""),
        wish.output_format or "",
        wish.disk.member or "",
        # With it, more of what the guest needs can be done.
        "network" if wish.network else "",
    )
