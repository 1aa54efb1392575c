# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The images that have to be moved, as jobs that can be done at the same time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from typing import Any

from ...catalog.slugs import slugs
from .planning import ImagePlan


def jobs(plans: Sequence[ImagePlan]) -> list[dict[str, Any]]:
    """What is to be done, each job by itself.

    Most are one image. One whose kernel or ramdisk was asked for, too, is in one job with it and
    after it: by different jobs at once, the same image would be brought twice.
    """
    busy = {plan.image.id: plan for plan in plans if plan.image and plan.work}
    labels = _labels(busy)
    slug_of = slugs(labels.values())
    return [
        {
            "slug": slug_of[labels[group[0]]],
            "name": " + ".join(busy[image_id].label for image_id in group),
            "images": [_task(busy[image_id]) for image_id in group],
        }
        for group in _groups(busy)
    ]


def _groups(busy: dict[str, ImagePlan]) -> Iterator[list[str]]:
    """Ids of images that depend on one another, each after those that it needs."""
    after = {i: [first for first in plan.after if first in busy] for i, plan in busy.items()}
    group_of = {image_id: {image_id} for image_id in busy}
    for image_id, needed in after.items():
        joined = set().union(group_of[image_id], *(group_of[first] for first in needed))
        for member in joined:
            group_of[member] = joined
    order = list(TopologicalSorter(after).static_order())
    seen: set[str] = set()
    for image_id in busy:
        if image_id not in seen:
            group = group_of[image_id]
            seen |= group
            yield sorted(group, key=order.index)


def _labels(busy: dict[str, ImagePlan]) -> dict[str, str]:
    """What tells each image from the others: its name, and its id where two need it."""
    often = Counter(plan.label for plan in busy.values())
    return {
        image_id: json.dumps(
            [plan.label] if often[plan.label] == 1 else [plan.label, image_id], ensure_ascii=False
        )
        for image_id, plan in busy.items()
    }


def _task(plan: ImagePlan) -> dict[str, Any]:
    """What image_migrate is told of an image, beside what names the clouds."""
    element = plan.element
    other = {"name": element.name, "visibility": element.visibility, "owner": element.owner}
    return {
        "id": plan.image.id if plan.image else element.image,
        "name": plan.label,
        "options": dict(element.options),
        # The numbers of the destinations, and what shall be other there than they say.
        "destinations": [move.place.number for move in plan.work],
        "there": {key: value for key, value in other.items() if value is not None},
    }
