# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Making an image at one destination: claim, fill, prove, let it be seen, let the old one go."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol

from ..cloud.apply import carry_out
from ..cloud.connect import Cloud
from ..domain.grants import plan_grants
from ..domain.image import Image, Member
from ..domain.migration.making import first_record, last_change, publishing
from ..domain.migration.planning import MigrationPlan, plan_migration
from ..domain.plan import PatchImage, Plan
from ..errors import Forbidden
from ..progress import Progress
from .claiming import Claims, sweep
from .granting import grant
from .maker import this_maker
from .making import Filled, make, patiently
from .naming import now
from .proving import Content, algorithms, prove
from .server_side import Federation
from .showing import shown
from .stepping_back import step_back
from .supplying import Passing
from .watching import Stop

# A token that ends sooner might do so before Glance has looked at it.
_TOKEN_LASTS = 60.0
_SHARED = "shared"


class Streams(Protocol):
    """Where the bytes of the image come from, if they go through this host."""

    def stream(self, algorithms: Iterable[str]) -> AbstractContextManager[Passing]:
        """All of them from the beginning, with their digests."""


class Delivering:
    """One image on its way to one destination where it has to be made."""

    def __init__(
        self,
        cloud: Cloud,
        plan: MigrationPlan,
        *,
        way: Streams | Federation,
        progress: Progress,
        stop: Stop,
    ) -> None:
        self._cloud = cloud
        self._plan = plan
        self._way = way
        self._progress = progress
        self._stop = stop
        # As policy at the destination allows.
        self._visibility = plan.visibility
        self._members = plan.seen.members
        self._warnings: tuple[str, ...] = ()

    def run(self) -> MigrationPlan:
        """The plan as it was done."""
        seen, wish = self._plan.seen, self._plan.wish
        sweep(self._cloud, seen.alike, seen.project)
        claims = Claims(
            self._cloud,
            project=seen.project,
            record_of=self._record,
            is_wanted=self._is_wanted,
            named=False,
            progress=self._progress,
        )
        filled = make(self._cloud, claims, self._fill, self._progress, tries=wish.retries + 1)
        if filled.transfer is None:
            return self._made_by_another_run(filled.image)
        image = shown(self._cloud, filled.image, lambda: self._show(filled.image))
        after = replace(
            self._plan.after, image=image, transfer=filled.transfer, members=self._members
        )
        plan = replace(self._plan, after=after, warnings=(*self._plan.warnings, *self._warnings))
        return with_old_ones_gone(self._cloud, plan)

    def _record(self, attempt: int) -> Mapping[str, Any]:
        seen = self._plan.seen
        record = first_record(seen.origin, self._plan.carried, owner=seen.owner, attempt=attempt)
        return {**record, "curator_maker": f"{this_maker()} {attempt}"}

    def _is_wanted(self, image: Image) -> bool:
        """Whether what another run made at the same time is what this one is about."""
        return self._plan.seen.origin.standing([image], owner=str(image.owner)) is not None

    def _made_by_another_run(self, image: Image) -> MigrationPlan:
        seen = replace(self._plan.seen, named=(), alike=(image,), owner=str(image.owner))
        plan = plan_migration(self._plan.wish, self._plan.destination, seen)
        return replace(plan, companions=self._plan.companions)

    def _fill(self, image: Image) -> Filled:
        self._rehearse(image)
        start = time.monotonic()
        self._cloud.fresh_token(_TOKEN_LASTS)
        if isinstance(self._way, Federation):
            content = self._way.bring(self._cloud, image, self._progress, self._stop)
        else:
            content = self._send(image, self._way)
        seconds = max(time.monotonic() - start, 0.001)
        proven, proven_by = prove(self._cloud, image.id, content, self._progress)
        self._stop.check()
        transfer = {
            "bytes": content.size,
            "seconds": round(seconds, 3),
            "rate": round(content.size / seconds),
            "method": self._plan.wish.method,
            "proven_by": proven_by,
        }
        return Filled(image=proven, transfer=transfer)

    def _send(self, image: Image, streams: Streams) -> Content:
        with streams.stream(algorithms(self._cloud)) as passing:
            size = passing.size
            self._cloud.data.upload(image.id, passing.pieces, size=size, store=None)
            return Content(size=size or 0, digests=passing.digests())

    def _rehearse(self, image: Image) -> None:
        """Learn before a byte moves whether policy allows what comes last."""
        try:
            self._ask(image)
        except Forbidden:
            if self._plan.destination.visibility is not None:
                raise
            wanted, self._visibility = self._visibility, "private"
            # Where it is not the visibility that is forbidden, this is, too.
            self._ask(image)
            warning = (
                f"The destination does not let this session make an image {wanted}: "
                f"{self._plan.seen.origin.name!r} is private there. Ask its provider, or name a "
                "visibility in the destination."
            )
            self._warnings = (warning,)

    def _ask(self, image: Image) -> None:
        for step in self._last_change(image).steps:
            if isinstance(step, PatchImage):
                self._cloud.glance.rehearse(
                    image.id,
                    step.operations,
                    doing=f"give image {self._plan.seen.origin.name!r} its visibility or owner",
                    when_forbidden=f"{step.when_forbidden} Nothing was sent, and nothing is left.",
                )

    def _show(self, image: Image) -> Image:
        """Whoever had the image has it before it bears its name."""
        image = self._given(image)
        last = self._last_change(image)
        return patiently(
            lambda: carry_out(self._cloud, last, lambda: last), self._cloud.timeout
        ).after.image

    def _given(self, image: Image) -> Image:
        if not self._members or self._visibility != _SHARED:
            self._members = None if self._members is None else ()
            return image
        wanted = [one for one in self._members if one.project_id != self._plan.seen.owner]
        members, warnings = grant(self._cloud, plan_grants(image, (), wanted))
        self._members = members
        self._warnings = (*self._warnings, *warnings)
        return replace(image, visibility=_SHARED)

    def _last_change(self, image: Image) -> Plan:
        plan = self._plan
        return last_change(
            image,
            plan.seen.origin,
            plan.carried,
            visibility=self._visibility,
            owner=plan.seen.owner,
            marks=publishing(now(), plan.predecessor),
        )


def left_standing(cloud: Cloud, plan: MigrationPlan) -> MigrationPlan:
    """The plan of an image that is there already, as it was done."""
    if plan.grants is not None:
        members: tuple[Member, ...]
        members, warnings = grant(cloud, plan.grants)
        after = replace(plan.after, members=members)
        plan = replace(plan, after=after, warnings=(*plan.warnings, *warnings))
    return with_old_ones_gone(cloud, plan)


def with_old_ones_gone(cloud: Cloud, plan: MigrationPlan) -> MigrationPlan:
    """The plan once those that had the name have stepped back."""
    # Whoever has the name by right last: that one is what the result calls previous.
    for old in reversed(plan.step_back):
        previous = step_back(cloud, old, plan.wish.supersede, owner=plan.seen.owner)
        plan = replace(plan, after=replace(plan.after, previous=previous))
    return plan
