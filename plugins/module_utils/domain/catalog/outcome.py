# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The plan of a whole catalog, as the result of a task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ..image import Image
from ..lineage import STAGED
from ..retirement import Retirement
from .catalog import Catalog, Fault
from .entry import Entry
from .listing import Listing
from .planning import Action, EntryPlan
from .request import CatalogWish
from .retirement import (
    coming_retirements,
    failed_versions,
    protected_versions,
    retirements,
    why_not_retired,
)
from .table import sides, table

_WORK = frozenset({Action.UPLOAD, Action.SWAP, Action.RESUME, Action.UPDATE_METADATA})
_NAMES_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All that was decided, entry by entry, and what only the whole shows."""

    catalog: Catalog
    listing: Listing
    # Of the entries that are to be there, by their names.
    present: Mapping[str, EntryPlan]
    wish: CatalogWish
    today: date

    def as_result(self) -> dict[str, Any]:
        """The keys of the module's result."""
        plans = self._plans
        return {
            "entries": [self._in_short(plan) for plan in plans],
            "work": [self._in_full(plan) for plan in plans if plan.action in _WORK],
            "errors": [self._as_error(plan) for plan in plans if plan.action == Action.ERROR],
            "retire": [item.as_plain() for item in self._retirements],
            "retire_next": [item.as_plain() for item in self._coming],
            "superseded": list(_superseded(plans)),
            "left_alone": self._left_alone() if self.complete else None,
            "summary": _summary(plans),
            "table": table(plans, self._retirements, self._coming),
            "diff": sides(plans, self._retirements, self._coming),
            "complete": self.complete,
        }

    @property
    def complete(self) -> bool:
        """Whether the whole catalog was planned."""
        return self.wish.only is None

    @cached_property
    def _plans(self) -> list[EntryPlan]:
        """The plan of every element of the catalog, in its order."""
        retiring = {item.image.properties["curator_entry"] for item in self._retirements}
        elements: list[Entry | Fault] = [*self.catalog.entries, *self.catalog.faults]
        elements.sort(key=lambda element: element.place.number)
        return [self._plan_of(element, retiring) for element in elements]

    @cached_property
    def _retirements(self) -> list[Retirement]:
        # Whoever sees a part of the catalog cannot know what the others still want.
        if not self.complete:
            return []
        due = retirements(self.catalog.entries, self.listing, self.wish, self.today)
        certain = [plan for plan in self.present.values() if plan.action != Action.ERROR]
        return [*due, *failed_versions(certain, self.listing)]

    @cached_property
    def _coming(self) -> list[Retirement]:
        plans = self.present if self.complete else {}
        return list(coming_retirements(plans, self.listing, self.wish, self.today))

    def _plan_of(self, element: Entry | Fault, retiring: Iterable[str]) -> EntryPlan:
        if isinstance(element, Fault):
            return EntryPlan(
                name=element.name,
                action=Action.ERROR,
                reasons=element.reasons,
                line=element.place.line,
                image=_first(self.listing.named(element.name)),
            )
        if element.is_present:
            return self.present[element.name]
        return self._plan_of_retired(element, retiring)

    def _plan_of_retired(self, entry: Entry, retiring: Iterable[str]) -> EntryPlan:
        action = Action.NONE
        # A part of the catalog retires nothing, and so nothing keeps it from that.
        reasons = why_not_retired(entry, self.listing, self.wish) if self.complete else ()
        if reasons:
            action = Action.ERROR
        elif entry.name in retiring:
            action, reasons = Action.RETIRE, ("It is to be retired.",)
        return EntryPlan(
            name=entry.name,
            action=action,
            reasons=reasons,
            image=_first(self.listing.named(entry.name)),
            entry=entry,
            line=entry.place.line,
        )

    def _in_short(self, plan: EntryPlan) -> dict[str, Any]:
        return {
            "name": plan.name,
            "slug": self.catalog.slugs[plan.name],
            "action": str(plan.action),
            "image": plan.image and plan.image.id,
        }

    def _as_error(self, plan: EntryPlan) -> dict[str, Any]:
        short = self._in_short(plan)
        del short["action"]
        return {**short, "reasons": list(plan.reasons), "line": plan.line}

    def _in_full(self, plan: EntryPlan) -> dict[str, Any]:
        """What whoever carries it out is told."""
        entry, lineage = plan.entry, plan.lineage
        return {
            **self._in_short(plan),
            "reasons": list(plan.reasons),
            "staged": plan.staged and plan.staged.id,
            "previous": next((image.id for image, _name in plan.superseded), None),
            "changes": {"before": dict(plan.before), "after": dict(plan.after)},
            "proof": (lineage and lineage.proof) or None,
            "signed_by": (lineage and lineage.signed_by) or None,
            "entry": entry and entry.as_plain(),
            "tasks": entry and entry.as_tasks(),
        }

    def _left_alone(self) -> dict[str, Any]:
        unmanaged = sorted(image.name or image.id for image in self.listing.unmanaged)
        forgotten = self.listing.entries - self.catalog.slugs.keys()
        return {
            "unmanaged": len(unmanaged),
            "names": unmanaged[:_NAMES_SHOWN],
            "forgotten": sorted(forgotten),
            "outdated": list(self._outdated()),
            "protected": [image.id for image in self._protected()],
        }

    def _protected(self) -> Iterator[Image]:
        return protected_versions(self.catalog.entries, self.listing, self.wish, self.today)

    def _outdated(self) -> Iterator[str]:
        """Images that were staged, and whose content nobody wants any more."""
        for plan in self.present.values():
            if plan.action == Action.ERROR:
                continue
            for image in self.listing.of_entry(plan.name):
                wanted = plan.staged and plan.staged.id == image.id
                if image.properties.get("curator_state") == STAGED and not wanted:
                    yield image.id


def _summary(plans: list[EntryPlan]) -> dict[str, int]:
    counted = Counter(plan.action for plan in plans)
    return {"entries": len(plans), **{str(action): counted[action] for action in Action}}


def _superseded(plans: Iterable[EntryPlan]) -> Iterator[dict[str, Any]]:
    for plan in plans:
        for image, name in plan.superseded:
            yield {"entry": plan.name, "id": image.id, "name": image.name, "becomes": name}


def _first(images: Iterable[Image]) -> Image | None:
    return next(iter(images), None)
