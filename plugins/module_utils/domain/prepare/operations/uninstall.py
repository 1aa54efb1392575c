# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""uninstall: packages that are there, with their settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase

from ....errors import InvalidRequest
from ..edits import Edit, Run
from ..guest import Guest
from ..options import LocalFiles, Options
from ..package_tools import tool_of


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    packages = options.texts("packages")
    options.end()
    if not packages:
        raise InvalidRequest("The operation uninstall needs names of packages.")
    return lambda guest: uninstalling(guest, packages)


def uninstalling(guest: Guest, patterns: Sequence[str]) -> Iterator[Edit]:
    """Remove the packages whose names match one of these."""
    found = [
        name
        for name in sorted(guest.packages())
        if any(fnmatchcase(name, pattern) for pattern in patterns)
    ]
    if found:
        command = (*tool_of(guest).remove, *found)
        yield Run(command=command, why=f"uninstall {', '.join(found)}")
