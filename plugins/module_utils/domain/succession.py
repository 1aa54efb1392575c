# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which images of a name step back for the one that gets it.

Every new image says whom it follows (`curator_supersedes`). So an image that still has the name
though it was followed is known as such, by whichever run comes next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..errors import Ambiguous, Conflict
from .image import Image
from .lineage import PUBLISHED, SUPERSEDES, is_ours

ROTATE, KEEP_BOTH, FAIL = "rotate", "keep_both", "fail"


def left_behind(named: Sequence[Image], standing: Image, project: str) -> tuple[Image, ...]:
    """Images that should have stepped back for this one, or for one that this one follows."""
    followed = _followed(named, project)
    return tuple(
        other
        for other in named
        if other.id != standing.id
        and (other.id in followed or other.properties.get(SUPERSEDES) == standing.id)
    )


def making_way(
    named: Sequence[Image], name: str, on_change: str, project: str
) -> tuple[Image, ...]:
    """Images that step back for a new one: first the one that has the name by right."""
    if not named:
        return ()
    described = "; ".join(
        f"{image.id} ({image.status}, {image.visibility}, made {image.created_at})"
        for image in named
    )
    ids = [image.id for image in named]
    if on_change == FAIL:
        raise Conflict(
            f"{name!r} is there with other content: {described}. Nothing was changed, as on_change "
            "is fail. Use rotate to let it step back, or another name.",
            candidates=ids,
        )
    if on_change == KEEP_BOTH:
        return ()
    followed = _followed(named, project)
    current = [image for image in named if image.id not in followed]
    if len(current) > 1:
        raise Ambiguous(
            f"{len(current)} images are named {name!r}: {described}. Which of them shall step back "
            "cannot be told. Rename or remove all but one.",
            candidates=ids,
        )
    return (*current, *(image for image in named if image.id in followed))


def contenders(
    image: Image, named: Sequence[Image], expected: Collection[str]
) -> tuple[Image, ...]:
    """The image, and those that got its name at the same moment: the first of them stays.

    Runs that publish at once do not know of one another. But each looks again once its image has
    the name, and all go by the same rule: the one published last has it. `expected` are the ids of
    those that were there before.
    """
    others = [
        other
        for other in named
        if other.id not in {image.id, *expected}
        and is_ours(other, image.owner)
        and other.properties.get("curator_state") == PUBLISHED
    ]
    return tuple(sorted((image, *others), key=_published_last, reverse=True))


def _published_last(image: Image) -> tuple[str, str]:
    return image.properties.get("curator_published_at", ""), image.id


def _followed(named: Sequence[Image], project: str) -> Collection[str]:
    return {
        image.properties[SUPERSEDES]
        for image in named
        if SUPERSEDES in image.properties and is_ours(image, project)
    }
