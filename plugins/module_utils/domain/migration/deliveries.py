# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""One image on its way to one place or to several, as the one thing that a task plans and does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...errors import CuratorError, PartlyDone
from ..image import Image
from .planning import MigrationPlan, MigrationState

FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One destination: what is to be done there, and why that failed if it did."""

    label: str
    plan: MigrationPlan | None = None
    error: CuratorError | None = None

    @property
    def changed(self) -> bool:
        """Whether something is other there afterwards."""
        return self.error is None and self.plan is not None and self.plan.changed

    def said(self, texts: tuple[str, ...]) -> Iterator[str]:
        """Texts about it, among those about others."""
        return (f"{self.label}: {text}" for text in texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesState:
    """How it stands at all destinations."""

    source: Image
    deliveries: tuple[Delivery, ...]
    states: tuple[MigrationState | None, ...]
    several: bool

    def as_result(self) -> dict[str, Any]:
        """The state as keys of the module's result."""
        told = {"source_image": self.source.as_result()}
        pairs = zip(self.deliveries, self.states, strict=True)
        if self.several:
            return {**told, "results": [_entry(delivery, state) for delivery, state in pairs]}
        return told | next((state.as_result() for _one, state in pairs if state), {})

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        shown = {
            delivery.label: state.as_diff()
            for delivery, state in zip(self.deliveries, self.states, strict=True)
            if state
        }
        if self.several:
            return shown
        return next(iter(shown.values()), {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What is to be done at all destinations, or was."""

    source: Image
    deliveries: tuple[Delivery, ...]
    # Whether the task names a list of them.
    several: bool = False

    @property
    def before(self) -> DeliveriesState:
        return self._states(tuple(one.plan.before if one.plan else None for one in self.deliveries))

    @property
    def after(self) -> DeliveriesState:
        return self._states(
            tuple(one.plan.after if one.plan and not one.error else None for one in self.deliveries)
        )

    @property
    def changed(self) -> bool:
        return any(one.changed for one in self.deliveries)

    @property
    def warnings(self) -> tuple[str, ...]:
        return self._said("warnings")

    @property
    def guesses(self) -> tuple[str, ...]:
        return self._said("guesses")

    def require_all(self, result: dict[str, Any]) -> None:
        """Raise what failed, with all that is known of the others."""
        failed = [one for one in self.deliveries if one.error]
        if failed:
            reasons = " ".join(f"{one.label}: {one.error}" for one in failed)
            raise PartlyDone(
                f"{len(failed)} of {len(self.deliveries)} destinations failed. {reasons}", **result
            )

    def _states(self, states: tuple[MigrationState | None, ...]) -> DeliveriesState:
        return DeliveriesState(
            source=self.source, deliveries=self.deliveries, states=states, several=self.several
        )

    def _said(self, kind: str) -> tuple[str, ...]:
        found: list[str] = []
        for one in self.deliveries:
            texts: tuple[str, ...] = getattr(one.plan, kind) if one.plan else ()
            found += one.said(texts) if self.several else texts
        return tuple(found)


def _entry(delivery: Delivery, state: MigrationState | None) -> dict[str, Any]:
    """A destination as one entry of the results."""
    told = {"image": None, "action": FAILED} if state is None else state.as_result()
    return {
        "destination": delivery.label,
        "changed": delivery.changed,
        "failed": delivery.error is not None,
        "msg": delivery.error.message if delivery.error else "",
        **told,
    }
