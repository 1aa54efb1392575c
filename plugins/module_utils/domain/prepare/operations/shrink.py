# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""shrink: the disk is hardly larger than what is in it, and grows again with its flavor."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..edits import Edit, Shrink
from ..guest import Guest
from ..options import LocalFiles, Options


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    if guest.slack:
        yield Shrink()
