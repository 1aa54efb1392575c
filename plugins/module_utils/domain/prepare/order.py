# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an upload wants to be done to a disk before it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..lineage import as_recorded
from .inspecting import NoFiles
from .table import understand
from .wish import WARN, PrepareWish


def wish_of(
    order: Mapping[str, Any],
    path: str,
    *,
    output: str | None = None,
    declared: str | None = None,
    member: str | None = None,
    max_virtual_size: int,
) -> PrepareWish:
    """The same as a task of image_prepare would want it; what nobody could do is refused."""
    return PrepareWish.from_params(
        {
            "path": path,
            "format": declared,
            "member": member,
            "max_virtual_size": str(max_virtual_size),
            "output": order.get("output") or output,
            "output_format": None,
            "in_place": False,
            # In a place of ours, a run that was killed may have left anything.
            "overwrite": order.get("output") is None,
            "operations": order["operations"],
            "secrets": order.get("secrets", WARN),
            "network": order.get("network", False),
            "cache_dir": None,
        }
    )


def names_of(operations: Sequence[Any]) -> str:
    """The operations as they are recorded: by their names, in order."""
    return as_recorded(operation.name for operation in understand(operations, NoFiles()))
