# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folders and files of a cloud that only compute has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from loopback.layout import Rooms


@dataclass(frozen=True)
class Places:
    rooms: Rooms

    @property
    def chosen(self) -> Path:
        """Says that the cloud has compute, and of which kind."""
        return self.rooms.root / "compute.json"

    @property
    def registered(self) -> Path:
        """Says what Keystone has been told of it."""
        return self.rooms.root / "compute-registered"

    @property
    def databases(self) -> Path:
        return self.rooms.root / "mariadb"

    @property
    def state(self) -> Path:
        return self.rooms.root / "state"

    @property
    def instances(self) -> Path:
        """The disks and consoles of guests."""
        return self.rooms.root / "instances"

    @property
    def volumes(self) -> Path:
        return self.rooms.root / "volumes"

    @property
    def libvirt(self) -> Path:
        return self.rooms.root / "libvirt"

    @property
    def bindings(self) -> Path:
        """The folder from which Nova imports libvirt's Python modules."""
        return self.libvirt / "python"

    def make(self) -> None:
        states = [self.state / name for name in ("nova", "neutron", "cinder/conversion")]
        for folder in (*states, self.instances / "snapshots", self.volumes):
            folder.mkdir(parents=True, exist_ok=True)
