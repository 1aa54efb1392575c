# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""write: a file of the given content."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ....errors import InvalidRequest
from ..edits import Edit, Write
from ..guest import Guest, Kind
from ..options import LocalFiles, Options

_LARGEST = 64 << 20


def understand(options: Options, files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    path = options.path()
    content, source = options.text("content"), options.text("src")
    mode, wanted = options.mode(), options.owner()
    options.end()
    if (content is None) == (source is None):
        raise InvalidRequest(
            "The operation write needs one of content and src: what to write, or a file of the "
            "host that runs the module."
        )

    def plan(guest: Guest) -> Iterator[Edit]:
        data = files.read(source) if source is not None else (content or "").encode()
        owner = _owner(guest, path, wanted)
        if not _stands(guest, path, data, mode, owner):
            yield Write(path=path, data=data, mode=mode, owner=owner)

    return plan


def _owner(
    guest: Guest, path: str, wanted: tuple[int | None, int | None] | None
) -> tuple[int, int] | None:
    """The one of two that is not said stays as it is; a new file is root's."""
    if wanted is None:
        return None
    found = guest.standing(path)
    user, group = found.owner if found else (0, 0)
    return (
        user if wanted[0] is None else wanted[0],
        group if wanted[1] is None else wanted[1],
    )


def _stands(
    guest: Guest, path: str, data: bytes, mode: int | None, owner: tuple[int, int] | None
) -> bool:
    found = guest.standing(path)
    return (
        found is not None
        and found.kind is Kind.FILE
        and found.size == len(data)
        and owner in {None, found.owner}
        and mode in {None, found.mode}
        and guest.read(path, _LARGEST) == data
    )
