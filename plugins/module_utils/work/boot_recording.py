# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Leaving the verdict of a boot check on the image, and taking one that stands there for true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ..cloud.apply import carry_out
from ..cloud.connect import Cloud
from ..cloud.images import find_image
from ..domain.boot.record import marks, stands_against, still_verified
from ..domain.boot.wish import LOCAL, BootWish
from ..domain.image import Image, ImageState
from ..domain.lineage import VERIFIED_AT
from ..domain.metadata import DescribedImage, MetadataWish, plan_metadata
from ..domain.plan import Plan
from ..domain.retire import why_not_ours
from ..domain.values import only_differences
from ..errors import ImageNotFound
from .boot_checking import Session, check_boot, foresee_boot
from .naming import now, own_project

_NOTHING = {"booted": False, "recorded": False, "verified_at": None, "image": None}
# What is foreseen: that it passes, however long that takes.
_PASSED: Mapping[str, Any] = {"passed": True, "phases": {}}


def check_and_record(wish: BootWish, session: Session) -> dict[str, Any]:
    """The verdict on a guest, left on its image where the task wants that."""
    if not _looks_at_marks(wish):
        return {**_NOTHING, **check_boot(wish, session), "booted": True}
    cloud = session()
    image = find_image(cloud, _reference(wish))
    trusted = _trusted(wish, cloud, image)
    if trusted is not None:
        return trusted
    # By its id: while it is booted, another image may get the name.
    told = check_boot(replace(wish, image=image.id), lambda: cloud)
    told = {**_NOTHING, **told, "booted": True, "image": image.as_result()}
    if not wish.record:
        return told
    doubt = _why_not_recorded(cloud, image)
    if doubt is not None:
        return {**told, "warnings": [*told["warnings"], doubt]}
    stands = stands_against(image, wish, told)
    if stands is not None:
        kept = (
            f"Image {image.id} was not checked, which is not its own fault: that it passed at "
            f"{stands} stands on it."
        )
        return {**told, "verified_at": stands, "warnings": [*told["warnings"], kept]}
    verdict = marks(image, wish, told, now())

    def look() -> Plan:
        return _plan(find_image(cloud, image.id), verdict)

    return {**told, **_as_result(carry_out(cloud, look(), look))}


def foresee_recorded(wish: BootWish, session: Session) -> dict[str, Any]:
    """What would be checked, and that its verdict would be left on the image."""
    if not _looks_at_marks(wish):
        return {**_NOTHING, **foresee_boot(wish, session)}
    cloud = session()
    try:
        image = find_image(cloud, _reference(wish))
    except ImageNotFound:
        # Foreseeing it says so, as an earlier task may be about to make it.
        return {**_NOTHING, **foresee_boot(wish, lambda: cloud), "changed": wish.record}
    trusted = _trusted(wish, cloud, image)
    if trusted is not None:
        return trusted
    foreseen = foresee_boot(replace(wish, image=image.id), lambda: cloud)
    told = {**_NOTHING, **foreseen, "image": image.as_result()}
    if not wish.record:
        return told
    doubt = _why_not_recorded(cloud, image)
    if doubt is not None:
        return {**told, "warnings": [*told["warnings"], doubt]}
    return {**told, **_as_result(_plan(image, marks(image, wish, _PASSED, now())))}


def _looks_at_marks(wish: BootWish) -> bool:
    return wish.where != LOCAL and (wish.record or wish.recheck_after is not None)


def _reference(wish: BootWish) -> str:
    if wish.image is None:
        raise AssertionError(wish)
    return wish.image


def _trusted(wish: BootWish, cloud: Cloud, image: Image) -> dict[str, Any] | None:
    at = still_verified(image, wish, cloud.project_id, datetime.now(UTC))
    if at is None:
        return None
    return {
        **_NOTHING,
        "passed": True,
        "reason": None,
        "blame": None,
        "checks": [],
        "phases": {},
        "console": "",
        "guest": None,
        "where": wish.where,
        "verified_at": at,
        "image": image.as_result(),
    }


def _why_not_recorded(cloud: Cloud, image: Image) -> str | None:
    why = why_not_ours(image, own_project(cloud))
    return why and f"The verdict is not recorded on image {image.id}: {why}."


def _plan(image: Image, verdict: Mapping[str, str | None]) -> Plan:
    wish = MetadataWish(image=image.id, properties=verdict)
    return plan_metadata(wish, DescribedImage(state=ImageState(image=image)))


def _as_result(plan: Plan) -> dict[str, Any]:
    old, new = only_differences(plan.before.as_diff(), plan.after.as_diff())
    return {
        "changed": plan.changed,
        "recorded": True,
        "verified_at": plan.after.image.properties.get(VERIFIED_AT),
        "image": plan.after.image.as_result(),
        "diff": {"before": old, "after": new},
    }
