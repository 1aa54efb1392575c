# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Bringing an image from one cloud to others: what is read, and the order in which it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from ..cloud.connect import Cloud
from ..domain.image import Image
from ..domain.migration.carrying import COMPANIONS
from ..domain.migration.deliveries import Deliveries, Delivery
from ..domain.migration.destination import Destination
from ..domain.migration.planning import MigrationPlan
from ..domain.migration.wish import MigrationWish
from ..errors import CuratorError, InvalidRequest
from .couriers import Job, bring
from .locating import Locating, SourceSeen, read_source
from .watching import Stop, stoppable

# Opens a session with another cloud, by its options.
Meet: TypeAlias = Callable[[Mapping[str, Any]], Cloud]


@dataclass(slots=True, kw_only=True)
class _Leg:
    """One destination while the task is at work."""

    destination: Destination
    job: Job | None = None
    error: CuratorError | None = None
    # Kernel and ramdisk as they are there, by the property that names them.
    companions: dict[str, Image] = field(default_factory=dict)

    @property
    def plan(self) -> MigrationPlan | None:
        return self.job.plan if self.job else None

    def take(self, plan: MigrationPlan) -> None:
        """Go on with this plan."""
        if self.job:
            self.job = replace(self.job, plan=plan)


class Migration:
    """One image, the cloud that has it, and those that shall."""

    def __init__(self, source: Cloud, wish: MigrationWish, meet: Meet) -> None:
        self._source = source
        self._wish = wish
        self._meet = meet
        self._legs: list[_Leg] = []
        # None until something was found out.
        self._told: Deliveries | None = None

    def look(self) -> Deliveries:
        """Read both sides, and plan."""
        seen = read_source(self._source, self._wish)
        self._legs = []
        for destination in self._wish.destinations:
            leg = _Leg(destination=destination)
            try:
                leg.job = self._planned(destination, seen)
            except CuratorError as error:
                self._note(leg, error)
            self._legs.append(leg)
        return self._tell(seen.image)

    def carry_out(self, plan: Deliveries) -> Deliveries:
        """Do what the plan says; the result is the plan as it was done."""
        with stoppable() as stop:
            for name in COMPANIONS:
                self._bring_companions(name, stop)
            self._bring_images(stop)
        return self._tell(plan.source)

    def require_all(self, result: dict[str, Any]) -> None:
        """Raise what failed at one of several destinations, with what came of the others."""
        if self._told:
            self._told.require_all(result)

    def _tell(self, source: Image) -> Deliveries:
        self._told = Deliveries(
            source=source,
            deliveries=tuple(
                Delivery(label=leg.destination.label, plan=leg.plan, error=leg.error)
                for leg in self._legs
            ),
            several=self._wish.several,
        )
        return self._told

    def _note(self, leg: _Leg, error: CuratorError) -> None:
        """Of several destinations, one that fails does not stop the others."""
        if not self._wish.several:
            raise error
        leg.error = error

    def _planned(self, destination: Destination, seen: SourceSeen) -> Job:
        connection = destination.connection
        cloud = self._source if connection is None else self._meet(connection)
        place = Locating(source=self._source, cloud=cloud, wish=self._wish)
        job = Job(cloud=cloud, plan=place.planned(destination, seen))
        for other in self._legs:
            if other.job and _place(other.job) == _place(job):
                raise InvalidRequest(
                    f"{destination.label} is the same project of the same cloud as "
                    f"{other.destination.label}. Leave one of them out."
                )
        return job

    def _bring_companions(self, name: str, stop: Stop) -> None:
        """A kernel or ramdisk first, wherever the image needs it."""
        legs = [leg for leg in self._alive() if leg.plan and name in leg.plan.companions]
        jobs = [
            Job(cloud=leg.job.cloud, plan=leg.job.plan.companions[name]) for leg in legs if leg.job
        ]
        for leg, done in self._brought(legs, jobs, stop):
            if done.after.image and leg.plan:
                leg.companions[name] = done.after.image
                leg.take(
                    replace(
                        leg.plan,
                        companions={**leg.plan.companions, name: done},
                        warnings=(*leg.plan.warnings, *done.warnings),
                    )
                )

    def _bring_images(self, stop: Stop) -> None:
        legs = self._alive()
        jobs = [
            replace(leg.job, plan=leg.job.plan.with_companions(leg.companions))
            for leg in legs
            if leg.job
        ]
        for leg, done in self._brought(legs, jobs, stop):
            leg.take(done)

    def _alive(self) -> list[_Leg]:
        return [leg for leg in self._legs if leg.job and not leg.error]

    def _brought(
        self, legs: Sequence[_Leg], jobs: Sequence[Job], stop: Stop
    ) -> list[tuple[_Leg, MigrationPlan]]:
        """Bring one image to all of these; what failed is noted on its leg."""
        # Two images of one place may need the same kernel, which is brought there once.
        places = {_place(job): job for job in jobs}
        outcomes = bring(self._source, list(places.values()), stop) if places else []
        outcome_of = dict(zip(places, outcomes, strict=True))
        done = []
        for leg, job in zip(legs, jobs, strict=True):
            outcome = outcome_of[_place(job)]
            if isinstance(outcome, CuratorError):
                self._note(leg, outcome)
            else:
                done.append((leg, outcome))
        return done


def _place(job: Job) -> tuple[str, str, str]:
    """Where an image ends up: who makes two of them there at once would stand in his own way."""
    seen = job.plan.seen
    return job.cloud.image_address, seen.owner, seen.origin.name
