# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Bringing one image to one place or to several at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Thread

from ..cloud.connect import Cloud
from ..domain.migration.planning import MigrationPlan
from ..domain.migration.wish import SERVER
from ..errors import CuratorError
from ..progress import NoProgress, Progress, progress_from_environment
from ..threads import begin
from .delivering import Delivering, Streams, left_standing
from .fanning import Fan
from .rereading import require_readable
from .server_side import Federation
from .supplying import supplied
from .watching import Stop

# What is left for cleaning up when the task is told to stop, in seconds.
_TO_CLEAN_UP = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be done at one destination, and the session to do it in."""

    cloud: Cloud
    plan: MigrationPlan


def bring(source: Cloud, jobs: Sequence[Job], stop: Stop) -> list[MigrationPlan | CuratorError]:
    """What came of each: the plan as it was done, or why it could not be."""
    lacking = [job for job in jobs if job.plan.standing is None]
    with _couriers(source, lacking, stop) as deliver:

        def do(job: Job) -> MigrationPlan:
            if job.plan.standing is not None:
                return left_standing(job.cloud, job.plan)
            return deliver(job)

        return _outcomes([partial(do, job) for job in jobs])


@contextmanager
def _couriers(
    source: Cloud, jobs: Sequence[Job], stop: Stop
) -> Iterator[Callable[[Job], MigrationPlan]]:
    """What makes the image where it is lacking, while the bytes are at hand."""
    if not jobs:
        yield _nobody
        return
    plan = jobs[0].plan
    origin = plan.seen.origin
    require_readable(source, origin.image)
    progress = progress_from_environment(origin.name)
    federation = Federation(source=source, image=origin.image)
    if plan.wish.method == SERVER:
        yield partial(_delivered, federation, None, stop, progress)
        return
    with ExitStack() as held:
        supply = held.enter_context(
            supplied(source, origin, plan.wish, progress=progress, stop=stop)
        )
        # For one as well: what comes next is read while the piece before is under way.
        fan = Fan(supply, len(jobs))
        # Of several, only the one reading is followed.
        followed = progress if len(jobs) == 1 else NoProgress()

        def deliver(job: Job) -> MigrationPlan:
            try:
                return _delivered(federation, fan, stop, followed, job)
            finally:
                fan.leave()

        yield deliver


def _nobody(job: Job) -> MigrationPlan:
    raise AssertionError(job)


def _delivered(
    federation: Federation, streams: Streams | None, stop: Stop, progress: Progress, job: Job
) -> MigrationPlan:
    return Delivering(
        job.cloud,
        job.plan,
        way=streams or federation,
        progress=progress,
        stop=stop,
    ).run()


def _outcomes(
    works: Sequence[Callable[[], MigrationPlan]],
) -> list[MigrationPlan | CuratorError]:
    """What each comes to, done at the same time; a failure stops only what failed."""
    found: dict[int, MigrationPlan | CuratorError] = {}
    broken: list[BaseException] = []

    def go(number: int) -> None:
        try:
            found[number] = works[number]()
        except CuratorError as error:
            found[number] = error
        except BaseException as error:  # noqa: BLE001  (raised where somebody can see it)
            broken.append(error)

    if len(works) == 1:
        go(0)
    else:
        _wait_for([begin(go, number) for number in range(len(works))])
    if broken:
        raise broken[0]
    return [found[number] for number in range(len(works))]


def _wait_for(threads: Sequence[Thread]) -> None:
    try:
        for thread in threads:
            thread.join()
    except BaseException:
        # Told to stop: each of them hears of it, and removes what it has begun.
        deadline = time.monotonic() + _TO_CLEAN_UP
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        raise
