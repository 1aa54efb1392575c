# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What catalog_plan is asked for, before the catalog is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ...errors import InvalidRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogWish:
    """What the task asks for."""

    # The path of a file, or what it would hold.
    catalog: Any
    base_dir: str | None = None
    cache_dir: str | None = None
    check_upstream: bool = True
    # None: all of it.
    only: tuple[str, ...] | None = None
    profile_definitions: Mapping[str, Any] = field(default_factory=dict)
    keep: int = 2
    retire_level: str = "hide"
    # Whether protected images are retired, too.
    retire_force: bool = False

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options."""
        only = params["only"]
        wish = cls(
            catalog=params["catalog"],
            base_dir=params["base_dir"],
            cache_dir=params["cache_dir"],
            check_upstream=params["check_upstream"],
            only=None if only is None else tuple(only),
            profile_definitions=params["profile_definitions"] or {},
            keep=params["keep"],
            retire_level=params["retire_level"],
            retire_force=params["retire_force"],
        )
        if wish.keep < 0:
            raise InvalidRequest(f"keep is {wish.keep}. Give 0 or more.")
        if isinstance(wish.catalog, str) and "\n" in wish.catalog:
            raise InvalidRequest(
                "catalog is a text of several lines, and no path. Give the list itself; a text "
                "becomes one with the filter from_yaml."
            )
        if wish.catalog == "":
            raise InvalidRequest(
                "catalog is empty, often an undefined variable. Give a list of entries, or the "
                "path of a file."
            )
        return wish
