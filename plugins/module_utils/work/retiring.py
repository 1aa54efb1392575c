# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Taking an image out of use: what is read for it, and the order in which it is done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from ..cloud.connect import Cloud
from ..cloud.images import find_image
from ..domain.image import Image
from ..domain.plan import Plan
from ..domain.retire import (
    DELETE,
    RetirePlan,
    RetireSeen,
    RetireWish,
    plan_protection,
    why_not_ours,
)
from ..errors import Conflict, CuratorError, NotReady
from .making import patiently
from .naming import now, own_project
from .stepping_back import settled
from .using import who_uses


def read_retire(cloud: Cloud, wish: RetireWish) -> RetireSeen:
    """The image; where it is to be deleted, it may be gone already, or somebody may need it."""
    project = own_project(cloud)
    if wish.level != DELETE:
        return RetireSeen(image=find_image(cloud, wish.image), project=project, now=now())
    image = cloud.glance.image(wish.image)
    asking = image is not None and why_not_ours(image, project) is None
    # Glance tells nobody who needs an image, and deletes it all the same.
    use = who_uses(cloud, wish.image) if asking else None
    return RetireSeen(image=image, project=project, now=now(), use=use)


def carry_out_retire(
    cloud: Cloud, plan: RetirePlan, look_again: Callable[[], RetirePlan]
) -> RetirePlan:
    """Do what the plan says; the result is the plan as it was done."""
    if plan.delete is not None:
        _delete(cloud, plan.delete, plan.change)
        return plan
    if plan.change is None:
        return plan
    change = plan.change

    def afresh() -> Plan:
        return look_again().change or change

    image = settled(cloud, change, afresh).after.image
    return replace(plan, after=replace(plan.after, image=image))


def _delete(cloud: Cloud, image: Image, unprotect: Plan | None) -> None:
    """Delete an image; where that fails, what protected it protects it again."""
    if unprotect is not None:
        settled(cloud, unprotect, lambda: unprotect)
    try:
        patiently(lambda: _deleted(cloud, image), cloud.timeout)
    except CuratorError:
        if unprotect is not None:
            protect = plan_protection(unprotect.after.image, protected=True)
            with suppress(CuratorError):
                settled(cloud, protect, lambda: protect)
        raise


def _deleted(cloud: Cloud, image: Image) -> None:
    try:
        cloud.glance.delete(image.id)
    except Conflict as error:
        # This does not pass while one waits.
        raise NotReady(
            f"Image {image.id} ({image.name!r}) cannot be deleted, as it is in use: "
            f"{error.message} Nothing was changed. Use deactivate, or wait until it is no longer "
            "needed."
        ) from error
