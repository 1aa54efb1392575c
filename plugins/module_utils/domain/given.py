# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Properties that a task gives to images which this collection makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidRequest
from .lineage import SNAPSHOT_SIGNS
from .properties import check_names
from .values import as_stored

_OUR_PREFIX = "curator_"


def check_given(properties: Mapping[str, Any]) -> None:
    """Refuse what is no property, what would be a lie about the origin, and what has no text."""
    check_names(properties)
    for name, value in properties.items():
        if name.startswith(_OUR_PREFIX):
            raise InvalidRequest(
                f"{name} is part of the record that this module writes of an image's origin. "
                "Use another name."
            )
        if name in SNAPSHOT_SIGNS:
            raise InvalidRequest(
                f"{name} is what tells a server's snapshot from other images. Leave it out."
            )
        if value is not None:
            as_stored(name, value)
