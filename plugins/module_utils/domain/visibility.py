# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Who may see an image: the one attribute whose change policy often forbids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What to do when the cloud says no, by the visibility that was asked for.
WHEN_FORBIDDEN = {
    "public": (
        "Making images public is a right of its own (policy publicize_image), by default an "
        "administrator's. Ask the provider for it, or use community (everybody may use the image "
        "by its id) or shared (projects that you name)."
    ),
    "community": (
        "The cloud's policy communitize_image keeps this session from it. Ask the provider, or "
        "use shared with the projects that need the image."
    ),
}
NOT_THE_OWNER = "Only the project that owns the image, or an administrator, may change it."


def when_forbidden(visibility: str | None) -> str:
    """What to do when policy does not allow a change that may include a visibility."""
    return WHEN_FORBIDDEN.get(visibility or "", NOT_THE_OWNER)


def operation(visibility: str) -> Mapping[str, Any]:
    """The change of visibility as part of a PATCH."""
    return {"op": "replace", "path": "/visibility", "value": visibility}
