# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Where an image shall go: a cloud, and what shall be other there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ...authentication import AUTHENTICATION
from ...errors import InvalidRequest
from ..image import VISIBILITIES
from ..values import storable_name

# Of the process, not of one of its sessions.
_OF_THE_TASK = frozenset({"sdk_log_path", "sdk_log_level"})
# How patient a task is does not depend on the cloud that it waits for.
_TAKEN_OVER = ("wait", "timeout", "api_timeout")
_CONNECTION = {
    name: {key: value for key, value in option.items() if key != "default"}
    for name, option in AUTHENTICATION.items()
    if name not in _OF_THE_TASK
}

# One destination, as an argument spec.
DESTINATION_OPTIONS: dict[str, dict[str, Any]] = {
    **_CONNECTION,
    "name": {"type": "str"},
    "visibility": {"type": "str", "choices": list(VISIBILITIES)},
    "owner": {"type": "str", "aliases": ["project"]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One place that an image shall go to; None where the task says nothing."""

    # The options of a session; None: the task's own session.
    connection: Mapping[str, Any] | None = None
    # The place in words, by which results tell it from others.
    label: str
    name: str | None = None
    visibility: str | None = None
    # A project's name or id.
    owner: str | None = None

    @classmethod
    def from_option(cls, option: Mapping[str, Any], params: Mapping[str, Any]) -> Self:
        """Read one destination, and refuse one that is nowhere in particular."""
        given = {name: option.get(name) for name in _CONNECTION}
        elsewhere = any(given[name] is not None for name in given.keys() - {*_TAKEN_OVER})
        own = {name: option.get(name) for name in ("name", "visibility", "owner")}
        for name, value in own.items():
            if value == "":
                raise InvalidRequest(f"The {name} of a destination is empty. Leave it out.")
        if not elsewhere and own["name"] is None and own["owner"] is None:
            raise InvalidRequest(
                "A destination names neither a cloud (cloud, auth …) nor a name or an owner: the "
                "image is there already. Name at least one of them."
            )
        if own["name"] is not None:
            storable_name("the name of a destination", own["name"])
        patience = {
            name: params[name] if given[name] is None else given[name] for name in _TAKEN_OVER
        }
        defaults = {name: option.get("default") for name, option in AUTHENTICATION.items()}
        return cls(
            connection={**defaults, **given, **patience} if elsewhere else None,
            label=_label(given if elsewhere else params, own),
            **own,
        )


def cloud_label(params: Mapping[str, Any]) -> str:
    """A cloud in words, which hold no secret: its name, or else where one logs in to it."""
    cloud = params["cloud"]
    whole = cloud if isinstance(cloud, Mapping) else params
    auth = whole.get("auth") or {}
    if isinstance(cloud, str):
        label = cloud
    elif isinstance(auth, Mapping) and auth.get("auth_url"):
        server = str(auth["auth_url"]).partition("://")[2].partition("/")[0].rpartition("@")[2]
        project = auth.get("project_name") or auth.get("project_id")
        label = f"{project} at {server}" if project else server
    else:
        label = "default"
    region = whole.get("region_name") or params["region_name"]
    return f"{label} in {region}" if region else label


def _label(params: Mapping[str, Any], own: Mapping[str, str | None]) -> str:
    named = f" as {own['name']!r}" if own["name"] else ""
    owned = f" for {own['owner']}" if own["owner"] else ""
    return f"{cloud_label(params)}{owned}{named}"
