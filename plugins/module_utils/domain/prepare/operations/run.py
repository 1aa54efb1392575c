# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""run: a command of the task's own, inside of the guest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..edits import Edit, Run
from ..guest import Guest, is_there
from ..options import LocalFiles, Options


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    command = options.needed("command")
    creates = options.path("creates") if "creates" in options.left else None
    options.end()

    def plan(guest: Guest) -> Iterator[Edit]:
        if creates is None or not is_there(guest, creates):
            # The command itself is not told: it may hold what is nobody's business.
            yield Run(command=("/bin/sh", "-e", "-c", command), why="run a command")

    return plan
