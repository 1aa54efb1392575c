# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a volume is to this collection, apart from any client library's idea of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

AVAILABLE, IN_USE, ERROR = "available", "in-use", "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One volume, in plain values, as Cinder showed it."""

    id: str
    name: str
    status: str
    # In GiB.
    size: int = 0
    project: str | None = None
    # The image that it was made from.
    image_id: str | None = None
    updated_at: str | None = None
    # Servers that have it.
    servers: tuple[str, ...] = ()
    # What it took over from its image.
    image_properties: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_cinder(cls, record: Mapping[str, Any]) -> Self:
        """Read a volume as the API describes it."""
        of_image = record.get("volume_image_metadata") or {}
        return cls(
            id=record["id"],
            name=record.get("name") or "",
            status=record.get("status") or "unknown",
            size=int(record.get("size") or 0),
            project=record.get("os-vol-tenant-attr:tenant_id"),
            image_id=of_image.get("image_id"),
            updated_at=record.get("updated_at"),
            servers=tuple(
                attached["server_id"]
                for attached in record.get("attachments") or ()
                if attached.get("server_id")
            ),
            image_properties=of_image,
        )

    @property
    def label(self) -> str:
        """The volume in a message."""
        return f"volume {self.id} ({self.name!r})"

    def as_result(self) -> dict[str, Any]:
        """The shape in which modules return a volume."""
        return {"id": self.id, "name": self.name, "project_id": self.project}
