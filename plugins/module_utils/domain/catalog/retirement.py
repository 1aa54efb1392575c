# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which images of a catalog are to be retired: what its entries say, in the words of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from ..boot.record import Failure
from ..image import Image
from ..lineage import PUBLISHED, STAGED, STEPPED_BACK_AT, SUPERSEDED, is_proven
from ..retire import COMMUNITY, DELETE, LEVELS
from ..retirement import Retirement, RetirePolicy, due, held_back
from .entry import Entry
from .listing import Listing
from .planning import EntryPlan
from .request import CatalogWish

_NONE = "none"
_PRIVATE = "private"


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


def failed_versions(plans: Iterable[EntryPlan], listing: Listing) -> Iterator[Retirement]:
    """Staged images whose boot check failed, and in whose stead another version was published.

    Nobody but their project ever saw them. What an entry still waits for is not one of them.
    """
    for plan in plans:
        images = listing.of_entry(plan.name)
        published = _last_published(images)
        for image in images:
            failure = Failure.of(image)
            wanted = plan.staged is not None and plan.staged.id == image.id
            if failure is None or wanted or image.visibility != _PRIVATE or image.protected:
                continue
            if not is_proven(image) or image.properties["curator_state"] != STAGED:
                continue
            if failure.at < published:
                reason = "its boot check failed, and another version was published since"
                yield Retirement(image=image, level=DELETE, reason=reason)


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


def _last_published(images: Iterable[Image]) -> str:
    """When one of an entry's images got its name last; nothing where none did."""
    times = (image.properties.get("curator_published_at", "") for image in images)
    return max(times, default="")


def _stepped_back(image: Image, name: str, today: date) -> Image:
    """An image as it will be once another one has its name."""
    marked = {"curator_state": SUPERSEDED, STEPPED_BACK_AT: today.isoformat()}
    return replace(image, name=name, properties={**image.properties, **marked})
