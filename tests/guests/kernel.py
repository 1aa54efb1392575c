# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A distribution's kernel, taken out of its packages and not installed."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guests.store import GuestError, kept, ran

# Debian's and Ubuntu's packages that stand for the latest kernel with every driver.
_LATEST = ("linux-image-amd64", "linux-image-generic")
# What they lead to: the kernel, and on Ubuntu its modules apart.
_PARTS = re.compile(r"linux-(image|modules|modules-extra)-\d\S*")


@dataclass(frozen=True)
class Kernel:
    """A kernel and its modules, as they lie in a folder."""

    folder: Path

    @property
    def image(self) -> Path:
        return next(self.folder.glob("boot/vmlinuz-*"))

    @property
    def version(self) -> str:
        return self.image.name.removeprefix("vmlinuz-")

    def modules(self, names: Sequence[str]) -> list[Path]:
        """The files of these modules and of all that they need, in the order to load them in."""
        found: dict[Path, None] = {}
        for name in names:
            asked = ran("modprobe", "-d", self.folder, "-S", self.version, "--show-depends", name)
            for line in asked.splitlines():
                # What is built into the kernel has a line without a file.
                if line.startswith("insmod "):
                    found[Path(line.split()[1])] = None
        return list(found)


def latest_kernel() -> Kernel:
    """The latest kernel of this machine's distribution, fetched once."""
    name, parts = _packages()
    return Kernel(kept(f"kernel-{name}", lambda folder: _unpack(parts, folder)))


def _packages() -> tuple[str, list[str]]:
    """The packages of the latest kernel, under the name of its version."""
    for latest in _LATEST:
        parts = _parts_of(latest)
        if parts:
            return parts[0].removeprefix("linux-image-"), parts
    raise GuestError(
        f"apt knows none of {', '.join(_LATEST)}, so there is no kernel for a guest. Run apt-get "
        "update; guests are built on Debian and Ubuntu for x86_64."
    )


def _parts_of(package: str) -> list[str]:
    depends = subprocess.run(
        ["apt-cache", "depends", "--recurse", "--important", "--no-recommends", package],
        check=False,
        capture_output=True,
        text=True,
    ).stdout
    return sorted({word for word in depends.split() if _PARTS.fullmatch(word)})


def _unpack(packages: Sequence[str], folder: Path) -> None:
    with tempfile.TemporaryDirectory() as fetched:
        ran("apt-get", "-qq", "download", *packages, cwd=Path(fetched))
        for package in Path(fetched).glob("*.deb"):
            ran("dpkg-deb", "--extract", package, folder)
    if not (folder / "lib").exists():
        # Packages for a system whose /lib is a link.
        (folder / "lib").symlink_to("usr/lib")
    ran("depmod", "-b", folder, Kernel(folder).version)
