# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""update: every package in the latest version that the guest's sources have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..edits import Edit, Run
from ..guest import Guest
from ..options import LocalFiles, Options
from ..package_tools import tool_of


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    tool = tool_of(guest)
    if tool.refresh:
        yield Run(
            command=tool.refresh, why="learn which packages there are", counts="never", network=True
        )
    yield Run(command=tool.update, why="update all packages", counts="packages", network=True)
    if tool.clean:
        yield Run(command=tool.clean, why="remove what was fetched for that", counts="never")
