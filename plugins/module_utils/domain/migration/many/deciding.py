# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""From plain data of a play to a plan for many images, and back to plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .elements import Element, elements_of, selected
from .jobs import jobs
from .listing import Source, Standing
from .planning import Place, Run, plan_many
from .telling import amounts, as_plain, table


def decide(
    given: Sequence[Any],
    *,
    source: Mapping[str, Any],
    here: Mapping[str, Any],
    found: Sequence[Mapping[str, Any]],
    destinations: Sequence[Mapping[str, Any]],
    there: Iterable[tuple[tuple[int, str | None], Mapping[str, Any]]],
    select: str | None,
    common: Mapping[str, Any],
    update_members: bool,
) -> dict[str, Any]:
    """What has to be done, for a play to do it and to tell of it."""
    run = Run(
        source=Source.from_result(source["label"], here, found),
        places=tuple(
            Place(number=number, label=place["label"], **place["there"])
            for number, place in enumerate(destinations)
        ),
        standing={
            (number, owner): Standing.from_result(
                listing, owner or destinations[number]["there"].get("owner")
            )
            for (number, owner), listing in there
        },
        update_members=update_members,
    )
    plans = plan_many(run, elements_of(given, common), _selected(select, source, here, common))
    return {
        "source": source["label"],
        "images": [as_plain(plan) for plan in plans],
        "work": jobs(plans),
        "table": table(plans, everything=True),
        "busy": table(plans, everything=False),
        "bytes": amounts(plans),
    }


def _selected(
    select: str | None,
    source: Mapping[str, Any],
    here: Mapping[str, Any],
    common: Mapping[str, Any],
) -> list[Element]:
    """What an expression chooses; never from among those of others that happen to be visible."""
    if not select:
        return []
    images = [
        image
        for image in here["images"]
        if "owner" in source["there"] or image["owner"] == here["project_id"]
    ]
    return list(selected(select, images, common))
