# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Giving an image its public name: what is read for it, and the order in which it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..cloud.connect import Cloud
from ..cloud.images import find_image
from ..domain.image import Image, ImageState, Member
from ..domain.plan import Plan
from ..domain.publish import (
    MEMBERS,
    PublishPlan,
    PublishSeen,
    PublishWish,
    followed,
    plan_publish,
    visibility_of,
)
from ..domain.purpose import like
from ..domain.succession import ROTATE, contenders
from .granting import grant
from .naming import listed, named_images, now, own_project
from .stepping_back import settled, step_back


def read_publish(cloud: Cloud, wish: PublishWish) -> PublishSeen:
    """The image, those that have the name, and what the one that makes way leaves to it."""
    project = own_project(cloud)
    image = find_image(cloud, wish.image)
    name = wish.name_for(image, project)
    named = tuple(one for one in named_images(cloud, name, project) if one.id != image.id)
    seen = PublishSeen(image=image, project=project, name=name, named=named, now=now())
    return _with_members(cloud, wish, _with_generic(cloud, wish, seen))


def _with_generic(cloud: Cloud, wish: PublishWish, seen: PublishSeen) -> PublishSeen:
    target = replace(seen.image, visibility=visibility_of(wish, seen), hidden=wish.hidden)
    query = like(target)
    if query is None:
        return seen
    found = listed(cloud, {**query, "owner": seen.project})
    return replace(seen, generic=tuple(found))


def _with_members(cloud: Cloud, wish: PublishWish, seen: PublishSeen) -> PublishSeen:
    """Who has the image, and who has the one that it follows, where these are carried over."""
    predecessor = next(iter(followed(wish, seen)), None)
    if MEMBERS not in wish.carry or predecessor is None or predecessor.visibility != "shared":
        return seen
    return replace(
        seen,
        members=cloud.glance.members(seen.image.id) if seen.image.visibility == "shared" else (),
        followed_members=cloud.glance.members(predecessor.id),
    )


def carry_out_publish(
    cloud: Cloud, plan: PublishPlan, _look_again: Callable[[], PublishPlan]
) -> PublishPlan:
    """Do what the plan says; the result is the plan as it was done."""
    members: tuple[Member, ...] | None = None
    if plan.grants is not None:
        members, warnings = grant(cloud, plan.grants)
        plan = replace(plan, warnings=(*plan.warnings, *warnings))
    image = _described(cloud, plan)
    plan = _with_image(plan, image, members)
    wish, owner = plan.wish.supersede, plan.seen.project
    # Whoever has the name by right last: that one is what the result calls previous.
    for old in reversed(plan.step_back):
        previous = step_back(cloud, old, wish, owner=owner)
        plan = replace(plan, after=replace(plan.after, previous=previous))
    return _after_all_others(cloud, plan)


def _described(cloud: Cloud, plan: PublishPlan) -> Image:
    """The image with its name, seen by those who shall."""

    def afresh() -> Plan:
        image = find_image(cloud, plan.seen.image.id)
        return plan_publish(plan.wish, replace(plan.seen, image=image)).describe

    return settled(cloud, plan.describe, afresh).after.image


def _with_image(plan: PublishPlan, image: Image, members: tuple[Member, ...] | None) -> PublishPlan:
    state = ImageState(image=image, members=members)
    return replace(plan, after=replace(plan.after, state=state))


def _after_all_others(cloud: Cloud, plan: PublishPlan) -> PublishPlan:
    """Look whether others got the name at the same moment, and leave it to the last one."""
    if plan.seen.has_the_name or plan.wish.on_change != ROTATE or not plan.seen.ours:
        return plan
    named = named_images(cloud, plan.seen.name, plan.seen.project)
    expected = {image.id for image in plan.seen.named}
    first, *others = contenders(plan.after.image, named, expected)
    for other in others:
        back = step_back(cloud, other, plan.wish.supersede, owner=plan.seen.project)
        if back.id == plan.after.image.id:
            warning = (
                f"Image {first.id} was published as {plan.seen.name!r} at the same moment and a "
                f"little later; image {back.id} has stepped back for it as {back.name!r}."
            )
            plan = _with_image(plan, back, plan.after.state.members)
            plan = replace(plan, warnings=(*plan.warnings, warning))
    return plan
