# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The kernels of a guest, and which drivers each of them finds when it starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .guest import LARGEST_LIST, Guest, Kind, is_file, matching, refuse_more_than, text

# Without the first, none of the others finds its device; each of them serves another bus.
BUS = "virtio_pci"
DRIVERS = {"blk": "virtio_blk", "scsi": "virtio_scsi", "net": "virtio_net"}
_MOST = 64
_FOLDERS = ("/lib/modules", "/usr/lib/modules")
# By the version: Debian's, Red Hat's, SUSE's.
_INITRAMFS = ("/boot/initrd.img-{0}", "/boot/initramfs-{0}.img", "/boot/initrd-{0}")
# By the flavor, which ends the version: Alpine's.
_BY_FLAVOR = ("/boot/initramfs-{0}.img", "/boot/initramfs-{0}")
# By the name of the package, which stands beside the modules; one for all kernels: Arch's.
_PACKAGE, _BY_PACKAGE = "pkgbase", "/boot/initramfs-{0}.img"
_ONE_FOR_ALL = "/boot/initramfs-linux*.img"
_MODULE = re.compile(r"([\w-]+)\.ko(?:\.\w+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """One kernel."""

    version: str
    initramfs: str | None
    built_in: frozenset[str]
    modules: frozenset[str]
    # None: there is an initramfs, and it could not be unpacked here.
    at_start: frozenset[str] | None

    def has(self, driver: str) -> bool:
        """Whether it can be made to have a driver."""
        return driver in self.built_in or driver in self.modules

    def starts_with(self, driver: str) -> bool | None:
        """Whether it has a driver before it has its root file system; None if that is unknown."""
        if driver in self.built_in:
            return True
        return None if self.at_start is None else driver in self.at_start

    def uses(self, driver: str) -> bool | None:
        """Whether it can use such a device when it starts, which takes the bus as well."""
        found = {self.starts_with(BUS), self.starts_with(driver)}
        if False in found:
            return False
        return None if None in found else True

    @property
    def has_virtio(self) -> bool:
        """Whether it can be made to find a disk of virtio."""
        return self.has(BUS) and self.has(DRIVERS["blk"])

    def missing(self) -> list[str]:
        """The drivers that it has, and lacks when it starts."""
        wanted = (BUS, DRIVERS["blk"], DRIVERS["scsi"])
        return [name for name in wanted if self.has(name) and self.starts_with(name) is False]

    def as_result(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "initramfs": self.initramfs,
            "has_virtio": self.has_virtio,
            "virtio": {name: self.uses(driver) for name, driver in DRIVERS.items()},
        }


def module_name(path: str) -> str | None:
    """The name of the module in a file, as kernels say it; None for any other file."""
    match = _MODULE.fullmatch(path.rpartition("/")[2])
    return match[1].replace("-", "_") if match else None


def kernels(guest: Guest) -> list[Kernel]:
    """The kernels that have modules of their own."""
    found = {}
    for folder in _FOLDERS:
        for version in guest.names(folder):
            standing = guest.standing(f"{folder}/{version}")
            if version not in found and standing is not None and standing.kind is Kind.FOLDER:
                kernel = _kernel(guest, f"{folder}/{version}", version)
                if kernel:
                    found[version] = kernel
                    refuse_more_than(_MOST, len(found), f"It has more than {_MOST} kernels")
    return [found[version] for version in sorted(found)]


def _kernel(guest: Guest, folder: str, version: str) -> Kernel | None:
    modules = frozenset(_names(guest, f"{folder}/modules.dep"))
    built_in = frozenset(_names(guest, f"{folder}/modules.builtin"))
    if not modules and not built_in:
        # What is left of a kernel that was removed.
        return None
    initramfs = _initramfs(guest, folder, version)
    return Kernel(
        version=version,
        initramfs=initramfs,
        built_in=built_in,
        modules=modules,
        at_start=guest.modules_in(initramfs) if initramfs else frozenset(),
    )


def _initramfs(guest: Guest, folder: str, version: str) -> str | None:
    flavor = version.rpartition("-")[2]
    names = [name.format(version) for name in _INITRAMFS]
    names += [name.format(flavor) for name in _BY_FLAVOR]
    if is_file(guest, f"{folder}/{_PACKAGE}"):
        package = (text(guest, f"{folder}/{_PACKAGE}") or "").strip()
        names.append(_BY_PACKAGE.format(package))
    others = [path for path in matching(guest, _ONE_FOR_ALL) if "fallback" not in path]
    # Of several, nobody knows which is this one's.
    names += others if len(others) == 1 else []
    return next((path for path in names if is_file(guest, path)), None)


def _names(guest: Guest, path: str) -> Iterator[str]:
    if not is_file(guest, path):
        return
    for line in (text(guest, path, LARGEST_LIST) or "").splitlines():
        name = module_name(line.partition(":")[0])
        if name:
            yield name
