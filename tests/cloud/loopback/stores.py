# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a cloud keeps the bytes of its images: in files, or in a Ceph of its own.

Which of them is decided before the cloud is up for the first time, and stays so: images would not
move along. The folder of the Ceph is what remembers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from loopback.ceph.node import POOL, USER, Node, need_packages
from loopback.layout import CloudError, Rooms


class Store(Protocol):
    """What a cloud has to know of its store."""

    @property
    def name(self) -> str:
        """What Glance calls it."""

    @property
    def kind(self) -> str:
        """Glance's name of the driver."""

    @property
    def options(self) -> str:
        """The driver's part of Glance's configuration."""

    @property
    def imports(self) -> tuple[Path, ...]:
        """Folders that Glance has to import from besides its packages."""

    @property
    def facts(self) -> dict[str, str]:
        """What tests may want to know."""

    def bring_up(self) -> bool:
        """Make it ready; says whether there was anything to do."""

    def end(self) -> int:
        """End what runs for it; how many processes were alive."""


@dataclass(frozen=True)
class FileStore:
    rooms: Rooms
    name: str = "fast"
    kind: str = "file"
    imports: tuple[Path, ...] = ()

    @property
    def _folder(self) -> Path:
        return self.rooms.stores / "images"

    @property
    def options(self) -> str:
        return f"filesystem_store_datadir = {self._folder}"

    @property
    def facts(self) -> dict[str, str]:
        return {"folder": str(self._folder)}

    def bring_up(self) -> bool:
        return False

    def end(self) -> int:
        return 0


@dataclass(frozen=True)
class CephStore:
    node: Node
    name: str = "ceph"
    kind: str = "rbd"

    @property
    def imports(self) -> tuple[Path, ...]:
        return (self.node.bindings,)

    @property
    def options(self) -> str:
        return (
            f"rbd_store_ceph_conf = {self.node.conf}\n"
            f"rbd_store_pool = {POOL}\n"
            f"rbd_store_user = {USER}\n"
            # Not the default; without it zeros are stored as what they are.
            "rbd_thin_provisioning = true\n"
            # Without a limit, a request waits for ever where Ceph is down.
            "rados_connect_timeout = 30"
        )

    @property
    def facts(self) -> dict[str, str]:
        return {"conf": str(self.node.conf), "pool": POOL}

    def bring_up(self) -> bool:
        return self.node.bring_up()

    def end(self) -> int:
        return self.node.end()


def of(rooms: Rooms) -> Store:
    """The store that was chosen for this cloud."""
    return CephStore(Node(rooms)) if rooms.ceph.exists() else FileStore(rooms)


def choose_ceph(rooms: Rooms) -> None:
    """Let a cloud that is still to be made keep its images in Ceph."""
    if rooms.ports.exists() and not rooms.ceph.exists():
        raise CloudError(
            f"{rooms.root.parent} stores its images in files already; for --ceph, name another "
            "folder, or begin with `down --purge`"
        )
    need_packages()
    rooms.ceph.mkdir(parents=True, exist_ok=True)
