# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A guest's file systems in an appliance: read as domain/prepare/guest.py asks, and changed."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from ..domain.prepare.edits import (
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
from ..domain.prepare.guest import MOST_NAMES, Kind, Standing, System, refuse_more_than
from ..domain.prepare.package_tools import NoPackageTool
from ..domain.prepare.windows_drivers import require_drivers
from ..errors import CheckFailed, RefusedDisk
from .appliance import Appliance, CallFailed
from .removing import NOTHING, overwrite, put_link, remove
from .room import places, trim, used_at
from .shrinking import shrink, slack_of

_NO_LINK = "Invalid argument"
_LARGEST_INITRAMFS = 512 << 20
_SECONDS_TO_LOOK = 15 * 60
# More does not fit into a message to the appliance.
_AS_MESSAGE = 1 << 20
# Settings are looked at by one operation after the other.
_KEPT_AT_MOST, _MOST_KEPT = 64 << 10, 256
_SECONDS_TO_RUN = 3600
_SAID_AT_MOST = 600
# A trim that gives back less has found nothing: file systems write a little whenever mounted.
_WORTH_IT = 4 << 20
_FILES = "/var/tmp/curator-glance"  # noqa: S108  # In the guest, where nobody else runs.


class MountedGuest:
    """A guest whose file systems are mounted."""

    def __init__(
        self,
        appliance: Appliance,
        system: System,
        root: str,
        *,
        folder: Path,
        with_drivers: Callable[[str], tuple[System, str]],
        modules_of: Callable[[Path], frozenset[str] | None],
        data_size: Callable[[], int],
        compressed: bool,
        epoch: int | None,
        network: bool,
    ) -> None:
        self.system = system
        self.compressed = compressed
        self.written = False
        # The disk's new size, if it was made smaller.
        self.new_size: int | None = None
        self._call = appliance.call
        self._root = root
        self._folder = folder
        # Puts them in while nobody has the disk, and opens it again.
        self._with_drivers = with_drivers
        self._modules_of = modules_of
        self._data_size = data_size
        self._epoch = epoch
        self._network = network
        self._looked = 0.0
        self._standing: dict[str, Standing | None] = {}
        self._names: dict[str, list[str]] = {}
        self._contents: dict[str, bytes] = {}
        self._packages: Mapping[str, str] | None = None
        self._modules: dict[str, frozenset[str] | None] = {}

    def standing(self, path: str) -> Standing | None:
        if path not in self._standing:
            self._standing[path] = self._look("statns", path)
        return self._standing[path]

    def link(self, path: str) -> str | None:
        # Most names are no links: a look at what their folder has spares asking.
        if posixpath.basename(path) not in self.names(posixpath.dirname(path)):
            return None
        with self._looking(path):
            try:
                return str(self._call("readlink", path))
            except CallFailed as error:
                if any(sign in str(error) for sign in (*NOTHING, _NO_LINK)):
                    return None
                raise

    def read(self, path: str, at_most: int) -> bytes:
        found = self.standing(path)
        if found is None or found.kind is not Kind.FILE or found.size > at_most:
            raise RefusedDisk(f"The disk is refused. Its {path} cannot be read as a file.")
        if path in self._contents:
            return self._contents[path]
        # One message after the other: libguestfs' own way to read a file whole takes a second.
        content = b""
        while len(content) < found.size:
            with self._looking(path):
                piece = self._call("pread", path, _AS_MESSAGE, len(content))
            if not piece:
                break
            content += piece
        if len(content) <= _KEPT_AT_MOST and len(self._contents) < _MOST_KEPT:
            self._contents[path] = content
        return content

    def names(self, folder: str) -> list[str]:
        if folder not in self._names:
            standing = self.standing(folder)
            found: list[str] = []
            if standing is not None and standing.kind is Kind.FOLDER:
                with self._looking(folder):
                    found = sorted(self._call("ls", folder))
            refuse_more_than(MOST_NAMES, len(found), f"Its {folder} has {len(found)} names")
            self._names[folder] = found
        return self._names[folder]

    def packages(self) -> Mapping[str, str]:
        if self._packages is None:
            try:
                found = self._call("inspect_list_applications2", self._root, within=600)
            except CallFailed as error:
                raise NoPackageTool(
                    "libguestfs cannot list the guest's packages, so nobody knows which are there: "
                    f"{_tail(str(error))}. Do it with the operation run."
                ) from error
            self._packages = {
                one["app2_name"]: "-".join(
                    part for part in (one["app2_version"], one["app2_release"]) if part
                )
                for one in found
            }
        return self._packages

    def modules_in(self, initramfs: str) -> frozenset[str] | None:
        if initramfs not in self._modules:
            self._modules[initramfs] = self._unpacked(initramfs)
        return self._modules[initramfs]

    @property
    def excess(self) -> int:
        return max(0, self._data_size() - self._used())

    @property
    def slack(self) -> int | None:
        if self.new_size:
            return 0
        with self._looking("last partition"):
            return slack_of(self._call, self.system)

    def apply(self, edit: Edit) -> bool:
        """Do it; whether anything is different now."""
        try:
            changed = self._apply(edit)
        except CallFailed as error:
            raise CheckFailed(f"The guest does not let it be done: {_tail(str(error))}.") from error
        if not isinstance(edit, PUTS_NOTHING):
            self.written = True
        return changed

    def finish(self) -> None:
        """See that all of it is on the disk, and end the appliance."""
        try:
            self._call("umount_all", within=600)
            self._call("sync")
            self._call("shutdown", within=300)
        except CallFailed as error:
            raise CheckFailed(
                f"What was changed cannot be written: {_tail(str(error))}."
            ) from error

    def _apply(self, edit: Edit) -> bool:
        match edit:
            case Write():
                self._write(edit)
            case Remove():
                remove(self._call, edit.path, secret=edit.secret)
            case Link():
                put_link(self._call, edit.path, edit.target)
            case Run():
                return self._run(edit)
            case PutDrivers():
                self.finish()
                self.system, self._root = self._with_drivers(edit.source)
                self._forget()
                require_drivers(self, edit.source)
            case Trim():
                return self._trim()
            case Shrink():
                self.new_size = shrink(self._call, self.system)
            case Compress():
                self.compressed = True
        self._forget()
        return True

    def _write(self, edit: Write) -> None:
        is_new = self.standing(edit.path) is None
        self._call("mkdir_p", posixpath.dirname(edit.path))
        if edit.secret and not is_new:
            # What is written next may come to another place of the disk.
            overwrite(self._call, self._call("realpath", edit.path))
        if len(edit.data) <= _AS_MESSAGE:
            self._call("write", edit.path, edit.data)
        else:
            beside = self._folder / "upload"
            beside.write_bytes(edit.data)
            self._call("upload", str(beside), edit.path, within=600)
            beside.unlink()
        if edit.mode is not None or is_new:
            self._call("chmod", 0o644 if edit.mode is None else edit.mode, edit.path)
        if edit.owner is not None:
            self._call("chown", *edit.owner, edit.path)
        if self._epoch is not None:
            self._call("utimens", edit.path, self._epoch, 0, self._epoch, 0)

    def _run(self, edit: Run) -> bool:
        if edit.network and not self._network:
            raise CheckFailed(
                f"To {edit.why}, programs of the guest need a network, and get none unless the "
                "task says network: true. With files, packages can be given instead."
            )
        before = self.packages() if edit.counts == "packages" else None
        words = [*edit.command, *self._bring(edit.files)]
        try:
            self._call("command", words, within=_SECONDS_TO_RUN)
        except CallFailed as error:
            raise CheckFailed(
                f"{edit.command[0]} was run in the guest to {edit.why}, and failed: "
                f"{_tail(str(error))}."
            ) from error
        finally:
            if edit.files:
                remove(self._call, _FILES)
            self._forget()
            self._packages = None
            self._modules.clear()
        if edit.counts == "packages":
            return before != self.packages()
        return edit.counts == "always"

    def _bring(self, files: Iterable[str]) -> list[str]:
        """Files of this machine into the guest; where they are there."""
        brought = []
        for file in files:
            path = f"{_FILES}/{posixpath.basename(file)}"
            self._call("mkdir_p", _FILES)
            self._call("upload", str(Path(file).expanduser()), path, within=600)
            brought.append(path)
        return brought

    def _trim(self) -> bool:
        before = self._data_size()
        trim(self._call, self.system)
        return before - self._data_size() > _WORTH_IT

    def _look(self, call: str, path: str) -> Standing | None:
        with self._looking(path):
            try:
                found: Mapping[str, Any] = self._call(call, path)
            except CallFailed as error:
                if any(sign in str(error) for sign in NOTHING):
                    return None
                raise
        mode = found["st_mode"]
        kind = Kind.OTHER
        if stat.S_ISREG(mode):
            kind = Kind.FILE
        elif stat.S_ISDIR(mode):
            kind = Kind.FOLDER
        return Standing(
            kind=kind,
            size=found["st_size"],
            mode=stat.S_IMODE(mode),
            owner=(found["st_uid"], found["st_gid"]),
        )

    def _unpacked(self, initramfs: str) -> frozenset[str] | None:
        found = self.standing(initramfs)
        if found is None or found.kind is not Kind.FILE or found.size > _LARGEST_INITRAMFS:
            return None
        here = self._folder / "initramfs"
        try:
            with self._looking(initramfs):
                self._call("download", initramfs, str(here), within=600)
            return self._modules_of(here)
        finally:
            here.unlink(missing_ok=True)

    def _used(self) -> int:
        used = 0
        for place in places(self._call, self.system):
            with self._looking(place):
                used += used_at(self._call, place)
        return used

    @contextmanager
    def _looking(self, path: str) -> Iterator[None]:
        """A call that only looks: what fails is the guest's fault, and so is what never ends."""
        began = monotonic()
        try:
            yield
        except CallFailed as error:
            raise RefusedDisk(
                f"The disk is refused. Its {path} cannot be read: {_tail(str(error))}. If its file "
                "system is damaged, repair it where it came from."
            ) from error
        finally:
            self._looked += monotonic() - began
        if self._looked > _SECONDS_TO_LOOK:
            raise RefusedDisk(
                f"The disk is refused. To look into it took more than {_SECONDS_TO_LOOK // 60} "
                "minutes: it is damaged, or made to harm."
            )

    def _forget(self) -> None:
        self._standing.clear()
        self._names.clear()
        self._contents.clear()


def _tail(said: str) -> str:
    """The end of what a program said, in which the reason mostly stands, on one line."""
    line = " ".join(said.split())
    return "".join(c for c in line if c.isprintable())[-_SAID_AT_MOST:].rstrip(".")
