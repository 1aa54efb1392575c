# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an entry wants to be done to its disk, as it is written in a catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import InvalidRequest
from .locations import located

# Options of operations that are files of the host that runs the task.
_FILES = ("src", "files", "drivers")


def operations(key: str, value: Any) -> list[Any]:
    """A list of operations; what each of them is made of, the upload understands."""
    if not isinstance(value, list | tuple) or not value:
        raise InvalidRequest(
            f"{key} has no list of operations. Give it one, such as [as_needed, sparsify]."
        )
    return [_plain(one) for one in value]


def placed(preparation: Mapping[str, Any], base_dir: str) -> dict[str, Any]:
    """With the files of operations where they are: relative paths begin in `base_dir`."""
    return {
        **preparation,
        "operations": [_placed(one, base_dir) for one in preparation["operations"]],
    }


def _placed(operation: Any, base_dir: str) -> Any:
    if not isinstance(operation, Mapping):
        return operation
    found = {}
    for name, options in operation.items():
        found[name] = dict(options) if isinstance(options, Mapping) else options
        for option in _FILES if isinstance(options, Mapping) else ():
            given = options.get(option)
            if isinstance(given, str):
                found[name][option] = located(option, given, base_dir)
            elif isinstance(given, list):
                found[name][option] = [located(option, str(one), base_dir) for one in given]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
