# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Carrying out an upload: make the image, let it be seen, let the old one step back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..cloud.apply import carry_out
from ..cloud.connect import Cloud
from ..domain.image import Image
from ..domain.lookup import by_name
from ..domain.plan import Plan
from ..domain.supersede import plan_step_back
from ..domain.upload_plan import UploadPlan, plan_description
from ..progress import progress_from_environment
from .claiming import sweep
from .making import patiently
from .watching import stoppable


def carry_out_upload(
    cloud: Cloud, plan: UploadPlan, _look_again: Callable[[], UploadPlan]
) -> UploadPlan:
    """Do what the plan says; the result is the plan as it was done."""
    if plan.describe is None:
        # Most runs make nothing: they are spared what it takes to read disks.
        from .manufacture import manufacture  # noqa: PLC0415

        with stoppable() as stop:
            progress = progress_from_environment(plan.wish.name)
            sweep(cloud, plan.seen.made, plan.seen.project)
            plan, by_another_run = manufacture(cloud, plan, progress, stop)
            if by_another_run is not None:
                plan = plan_description(plan.wish, plan.seen, by_another_run)
    if plan.describe is not None:
        described = _settled(cloud, plan.describe).after.image
        plan = replace(plan, after=replace(plan.after, image=described))
    # Whoever has the name by right last: that one is what the result calls previous.
    for image in reversed(plan.step_back):
        previous = _stepped_back(cloud, plan, image)
        plan = replace(plan, after=replace(plan.after, previous=previous))
    return plan


def _settled(cloud: Cloud, plan: Plan) -> Plan:
    return patiently(lambda: carry_out(cloud, plan, lambda: plan), cloud.timeout)


def _stepped_back(cloud: Cloud, plan: UploadPlan, predecessor: Image) -> Image:
    """The old image, out of the way of the new one. It may have changed since the plan was made."""
    image = cloud.glance.image(predecessor.id)
    if image is None or image.name != predecessor.name:
        return image or predecessor
    wish = plan.wish.supersede
    new_name = wish.name_of(image, ())
    query = {**by_name(new_name), "owner": plan.seen.owner}
    doing = "look whether the old image's new name is free"
    taken = {
        str(other.name)
        for hidden in ({}, {"os_hidden": "true"})
        for other in cloud.glance.images({**query, **hidden}, doing=doing)
        if other.id != image.id
    }
    back = plan_step_back(image, wish, project=plan.seen.owner, taken=taken)
    return _settled(cloud, back).after.image
