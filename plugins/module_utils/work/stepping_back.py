# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Letting an image step back for the one that has its name now."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, repeat

from ..cloud.apply import carry_out
from ..cloud.connect import Cloud
from ..domain.image import Image
from ..domain.lookup import by_name
from ..domain.plan import Plan
from ..domain.supersede import Supersede, plan_step_back
from .making import patiently
from .naming import listed, now


def settled(cloud: Cloud, plan: Plan, afresh: Callable[[], Plan]) -> Plan:
    """Carry a plan out, also where the cloud is just restarting.

    An answer that was lost may be that of a change that was made: each further attempt is planned
    anew, from what the cloud shows by then.
    """
    plans = chain([lambda: plan], repeat(afresh))
    return patiently(lambda: carry_out(cloud, next(plans)(), afresh), cloud.timeout)


def step_back(cloud: Cloud, predecessor: Image, wish: Supersede, *, owner: str) -> Image:
    """The old image, out of the way of the new one. It may have changed since the plan was made."""
    image = cloud.glance.image(predecessor.id)
    if image is None or image.name != predecessor.name:
        return image or predecessor
    taken = _taken(cloud, wish.name_of(image, ()), image, owner)
    stepping_back_at = now()

    def plan(image: Image) -> Plan:
        return plan_step_back(image, wish, project=owner, taken=taken, now=stepping_back_at)

    def afresh() -> Plan:
        return plan(cloud.glance.image(image.id) or image)

    return settled(cloud, plan(image), afresh).after.image


def _taken(cloud: Cloud, new_name: str, image: Image, owner: str) -> set[str]:
    """The name that the old image would get, if another one has it."""
    query = {**by_name(new_name), "owner": owner}
    return {str(other.name) for other in listed(cloud, query, both=True) if other.id != image.id}
