# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How fast bytes may move, as a task says it."""

from __future__ import annotations

from ..errors import InvalidRequest
from .disk import parse_size


def parse_rate(value: str | None) -> int | None:
    """The bytes in a second that rate_limit means; None where nothing limits them."""
    if value is None:
        return None
    rate = parse_size(value)
    if rate <= 0:
        raise InvalidRequest(
            f"rate_limit is {value}. Give the bytes in a second, as 20 MiB, or leave it out."
        )
    return rate
