# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A guest that sleeps: its files as they can be read, with nothing of it running.

Everything in it was written by a stranger. Whoever reads a file here gets a regular file of a
sensible size, or an error that names it; links are followed inside of the guest only.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import Protocol

from ...errors import RefusedDisk
from ..disk import readable

# More than any configuration file of an honest guest has.
LARGEST_TEXT = 1 << 20
# Lists of packages, and the like.
LARGEST_LIST = 4 << 20
MOST_NAMES = 100_000
_HOMES, _MOST_HOMES = "/home/*", 1000


class Kind(Enum):
    """What stands under a name, links followed."""

    FILE = "a file"
    FOLDER = "a folder"
    OTHER = "a device, a pipe or a socket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands under a name."""

    kind: Kind
    size: int = 0
    mode: int = 0o644
    owner: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSystem:
    """A partition of the disk, or what else holds files, and how it is found wherever it is."""

    # As the appliance calls it.
    device: str
    # Of its partition on the disk; None for what is no partition.
    number: int | None
    type: str = ""
    uuid: str | None = None
    label: str | None = None
    partition_uuid: str | None = None
    # Where on the disk its partition begins.
    start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What libguestfs tells of the operating system."""

    # linux, windows, freebsd, …
    type: str = "linux"
    distro: str = "unknown"
    product: str = ""
    version: str = ""
    architecture: str = "unknown"
    # deb, rpm, apk, pacman, …
    packages: str = "unknown"
    partition_table: str | None = None
    firmware: tuple[str, ...] = ()
    file_systems: tuple[FileSystem, ...] = ()
    # Where its file systems are mounted, by their devices.
    mounted: Mapping[str, str] | None = None
    # Where Windows is, such as /Windows.
    windows: str | None = None


class Guest(Protocol):
    """What can be asked of a guest."""

    @property
    def system(self) -> System: ...

    def standing(self, path: str) -> Standing | None:
        """What is there, links followed."""

    def link(self, path: str) -> str | None:
        """Where a link leads, as it says; None if it is none."""

    def read(self, path: str, at_most: int) -> bytes:
        """A file that is there."""

    def names(self, folder: str) -> list[str]:
        """What is in a folder; nothing if it is none."""

    def packages(self) -> Mapping[str, str]:
        """The installed packages and their versions; an error where they cannot be known."""

    def modules_in(self, initramfs: str) -> frozenset[str] | None:
        """The names of the kernel modules in an initramfs; None if it cannot be unpacked here."""

    @property
    def written(self) -> bool:
        """Whether this task put anything into it, be it by a program of its own."""

    @property
    def compressed(self) -> bool:
        """Whether its image holds compressed data."""

    @property
    def excess(self) -> int:
        """About how many bytes its image holds that no file uses."""

    @property
    def slack(self) -> int | None:
        """About by how many bytes its disk could be smaller; None where nobody here can do it."""


def refuse_more_than(most: int, found: int, what: str) -> None:
    """Look at no more than there can be; each look takes its time."""
    if found > most:
        raise RefusedDisk(f"The disk is refused. {what}: no honest guest has more than {most}.")


def is_file(guest: Guest, path: str) -> bool:
    """Whether a regular file is there."""
    found = guest.standing(path)
    return found is not None and found.kind is Kind.FILE


def is_there(guest: Guest, path: str) -> bool:
    """Whether anything is there, a link that leads nowhere included."""
    return guest.standing(path) is not None or guest.link(path) is not None


def data(guest: Guest, path: str, at_most: int = LARGEST_TEXT) -> bytes | None:
    """A file's content; None if nothing is there. What is no file, or is too large, is refused."""
    found = guest.standing(path)
    if found is None:
        return None
    if found.kind is not Kind.FILE:
        raise RefusedDisk(
            f"The disk is refused. Where {path} should be a file, it has {found.kind.value}."
        )
    if found.size > at_most:
        raise RefusedDisk(
            f"The disk is refused. Its {path} has {readable(found.size)}: no honest guest has more "
            f"than {readable(at_most)} there."
        )
    return guest.read(path, at_most)


def text(guest: Guest, path: str, at_most: int = LARGEST_TEXT) -> str | None:
    """A text file; bytes that are no text come back as they were when it is encoded again."""
    found = data(guest, path, at_most)
    return None if found is None else found.decode("utf-8", "surrogateescape")


def encoded(content: str) -> bytes:
    """The other way round."""
    return content.encode("utf-8", "surrogateescape")


def lines(guest: Guest, path: str) -> list[str]:
    """The lines of a text; none if it is not there."""
    return (text(guest, path) or "").splitlines()


def matching(guest: Guest, pattern: str) -> list[str]:
    """The paths that match a pattern of the shell, in order; a star stays within its folder."""
    found = [""]
    for part in pattern.strip("/").split("/"):
        found = list(_step(guest, found, part))
        refuse_more_than(MOST_NAMES, len(found), f"Of {pattern} it has {len(found)}")
    return found


def _step(guest: Guest, folders: list[str], part: str) -> Iterator[str]:
    for folder in folders:
        if not any(sign in part for sign in "*?["):
            path = f"{folder}/{part}"
            if is_there(guest, path):
                yield path
            continue
        for name in sorted(guest.names(folder or "/")):
            # As in the shell, what begins with a dot is meant only if that is said.
            if fnmatchcase(name, part) and (part.startswith(".") or not name.startswith(".")):
                yield f"{folder}/{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A line of /etc/passwd."""

    name: str
    number: int
    group: int
    home: str
    shell: str


def users(guest: Guest) -> list[User]:
    """The users with a home of their own inside of the guest."""
    found = []
    for line in lines(guest, "/etc/passwd"):
        fields = line.split(":")
        if len(fields) < len(("name", "password", "uid", "gid", "words", "home", "shell")):
            continue
        name, _password, number, group, _words, home, shell = fields[:7]
        if (
            number.isdecimal()
            and group.isdecimal()
            and home.startswith("/")
            and ".." not in home.split("/")
        ):
            found.append(
                User(
                    name=name,
                    number=int(number),
                    group=int(group),
                    home=posixpath.normpath(home),
                    shell=shell,
                )
            )
    return found


def homes(guest: Guest) -> list[str]:
    """Folders that are somebody's home, or were: of users who are gone, or are in no file."""
    found = []
    told = {user.home for user in users(guest)} - {"/"}
    for home in sorted({*told, *matching(guest, _HOMES)}):
        standing = guest.standing(home)
        if standing is not None and standing.kind is Kind.FOLDER:
            found.append(home)
            refuse_more_than(_MOST_HOMES, len(found), f"It has more than {_MOST_HOMES} homes")
    return found
