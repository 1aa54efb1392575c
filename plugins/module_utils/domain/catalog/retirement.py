# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which images of a catalog are to be retired: what its entries say, in the words of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ..lineage import PUBLISHED
from ..retire import COMMUNITY, LEVELS, reached
from ..retirement import Retirement, RetirePolicy, due
from .entry import Entry
from .listing import Listing
from .request import CatalogWish

_NONE = "none"


def retirements(
    entries: Iterable[Entry], listing: Listing, wish: CatalogWish, today: date
) -> Iterator[Retirement]:
    """What is to go of each entry, and did not go that far yet."""
    for entry in entries:
        policy = _policy(entry, wish)
        yield from due(listing.of_entry(entry.name), policy, project=listing.project, today=today)
        if not entry.is_present:
            yield from _still_in_use(entry, listing, wish)


def _policy(entry: Entry, wish: CatalogWish) -> RetirePolicy:
    keep = wish.keep if entry.keep is None else entry.keep
    return RetirePolicy(
        # Of an image that is no longer provided, nothing is kept.
        keep=keep if entry.is_present else 0,
        uuid_validity=entry.standard.get("uuid_validity", _NONE),
        levels={wish.retire_level: 0},
    )


def _still_in_use(entry: Entry, listing: Listing, wish: CatalogWish) -> Iterator[Retirement]:
    """The image under the name of an entry that is to go: out of sight first, further next time."""
    for image in listing.of_entry(entry.name):
        if image.properties.get("curator_state") != PUBLISHED or image.protected:
            continue
        level = min(wish.retire_level, COMMUNITY, key=LEVELS.index)
        if reached(image) is None:
            yield Retirement(image=image, level=level, reason="its entry is retired")
