# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How an image under its name, and the one that it followed, are shown to people."""

from __future__ import annotations

from typing import Any

from .image import Image, ImageState

# What a diff leaves out: it follows from the bytes, or is noted down for later runs.
_FOLLOWING = (
    *("id", "status", "size", "virtual_size", "created_at"),
    *("checksum", "os_hash_algo", "os_hash_value", "direct_url", "locations", "stores"),
)
_RECORDS = frozenset(
    f"curator_{name}"
    for name in ("id", "maker", "published_at", "source_sha512", "stepped_back_at", "supersedes")
)


def as_reference(image: Image) -> dict[str, str | None]:
    """Just enough of an image to find it."""
    return {"id": image.id, "name": image.name}


def standing_diff(state: ImageState, previous: Image | None) -> dict[str, Any]:
    """One side of a diff: what the task decides; what follows from the bytes is in the result."""
    shown = state.as_diff()
    for name in _FOLLOWING:
        shown.pop(name, None)
    shown["properties"] = {
        name: value for name, value in shown["properties"].items() if name not in _RECORDS
    }
    if previous:
        shown["previous"] = {**as_reference(previous), "hidden": previous.hidden}
    return shown
