# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""An image's properties: which names are free to use, and what it takes to make them so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InvalidRequest
from .values import as_stored, same, storable_name

# Attributes of the image itself that a module has an option for.
_OPTIONS = {
    "name": "name",
    "visibility": "visibility",
    "is_public": "visibility",
    "protected": "protected",
    "os_hidden": "hidden",
    # Glance stores the change before it answers 403 when /owner comes as a new property: the
    # image would be lost to its project.
    "owner": "owner",
    "min_disk": "min_disk",
    "min_ram": "min_ram",
    "tags": "tags",
    "status": "active",
}

# What Glance alone decides, and what it would let a PATCH overlay with a plain property.
_SERVERS_OWN = frozenset(
    {
        "checksum",
        "container_format",
        "created_at",
        "deleted",
        "deleted_at",
        "direct_url",
        "disk_format",
        "file",
        "id",
        "location",
        "locations",
        "os_hash_algo",
        "os_hash_value",
        "schema",
        "self",
        "size",
        "stores",
        "updated_at",
        "virtual_size",
    }
)
_SERVERS_PREFIX = "os_glance_"

# Kept by exact: true. The server's own cannot be removed; lineage is the proof of what an image
# is, and no task that sets properties knows it.
_KEPT_PREFIXES = (_SERVERS_PREFIX, "curator_")


def check_names(properties: Mapping[str, Any]) -> None:
    """Refuse names that are no properties, each with what to do instead."""
    for name in properties:
        storable_name("the name of a property", name)
        if not name:
            raise InvalidRequest("properties holds an empty name. Remove it.")
        if name in _OPTIONS:
            raise InvalidRequest(
                f"{name} is no property but an attribute of the image. Use the option "
                f"{_OPTIONS[name]}."
            )
        if name in _SERVERS_OWN or name.startswith(_SERVERS_PREFIX):
            raise InvalidRequest(
                f"{name} is set by Glance alone and cannot be a property. "
                "Remove it from properties."
            )


def changes(
    stored: Mapping[str, str], wanted: Mapping[str, Any], *, exact: bool
) -> dict[str, str | None]:
    """What has to be set, and what to be removed (None), to make the stored properties so."""
    check_names(wanted)
    result: dict[str, str | None] = {}
    for name, value in wanted.items():
        if value is None:
            if name in stored:
                result[name] = None
        elif not same(stored.get(name), name, value):
            result[name] = as_stored(name, value)
    if exact:
        for name in stored:
            if name not in wanted and not name.startswith(_KEPT_PREFIXES):
                result[name] = None
    return result


def operations(needed: Mapping[str, str | None]) -> Iterator[Mapping[str, Any]]:
    """The changes as parts of a PATCH."""
    for name, value in needed.items():
        path = "/" + name.replace("~", "~0").replace("/", "~1")
        if value is None:
            yield {"op": "remove", "path": path}
        else:
            # add also replaces; replace fails where the property is new.
            yield {"op": "add", "path": path, "value": value}


def applied(stored: Mapping[str, str], needed: Mapping[str, str | None]) -> dict[str, str]:
    """The properties as they will be stored after the changes."""
    merged = {**stored, **needed}
    return {name: value for name, value in sorted(merged.items()) if value is not None}
