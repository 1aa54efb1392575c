# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Making an image of a server or volume: what is read for it, and the order in which it is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace

from ..cloud.connect import Cloud
from ..cloud.servers import find_server, find_volume
from ..domain.image import Image
from ..domain.lineage import Maker, staged_name
from ..domain.migration.origin import Origin
from ..domain.plan import Plan
from ..domain.server import Server
from ..domain.snapshot.planning import (
    SnapshotPlan,
    SnapshotSeen,
    last_change,
    plan_description,
)
from ..domain.snapshot.subject import STOPPED_BY, on_the_way_for, source_of, was_left_stopped
from ..domain.snapshot.wish import SnapshotWish
from ..domain.values import LONGEST_NAME
from ..errors import CuratorError
from ..progress import Progress, progress_from_environment
from .capturing import capture, only_on_the_way
from .halting import halted, started_again
from .maker import is_dead, this_maker
from .making import patiently
from .naming import listed, named_images, now, own_project
from .servers import await_server
from .showing import shown
from .stepping_back import settled
from .watching import Stop, stoppable


def read_snapshot(cloud: Cloud, wish: SnapshotWish) -> SnapshotSeen:
    """The server or volume, what was made of it already, and what dead runs left of that."""
    project = own_project(cloud)
    subject = (
        find_volume(cloud, wish.volume)
        if wish.volume is not None
        else find_server(cloud, wish.server or "")
    )
    made = {"curator_source": source_of(subject), "owner": project}
    seen = SnapshotSeen(
        project=project,
        subject=subject,
        now=now(),
        named=named_images(cloud, wish.name, project),
        made=tuple(listed(cloud, made, both=True)),
    )
    if isinstance(subject, Server):
        return _with_leftovers(cloud, subject, seen)
    staged = staged_name(wish.name, subject.id, LONGEST_NAME)
    return replace(seen, unmarked=named_images(cloud, staged, project))


def _with_leftovers(cloud: Cloud, server: Server, seen: SnapshotSeen) -> SnapshotSeen:
    of_it = listed(cloud, {"instance_uuid": server.id, "owner": seen.project})
    left = tuple(image for image in of_it if is_dead(on_the_way_for(image, server, seen.project)))
    stopped_by = Maker.from_text(server.metadata.get(STOPPED_BY, ""))
    left_stopped = is_dead(stopped_by) or was_left_stopped(server, seen.now)
    return replace(seen, leftovers=left, left_stopped=left_stopped)


def carry_out_snapshot(
    cloud: Cloud, plan: SnapshotPlan, look_again: Callable[[], SnapshotPlan]
) -> SnapshotPlan:
    """Do what the plan says; the result is the plan as it was done."""
    with stoppable() as stop:
        for image in plan.seen.leftovers:
            cloud.glance.delete(image.id)
        if plan.describe is None:
            plan = _once_nobody_else_is_at_it(cloud, plan, look_again, stop)
        if plan.describe is None:
            return _made(cloud, plan, progress_from_environment(plan.wish.name), stop)
        subject = plan.seen.subject
        if plan.seen.left_stopped and isinstance(subject, Server):
            started_again(cloud, subject)
    return _described(cloud, plan, plan.describe)


def _once_nobody_else_is_at_it(
    cloud: Cloud, plan: SnapshotPlan, look_again: Callable[[], SnapshotPlan], stop: Stop
) -> SnapshotPlan:
    """The plan once the server is left in peace: another run may just have made the image."""
    subject = plan.seen.subject
    if not isinstance(subject, Server) or subject.task_state is None:
        return plan
    await_server(
        cloud,
        subject.id,
        lambda server: server.task_state is None,
        wanted="idle",
        check=stop.check,
    )
    return look_again()


def _described(cloud: Cloud, plan: SnapshotPlan, describe: Plan) -> SnapshotPlan:
    image = describe.before.image

    def afresh() -> Plan:
        return plan_description(plan.wish, cloud.glance.image(image.id) or image)

    done = settled(cloud, describe, afresh)
    return replace(plan, after=replace(plan.after, image=done.after.image))


def _made(cloud: Cloud, plan: SnapshotPlan, progress: Progress, stop: Stop) -> SnapshotPlan:
    subject = plan.seen.subject
    down = (
        halted(cloud, subject, progress=progress, stop=stop)
        if plan.after.stopped and isinstance(subject, Server)
        else nullcontext()
    )
    start = time.monotonic()
    with only_on_the_way(cloud) as begun:
        with down:
            image = capture(cloud, subject, plan.wish, progress=progress, stop=stop)
            begun.append(image)
        if plan.seen.left_stopped and isinstance(subject, Server):
            started_again(cloud, subject)
        converts = _is_to_be_converted(plan, image)
        if converts:
            # Most images are as they are wanted: they are spared what it takes to read disks.
            from .copying import copied  # noqa: PLC0415

            plan = copied(cloud, plan, image)
    if converts:
        return _without(cloud, plan, image)
    return _named(cloud, plan, image, time.monotonic() - start)


def _is_to_be_converted(plan: SnapshotPlan, image: Image) -> bool:
    return Origin(image=image, cloud="", disk_format=plan.wish.disk_format).converts


def _named(cloud: Cloud, plan: SnapshotPlan, image: Image, seconds: float) -> SnapshotPlan:
    """The plan with the image that the cloud made, as what was asked for."""
    seen = replace(plan.seen, now=now())

    def change(found: Image) -> Plan:
        return last_change(plan.wish, seen, found, this_maker())

    def afresh() -> Plan:
        return change(cloud.glance.image(image.id) or image)

    done = shown(cloud, image, lambda: settled(cloud, change(image), afresh).after.image)
    size = done.size or 0
    transfer = {
        "bytes": size,
        "seconds": round(seconds, 3),
        "rate": round(size / max(seconds, 0.001)),
        "method": "cloud",
        "proven_by": None,
    }
    after = replace(plan.after, image=done, transfer=transfer)
    return replace(plan, after=after)


def _without(cloud: Cloud, plan: SnapshotPlan, image: Image) -> SnapshotPlan:
    """The plan once the image that was only on the way is gone."""
    try:
        patiently(lambda: cloud.glance.delete(image.id), cloud.timeout)
    except CuratorError as error:
        warning = (
            f"Image {image.id} was only on the way to {plan.wish.name!r} and could not be deleted: "
            f"{error.message} The next run of the task removes it."
        )
        return replace(plan, warnings=(*plan.warnings, warning))
    return plan
