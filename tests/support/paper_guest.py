# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Guests on paper: a map of paths to contents, for what is decided of guests' files."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.carrying import (
    Carried,
    carry_out,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.guest import (
    FileSystem,
    Kind,
    Standing,
    System,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.overlay import Overlay
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.table import understand
from ansible_collections.curator.glance.plugins.module_utils.errors import MissingTool

ROOT_UUID = "11111111-2222-3333-4444-555555555555"
SWAP_UUID = "99999999-8888-7777-6666-555555555555"
PARTITION_UUID = "aaaaaaaa-01"
SYSTEM = System(
    distro="debian",
    product="Debian 12",
    version="12.5",
    packages="deb",
    architecture="x86_64",
    partition_table="mbr",
    file_systems=(
        FileSystem(
            device="/dev/sda1",
            number=1,
            type="ext4",
            uuid=ROOT_UUID,
            partition_uuid=PARTITION_UUID,
        ),
        FileSystem(device="/dev/sda5", number=5, type="swap", uuid=SWAP_UUID),
    ),
    mounted={"/": "/dev/sda1"},
)


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass(frozen=True)
class Odd:
    """What is no file: a pipe, say; or one of a size that nobody would read."""

    kind: Kind = Kind.OTHER
    size: int = 0


@dataclass
class PaperGuest:
    """A guest made of a map."""

    files: dict[str, str | bytes | Link | Odd]
    system: System = SYSTEM
    installed: Mapping[str, str] = field(default_factory=dict)
    initramfs: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    modes: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    written: bool = False
    compressed: bool = False
    excess: int = 0
    slack: int | None = 0

    def standing(self, path: str) -> Standing | None:
        found = self.files.get(path)
        if isinstance(found, Link):
            return self.standing(posixpath.normpath(posixpath.join(path, "..", found.target)))
        if isinstance(found, Odd):
            return Standing(kind=found.kind, size=found.size)
        if found is not None:
            mode = self.modes.get(path, 0o644)
            owner = self.owners.get(path, (0, 0))
            return Standing(kind=Kind.FILE, size=len(_bytes(found)), mode=mode, owner=owner)
        if path == "/" or any(other.startswith(f"{path}/") for other in self.files):
            return Standing(kind=Kind.FOLDER, mode=self.modes.get(path, 0o755))
        return None

    def link(self, path: str) -> str | None:
        found = self.files.get(path)
        return found.target if isinstance(found, Link) else None

    def read(self, path: str, at_most: int) -> bytes:
        found = self.files[path]
        if isinstance(found, Link):
            return self.read(posixpath.normpath(posixpath.join(path, "..", found.target)), at_most)
        assert not isinstance(found, Odd), path
        return _bytes(found)[:at_most]

    def names(self, folder: str) -> list[str]:
        inside = f"{folder.rstrip('/')}/"
        found = {
            path.removeprefix(inside).partition("/")[0]
            for path in self.files
            if path.startswith(inside)
        }
        return sorted(found)

    def packages(self) -> Mapping[str, str]:
        return self.installed

    def modules_in(self, initramfs: str) -> frozenset[str] | None:
        return self.initramfs.get(initramfs, frozenset())


class Files:
    """Files of this machine, as far as the map goes."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self._files = files or {}

    def read(self, path: str) -> bytes:
        return self._files[path]

    def windows_drivers(self, given: str | None) -> str:
        place = given or "virtio-win.iso"
        if place not in self._files:
            raise MissingTool(f"There is no {place}.")
        return place


def done(
    guest: PaperGuest | Overlay, *operations: Any, files: Files | None = None
) -> tuple[Overlay, Carried]:
    """The guest after the operations, and what came of them."""
    overlay = Overlay(guest)
    carried = carry_out(understand(operations, files or Files()), overlay)
    return overlay, carried


def content(guest: Overlay | PaperGuest, path: str) -> str | None:
    """A file as text; None if it is not there."""
    standing = guest.standing(path)
    return None if standing is None else guest.read(path, 1 << 20).decode()


def _bytes(found: str | bytes) -> bytes:
    return found.encode() if isinstance(found, str) else found
