# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The verdict of a boot check as it stands on an image, and for how long it is taken for true."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from ..hardware.known import is_hardware
from ..image import Image
from ..lineage import VERDICT, VERIFIED, VERIFIED_AS, VERIFIED_AT, VERIFY_FAILED, is_ours
from .verdict import PLACE
from .wish import USER_PROPERTIES, BootWish

_SHORT = 16
_MINIMA = frozenset({"min_disk", "min_ram"})
# Nova copies an image's properties to its servers, and cuts them there.
_LONGEST = 255
# What Glance cannot store, and what would make a line of a report two.
_UNFIT = re.compile("[\0-\x1f\ud800-\udfff\U00010000-\U0010ffff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A boot check that failed, as it stands on an image."""

    at: str
    reason: str

    @classmethod
    def of(cls, image: Image) -> Failure | None:
        """That of an image's last check; None if it passed, or if there was none."""
        at, found, reason = image.properties.get(VERIFY_FAILED, "").partition(" ")
        return cls(at=at, reason=reason) if found else None


def marks(image: Image, wish: BootWish, told: Mapping[str, Any], now: str) -> dict[str, str | None]:
    """What is recorded of a check of an image, as it stood when it was booted.

    One verdict takes the place of another, also of one that was better.
    """
    if not told["passed"]:
        reason = _UNFIT.sub(" ", told["reason"])
        failed = f"{now} {reason}"[:_LONGEST]
        return {**dict.fromkeys((VERIFIED_AT, VERIFIED, VERIFIED_AS)), VERIFY_FAILED: failed}
    return {
        VERIFIED_AT: now,
        VERIFIED: in_short(told["phases"])[:_LONGEST] or None,
        VERIFIED_AS: essence(image, wish),
        VERIFY_FAILED: None,
    }


def stands_against(image: Image, wish: BootWish, told: Mapping[str, Any]) -> str | None:
    """When the same check passed, where it was not the guest that failed now."""
    if told["blame"] != PLACE or image.properties.get(VERIFIED_AS) != essence(image, wish):
        return None
    return image.properties.get(VERIFIED_AT)


def in_short(phases: Mapping[str, float]) -> str:
    """How long it took to come how far, on one line."""
    return ", ".join(f"{phase} {seconds:.1f} s" for phase, seconds in phases.items())


def essence(image: Image, wish: BootWish) -> str:
    """What a verdict holds for, besides the bytes, which no image ever changes."""
    shaping = {name: value for name, value in image.properties.items() if _shapes(name)}
    # Who names the user that the image names anyway has not asked for anything else.
    named = (wish.user, *map(image.properties.get, USER_PROPERTIES))
    user = next(filter(None, named), None)
    networks = [*wish.network, wish.temporary_network]
    asked = [asdict(wish.expected), user, wish.boot_from_volume, networks]
    text = json.dumps([shaping, image.min_disk, image.min_ram, asked], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]


def outdated(image: Image, changed: Iterable[str]) -> dict[str, None]:
    """The marks of a verdict that does not hold once so named things about an image change."""
    if not any(name in _MINIMA or _shapes(name) for name in changed):
        return {}
    return {name: None for name in VERDICT if name in image.properties}


def _shapes(name: str) -> bool:
    return is_hardware(name) or name in USER_PROPERTIES


def still_verified(image: Image, wish: BootWish, project: str | None, now: datetime) -> str | None:
    """When an image passed the same check, where that is not too long ago; None: check it.

    Copies of an image have its properties, so the marks of an image that is not ours say nothing.
    """
    if wish.recheck_after is None or not is_ours(image, project):
        return None
    if image.properties.get(VERIFIED_AS) != essence(image, wish):
        return None
    at = image.properties.get(VERIFIED_AT, "")
    try:
        passed = datetime.fromisoformat(at)
        age = now - passed
    except (ValueError, TypeError):
        # Nobody but us writes it, and it is never without a time zone.
        return None
    return at if timedelta(0) <= age < timedelta(days=wish.recheck_after) else None
