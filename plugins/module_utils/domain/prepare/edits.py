# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What operations do to a guest, as values: planned by pure functions, carried out elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A file of this content; its folder is made where it is missing."""

    path: str
    data: bytes
    # None: as the file has them, or 0644, root and root.
    mode: int | None = None
    owner: tuple[int, int] | None = None
    # The content is nobody's business: it is shown in no diff.
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """A file, or a folder with all that is in it, no more."""

    path: str
    # Its bytes are overwritten first: what is only removed can still be read from the disk.
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A symbolic link, in the place of what is there."""

    path: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A program of the guest, run inside of it as root."""

    command: tuple[str, ...]
    why: str
    # Of this machine: they lie in the guest while it runs, and end its words.
    files: tuple[str, ...] = ()
    # It fetches something.
    network: bool = False
    # What it takes to call it a change: that it ran, or that there are other packages afterwards.
    counts: Literal["always", "packages", "never"] = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class PutDrivers:
    """The drivers of virtio, put into a Windows by a program of this machine."""

    # The ISO of virtio-win, or a folder with what is in it, on this machine.
    source: str


@dataclass(frozen=True, slots=True)
class Trim:
    """What no file uses is given back: it takes no room in the image any more."""


@dataclass(frozen=True, slots=True)
class Shrink:
    """The last file system, its partition and the disk become as small as what is in them."""


@dataclass(frozen=True, slots=True)
class Compress:
    """The data in the file of the image is compressed."""


# What puts nothing into a guest that could lack a label.
PUTS_NOTHING = (Remove, Trim, Shrink, Compress)
Edit: TypeAlias = "Write | Remove | Link | Run | PutDrivers | Trim | Shrink | Compress"


def told(edit: Edit) -> str:
    """An edit in a line."""
    match edit:
        case Write():
            said = f"{edit.path}: written"
        case Remove():
            said = f"{edit.path}: removed"
        case Link():
            said = f"{edit.path}: a link to {edit.target}"
        case Run():
            said = edit.why
        case PutDrivers():
            said = "the drivers of virtio are put into Windows"
        case Trim():
            said = "what no file uses is given back"
        case Shrink():
            said = "the last file system and the disk are made smaller"
        case Compress():
            said = "the image is compressed"
    return said
