# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which images of a catalog are to be retired: what its entries say, in the words of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from ..image import Image
from ..lineage import PUBLISHED, STEPPED_BACK_AT, SUPERSEDED
from ..retire import COMMUNITY, LEVELS
from ..retirement import Retirement, RetirePolicy, due, held_back
from .entry import Entry
from .listing import Listing
from .planning import EntryPlan
from .request import CatalogWish

_NONE = "none"


def retirements(
    entries: Iterable[Entry], listing: Listing, wish: CatalogWish, today: date
) -> Iterator[Retirement]:
    """What is to go of each entry, and did not go that far yet."""
    for entry in entries:
        images, policy = listing.of_entry(entry.name), _policy(entry, wish)
        yield from due(images, policy, project=listing.project, today=today)
        for image in _in_use_in_vain(entry, listing):
            if wish.retire_force or not image.protected:
                # Out of sight first, further next time.
                level = min(wish.retire_level, COMMUNITY, key=LEVELS.index)
                yield Retirement(image=image, level=level, reason="its entry is retired")


def coming_retirements(
    plans: Mapping[str, EntryPlan], listing: Listing, wish: CatalogWish, today: date
) -> Iterator[Retirement]:
    """What will be due besides, once the images that are to step back have."""
    for plan in plans.values():
        if plan.entry is None or not plan.superseded:
            continue
        images, policy = listing.of_entry(plan.name), _policy(plan.entry, wish)
        before = due(images, policy, project=listing.project, today=today)
        names = {image.id: name for image, name in plan.superseded}
        then = [
            _stepped_back(image, names[image.id], today) if image.id in names else image
            for image in images
        ]
        known = {(item.image.id, item.level) for item in before}
        for item in due(then, policy, project=listing.project, today=today):
            if (item.image.id, item.level) not in known:
                yield item


def protected_versions(
    entries: Iterable[Entry], listing: Listing, wish: CatalogWish, today: date
) -> Iterator[Image]:
    """Images that stepped back, have had their time, and stay because they are protected."""
    for entry in entries:
        images, policy = listing.of_entry(entry.name), _policy(entry, wish)
        for item in held_back(images, policy, project=listing.project, today=today):
            yield item.image


def why_not_retired(entry: Entry, listing: Listing, wish: CatalogWish) -> tuple[str, ...]:
    """What keeps the image of an entry that is to go in its place; nothing where it can go."""
    if wish.retire_force:
        return ()
    return tuple(
        f"Image {image.id} is protected. Somebody wants it to stay; if it shall be retired all the "
        "same, give retire_force: true."
        for image in _in_use_in_vain(entry, listing)
        if image.protected
    )


def _policy(entry: Entry, wish: CatalogWish) -> RetirePolicy:
    keep = wish.keep if entry.keep is None else entry.keep
    return RetirePolicy(
        # Of an image that is no longer provided, nothing is kept.
        keep=keep if entry.is_present else 0,
        uuid_validity=entry.standard.get("uuid_validity", _NONE),
        levels={wish.retire_level: 0},
        force=wish.retire_force,
    )


def _in_use_in_vain(entry: Entry, listing: Listing) -> Iterator[Image]:
    """Images that still stand under the name of an entry that is to go."""
    if not entry.is_present:
        for image in listing.of_entry(entry.name):
            if image.properties.get("curator_state") == PUBLISHED:
                yield image


def _stepped_back(image: Image, name: str, today: date) -> Image:
    """An image as it will be once another one has its name."""
    marked = {"curator_state": SUPERSEDED, STEPPED_BACK_AT: today.isoformat()}
    return replace(image, name=name, properties={**image.properties, **marked})
