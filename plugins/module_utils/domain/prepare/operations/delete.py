# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""delete: files and folders that match a pattern, with all that is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ....errors import InvalidRequest
from ..edits import Edit, Remove
from ..guest import Guest, matching
from ..options import LocalFiles, Options

# Without one of these, there is no guest any more.
_NEEDED = frozenset({"", "/bin", "/boot", "/etc", "/lib", "/lib64", "/sbin", "/usr", "/var"})


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    pattern = options.path()
    options.end()

    def plan(guest: Guest) -> Iterator[Edit]:
        found = matching(guest, pattern)
        if _NEEDED & {"" if pattern == "/" else path for path in (pattern, *found)}:
            raise InvalidRequest(f"The operation delete would leave no guest without {pattern}.")
        yield from (Remove(path=path) for path in found)

    return plan
