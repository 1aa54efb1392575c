# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Carrying out an upload: make the image, let it be seen, let the old one step back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..cloud.connect import Cloud
from ..domain.plan import Plan
from ..domain.upload_plan import UploadPlan, plan_description
from ..progress import progress_from_environment
from .claiming import sweep
from .stepping_back import settled, step_back
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
        described = _described(cloud, plan, plan.describe)
        plan = replace(plan, after=replace(plan.after, image=described.after.image))
    # Whoever has the name by right last: that one is what the result calls previous.
    for image in reversed(plan.step_back):
        previous = step_back(cloud, image, plan.wish.supersede, owner=plan.seen.owner)
        plan = replace(plan, after=replace(plan.after, previous=previous))
    return plan


def _described(cloud: Cloud, plan: UploadPlan, describe: Plan) -> Plan:
    image = describe.before.image

    def afresh() -> Plan:
        found = cloud.glance.image(image.id) or image
        return plan_description(plan.wish, plan.seen, found).describe or describe

    return settled(cloud, describe, afresh)
