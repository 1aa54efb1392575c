# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How large servers may be, and how many more of them a project may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

# What Nova calls a limit that is none.
_UNLIMITED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavor:
    """One size of server."""

    id: str
    name: str
    # In MiB and GiB.
    ram: int
    disk: int
    vcpus: int

    @classmethod
    def from_nova(cls, record: Mapping[str, Any]) -> Self:
        """Read a flavor as the API describes it."""
        return cls(**{name: record[name] for name in ("id", "name", "ram", "disk", "vcpus")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a project may have; None where there is no limit."""

    servers: int | None = None
    vcpus: int | None = None
    # In MiB.
    ram: int | None = None

    @classmethod
    def from_nova(cls, absolute: Mapping[str, int], *, once_empty: bool = False) -> Self:
        """Read what is left of a project's absolute limits, or would be if it had nothing."""

        def left(limit: str, used: str) -> int | None:
            most = absolute.get(limit, _UNLIMITED)
            in_use = 0 if once_empty else absolute.get(used, 0)
            return None if most == _UNLIMITED else most - in_use

        return cls(
            servers=left("maxTotalInstances", "totalInstancesUsed"),
            vcpus=left("maxTotalCores", "totalCoresUsed"),
            ram=left("maxTotalRAMSize", "totalRAMUsed"),
        )

    def takes(self, flavor: Flavor) -> bool:
        """Whether one more server of this size may be started."""
        return all(
            left is None or left >= needed
            for left, needed in (
                (self.servers, 1),
                (self.vcpus, flavor.vcpus),
                (self.ram, flavor.ram),
            )
        )
