# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A guest as it would be: planned edits laid over what was read, and nothing done."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from .edits import (
    PUTS_NOTHING,
    Compress,
    Edit,
    Link,
    PutDrivers,
    Remove,
    Run,
    Shrink,
    Trim,
    Write,
)
from .guest import Guest, Kind, Standing, System
from .windows_drivers import put_on_paper

_FOLDER = Standing(kind=Kind.FOLDER, mode=0o755)


class Overlay:
    """What a check shows: operations see what the earlier ones of their task would do.

    What a program of the guest would do cannot be known. Whoever plans one is not asked again.
    """

    def __init__(self, below: Guest) -> None:
        self._below = below
        # None stands for what is removed.
        self._written: dict[str, Write | Link | None] = {}
        self._compressed = below.compressed
        self._trimmed = self._shrunk = False
        self._touched = below.written

    def apply(self, edit: Edit) -> bool:
        """Take it as done; whether it would change anything."""
        match edit:
            case Write() | Link():
                self._written[edit.path] = edit
            case Remove():
                inside = f"{edit.path}/"
                for path in [path for path in self._written if path.startswith(inside)]:
                    del self._written[path]
                self._written[edit.path] = None
            case PutDrivers():
                for path in put_on_paper(self.system):
                    self._written[path] = Write(path=path, data=b"")
            case Compress():
                self._compressed = True
            case Trim():
                self._trimmed = True
            case Shrink():
                self._shrunk = True
            case Run():
                pass
        self._touched = self._touched or not isinstance(edit, PUTS_NOTHING)
        return True

    @property
    def system(self) -> System:
        return self._below.system

    @property
    def written(self) -> bool:
        return self._touched

    @property
    def compressed(self) -> bool:
        return self._compressed

    @property
    def excess(self) -> int:
        return 0 if self._trimmed else self._below.excess

    @property
    def slack(self) -> int | None:
        return 0 if self._shrunk else self._below.slack

    def standing(self, path: str) -> Standing | None:
        found, edit = self._edit_of(path)
        if not found:
            below = self._below.standing(path)
            has_more = any(one.startswith(f"{path}/") for one in self._written)
            return _FOLDER if below is None and has_more else below
        match edit:
            case Link():
                return self.standing(posixpath.join(posixpath.dirname(path), edit.target))
            case None:
                return None
        before = self._below.standing(path) or Standing(kind=Kind.FILE)
        return Standing(
            kind=Kind.FILE,
            size=len(edit.data),
            mode=before.mode if edit.mode is None else edit.mode,
            owner=edit.owner or before.owner,
        )

    def link(self, path: str) -> str | None:
        found, edit = self._edit_of(path)
        if not found:
            return self._below.link(path)
        return edit.target if isinstance(edit, Link) else None

    def read(self, path: str, at_most: int) -> bytes:
        found, edit = self._edit_of(path)
        if not found:
            return self._below.read(path, at_most)
        if isinstance(edit, Link):
            return self.read(posixpath.join(posixpath.dirname(path), edit.target), at_most)
        if edit is None:
            raise AssertionError(path)
        return edit.data

    def names(self, folder: str) -> list[str]:
        removed, _edit = self._edit_of(folder)
        found = set() if removed else set(self._below.names(folder))
        inside = f"{folder.rstrip('/')}/"
        for path, edit in self._written.items():
            if path.startswith(inside):
                name, deeper, _rest = path.removeprefix(inside).partition("/")
                if edit is None and not deeper:
                    found.discard(name)
                elif edit is not None:
                    found.add(name)
        return sorted(found)

    def packages(self) -> Mapping[str, str]:
        return self._below.packages()

    def modules_in(self, initramfs: str) -> frozenset[str] | None:
        return self._below.modules_in(initramfs)

    def _edit_of(self, path: str) -> tuple[bool, Write | Link | None]:
        """Whether a path was edited, and how it stands since then."""
        if path in self._written:
            return True, self._written[path]
        above = posixpath.dirname(path)
        while above not in {"/", ""}:
            if above in self._written and self._written[above] is None:
                return True, None
            above = posixpath.dirname(above)
        return False, None
