# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a server is to this collection, apart from any client library's idea of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

ACTIVE, SHUTOFF, ERROR = "ACTIVE", "SHUTOFF", "ERROR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of a server, as Nova tells it."""

    network: str
    address: str
    # 4 or 6.
    version: int
    # The hardware address of the interface that has it.
    mac: str | None = None
    # A floating address is not on the server itself.
    floating: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server, in plain values, as Nova showed it."""

    id: str
    name: str
    status: str
    # What is being done to it at the moment; None while it is left in peace.
    task_state: str | None = None
    project: str | None = None
    # None where it was started from a volume.
    image_id: str | None = None
    flavor: Mapping[str, Any] = field(default_factory=dict)
    created_at: str | None = None
    updated_at: str | None = None
    addresses: tuple[Address, ...] = ()
    volumes: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    key_name: str | None = None
    # Why it is in ERROR.
    fault: str | None = None

    @classmethod
    def from_nova(cls, record: Mapping[str, Any]) -> Self:
        """Read a server as the API describes it."""
        image = record.get("image") or {}
        return cls(
            id=record["id"],
            name=record.get("name") or "",
            status=record.get("status") or "UNKNOWN",
            task_state=record.get("OS-EXT-STS:task_state"),
            project=record.get("tenant_id"),
            image_id=image.get("id"),
            flavor=record.get("flavor") or {},
            created_at=record.get("created"),
            updated_at=record.get("updated"),
            addresses=_addresses(record.get("addresses") or {}),
            volumes=tuple(
                volume["id"] for volume in record.get("os-extended-volumes:volumes_attached", ())
            ),
            metadata=record.get("metadata") or {},
            tags=tuple(record.get("tags") or ()),
            key_name=record.get("key_name"),
            fault=(record.get("fault") or {}).get("message"),
        )

    @property
    def label(self) -> str:
        """The server in a message."""
        return f"server {self.id} ({self.name!r})"

    def as_result(self) -> dict[str, Any]:
        """The shape in which modules return a server."""
        return {"id": self.id, "name": self.name, "project_id": self.project}


def _addresses(told: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[Address, ...]:
    return tuple(
        Address(
            network=network,
            address=one["addr"],
            version=int(one["version"]),
            mac=one.get("OS-EXT-IPS-MAC:mac_addr"),
            floating=one.get("OS-EXT-IPS:type") == "floating",
        )
        for network, several in told.items()
        for one in several
    )
