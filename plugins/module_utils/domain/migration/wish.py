# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a migration is asked to lead to, before anything is known about the clouds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ...errors import InvalidRequest
from ..given import check_given
from ..rate import parse_rate
from ..supersede import Supersede
from .destination import Destination, cloud_label

KEEP, RAW = "keep", "raw"
STREAM, SERVER = "stream", "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationWish:
    """What the task asks for."""

    image: str
    # Where the image is now, in words.
    source: str
    destinations: tuple[Destination, ...]
    # Whether the task names a list of them, and its result has one.
    several: bool = False
    disk_format: str = KEEP
    properties: Mapping[str, Any] = field(default_factory=dict)
    members: bool = False
    project_map: Mapping[str, str] = field(default_factory=dict)
    on_conflict: str = "fail"
    supersede: Supersede = field(default_factory=Supersede)
    method: str = STREAM
    # In bytes a second.
    rate_limit: int | None = None
    retries: int = 3
    cache_dir: str | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what could not come true."""
        if not params["image"]:
            raise InvalidRequest("image is empty. Give the name or the id of an image.")
        if params["destinations"] == []:
            raise InvalidRequest("destinations is empty. Name at least one.")
        if params["retries"] < 0:
            raise InvalidRequest(f"retries is {params['retries']}. Give 0 or more.")
        properties = params["properties"] or {}
        check_given(properties)
        named = params["destinations"] or [params["destination"]]
        destinations = tuple(Destination.from_option(option, params) for option in named)
        _require_different(destinations)
        members = params["members"]
        plain = "image disk_format on_conflict method retries cache_dir"
        return cls(
            **{name: params[name] for name in plain.split()},
            source=cloud_label(params),
            destinations=destinations,
            several=params["destinations"] is not None,
            properties=properties,
            members=bool(params["project_map"]) if members is None else members,
            project_map=_project_map(params["project_map"] or {}),
            supersede=Supersede.from_option(params["supersede"]),
            rate_limit=parse_rate(params["rate_limit"]),
        )


def _project_map(option: Mapping[str, Any]) -> dict[str, str]:
    for here, there in option.items():
        if not isinstance(there, str | int) or isinstance(there, bool) or there == "":
            raise InvalidRequest(
                f"project_map has {there!r} for {here}. Give the name or the id of a project at "
                "the destination, or leave the entry out."
            )
    return {str(here): str(there) for here, there in option.items()}


def _require_different(destinations: tuple[Destination, ...]) -> None:
    """Two that are the same would meet at the same image, and wait for each other."""
    for number, one in enumerate(destinations):
        if one in destinations[:number]:
            raise InvalidRequest(f"destinations names {one.label} twice. Leave one of them out.")
