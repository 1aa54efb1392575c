# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""sparsify: what no file uses any more takes no room in the image."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..edits import Edit, Trim
from ..guest import Guest
from ..options import LocalFiles, Options

# File systems have something of their own besides the files, and an image is in clusters.
_WORTH_IT = 16 << 20


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    if guest.excess > _WORTH_IT:
        yield Trim()
