# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""append_line: a line at the end of a file, unless it is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ....errors import InvalidRequest
from ..edits import Edit, Write
from ..guest import Guest, encoded, text
from ..options import LocalFiles, Options


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    path, line = options.path(), options.needed("line")
    options.end()
    if "\n" in line:
        raise InvalidRequest("The line of the operation append_line has to be a single one.")

    def plan(guest: Guest) -> Iterator[Edit]:
        old = text(guest, path) or ""
        if line not in old.splitlines():
            end = "" if not old or old.endswith("\n") else "\n"
            yield Write(path=path, data=encoded(f"{old}{end}{line}\n"))

    return plan
