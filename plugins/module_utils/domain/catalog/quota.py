# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Whether the cloud's limits leave room for what a plan brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..progress import as_size
from .planning import EntryPlan

_MIB = 1 << 20


def shortfalls(plans: Iterable[EntryPlan], usage: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """What will not fit. How large an image will be is known of none, so its last version tells."""
    coming = [plan for plan in plans if plan.makes_image]
    free = _free(usage, "image_count_total")
    if free is not None and len(coming) > free:
        yield (
            f"The plan makes {len(coming)} images, and the project's quota has room for {free} "
            "(image_count_total). Ask for more, or let superseded versions be deleted."
        )
    expected = sum(plan.image.size or 0 for plan in coming if plan.image)
    room = _free(usage, "image_size_total")
    if room is not None and expected > room * _MIB:
        yield (
            f"The new images will have about {as_size(expected)}, as their last versions have, and "
            f"the project's quota has room for {as_size(room * _MIB)} (image_size_total). Ask for "
            "more, or let superseded versions be deleted."
        )


def _free(usage: Mapping[str, Mapping[str, int]], name: str) -> int | None:
    """What is left of a limit; None where there is none."""
    told = usage.get(name, {})
    limit, used = told.get("limit", -1), told.get("usage", 0)
    return None if limit < 0 else max(limit - used, 0)
