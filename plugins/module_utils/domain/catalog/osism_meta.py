# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What openstack-image-manager says of an image under `meta`, as an entry says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...errors import InvalidRequest
from ..properties import check_names
from .foreign import as_data
from .standard import OS, OS_PROPERTIES, STANDARD

# Says of a key why it is not in the entry: with the key, its value and the reason.
Report = Callable[[str, Any, str], None]

_OS_KEYS: Mapping[str, str] = {name: key for key, name in OS_PROPERTIES.items()}


def described(meta: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """The keys of an entry for what stands under `meta`: `os`, `properties` and the standard's."""
    system: dict[str, str] = {}
    standard: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for name, given in meta.items():
        key = f"meta.{name}"
        value = as_data(given)
        # That tool's schema has null for a device that the image says nothing about.
        if value is None or value == "":
            continue
        if isinstance(value, float):
            report(key, value, f"YAML made a number of it. It is taken as {str(value)!r}.")
            value = str(value)
        try:
            if name in _OS_KEYS:
                system[_OS_KEYS[name]] = OS[_OS_KEYS[name]](name, value)
            elif name in STANDARD:
                standard[name] = STANDARD[name](name, value)
            else:
                properties[str(name)] = _property(str(name), value)
        except InvalidRequest as error:
            report(key, value, f"It is left out. {error.message}")
    parts = {"os": system, "properties": properties}
    return {**{key: part for key, part in parts.items() if part}, **standard}


def _property(name: str, value: Any) -> Any:
    check_names({name: value})
    if isinstance(value, dict | list):
        raise InvalidRequest(f"{name} is no single value, and Glance keeps texts only.")
    return value
