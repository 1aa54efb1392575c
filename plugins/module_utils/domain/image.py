# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an image is to this collection, apart from any client library's idea of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

VISIBILITIES = ("private", "shared", "community", "public")

# What Glance shows of an image that is no property of it.
_ADDRESSES = frozenset({"self", "file", "schema"})
_SHOWN_WHERE_ALLOWED = ("direct_url", "locations", "stores")


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image, in plain values, as Glance showed it."""

    id: str
    name: str | None
    status: str
    visibility: str
    hidden: bool = False
    protected: bool = False
    owner: str | None = None
    size: int | None = None
    virtual_size: int | None = None
    min_disk: int = 0
    min_ram: int = 0
    disk_format: str | None = None
    container_format: str | None = None
    checksum: str | None = None
    os_hash_algo: str | None = None
    os_hash_value: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    tags: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    # direct_url, locations and stores, on clouds that show them.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_glance(cls, record: Mapping[str, Any]) -> Self:
        """Read an image as the API describes it."""
        own = {name for name in cls.__slots__ if name not in {"hidden", "properties", "extra"}}
        base: dict[str, Any] = {name: record.get(name) for name in own if name in record}
        base["tags"] = tuple(sorted(record.get("tags", ())))
        return cls(
            **base,
            hidden=bool(record.get("os_hidden", False)),
            extra={name: record[name] for name in _SHOWN_WHERE_ALLOWED if name in record},
            properties={
                name: value
                for name, value in sorted(record.items())
                if name not in own | _ADDRESSES | {"os_hidden", *_SHOWN_WHERE_ALLOWED}
            },
        )

    def as_result(self) -> dict[str, Any]:
        """The shape in which every module of the collection returns an image."""
        shown = {name: getattr(self, name) for name in self.__slots__ if name != "extra"}
        return {
            **shown,
            "tags": list(self.tags),
            "properties": dict(self.properties),
            **self.extra,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A project an image is shared with, and its answer."""

    project_id: str
    status: str
    # Known only where the task named the project by it.
    project_name: str | None = None

    @property
    def label(self) -> str:
        """The project as people know it."""
        return self.project_name or self.project_id

    def as_result(self) -> dict[str, str]:
        """The shape in which modules return a member."""
        named = {"project_name": self.project_name} if self.project_name else {}
        return {"project_id": self.project_id, "status": self.status, **named}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageState:
    """An image and, where they were asked for and can be read, its members."""

    image: Image
    members: tuple[Member, ...] | None = None

    def as_result(self) -> dict[str, Any]:
        """The state as keys of a module's result."""
        result: dict[str, Any] = {"image": self.image.as_result()}
        if self.members is not None:
            members = [member.as_result() for member in self.members]
            result["members"] = members
            result["image"]["members"] = members
        return result

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        shown = self.image.as_result()
        # Set by the server at each change: true, but no part of what the task decides.
        shown.pop("updated_at")
        if self.members is not None:
            # In the order in which they come, which is not the same for what is and what will be.
            shown["members"] = dict(
                sorted((member.label, member.status) for member in self.members)
            )
        return shown
