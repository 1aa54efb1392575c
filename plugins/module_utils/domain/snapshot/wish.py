# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What the making of an image of a server or volume is asked to lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ...errors import InvalidRequest
from ..given import check_given
from ..metadata import check_attributes
from ..values import storable_name

KEEP, RAW = "keep", "raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotWish:
    """What the task asks for."""

    name: str
    server: str | None = None
    volume: str | None = None
    stop: bool = False
    disk_format: str = RAW
    properties: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    cache_dir: str | None = None
    # In seconds, without a sign that the cloud gets on with it.
    time_limit: int

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what could not come true."""
        plain = {name: params[name] for name in cls.__slots__ if name not in {"properties", "tags"}}
        wish = cls(**plain, properties=params["properties"] or {}, tags=tuple(params["tags"] or ()))
        for option in ("name", "server", "volume"):
            if getattr(wish, option) == "":
                raise InvalidRequest(f"{option} is empty. Give a name.")
        if wish.volume is not None and wish.stop:
            raise InvalidRequest(
                "stop is true with a volume. It is for servers: stop the server that has the "
                "volume before this task, or detach the volume."
            )
        if wish.time_limit <= 0:
            raise InvalidRequest(
                f"time_limit is {wish.time_limit}. Give a number of seconds above 0."
            )
        storable_name("the name", wish.name)
        check_attributes(tags=wish.tags, min_disk=None, min_ram=None, owner=None)
        check_given(wish.properties)
        return wish
