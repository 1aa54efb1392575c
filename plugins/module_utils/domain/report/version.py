# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""One version of an image, as a report tells it: what it is, why it is believed, how old it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..boot.record import Failure
from ..image import Image
from ..lineage import PUBLISHED, STEPPED_BACK_AT, VERIFIED, VERIFIED_AT
from ..scs import DAYS, GRACE, Verdict, day_in
from .launching import launches, login, user_of


def has_the_name(image: Image) -> bool:
    """Whether it is the one of its entry that is in use."""
    return image.properties.get("curator_state") == PUBLISHED


def since(image: Image) -> str:
    """When it got its name; what was not published by that name was made then."""
    return image.properties.get("curator_published_at") or image.created_at or ""


def current(image: Image, verdict: Verdict, today: date) -> dict[str, Any]:
    """The version that has the name, in full."""
    said = image.properties.get
    return {
        **_in_short(image),
        "distro": said("os_distro"),
        "version": said("os_version"),
        "type": said("os_type"),
        "architecture": said("architecture"),
        "user": user_of(image),
        "purpose": said("os_purpose"),
        "description": said("image_description"),
        "support": said("l1_support_contact"),
        "min_disk": image.min_disk,
        "min_ram": image.min_ram,
        "verified_at": said(VERIFIED_AT),
        "boot_check": _boot_check(image),
        "until": said("provided_until"),
        "maintained": said("maintained_until"),
        "renewed": said("replace_frequency"),
        "id_validity": said("uuid_validity"),
        "proof": _proof(image),
        "launch": launches(image),
        "login": login(image),
        "age": _age(image, today),
        "scs": {"missing": list(verdict.missing), "wrong": list(verdict.wrong)},
    }


def older(image: Image) -> dict[str, Any]:
    """A version that made way."""
    return {
        **_in_short(image),
        "state": image.properties.get("curator_state"),
        "stepped_back_at": image.properties.get(STEPPED_BACK_AT),
    }


def _in_short(image: Image) -> dict[str, Any]:
    return {
        "id": image.id,
        "name": image.name or "",
        "status": image.status,
        "visibility": image.visibility,
        "hidden": image.hidden,
        "size": image.size or 0,
        "published_at": since(image) or None,
    }


def _proof(image: Image) -> dict[str, Any]:
    """Why its bytes are believed, and whether they are upstream's own."""
    said = image.properties.get
    released = said("curator_source_sha512")
    comparable = released and image.os_hash_algo == "sha512" and image.os_hash_value
    return {
        "source": said("curator_source") or said("image_source"),
        "checksum": said("curator_proof"),
        "signed_by": said("curator_signed_by"),
        "stored": f"{image.os_hash_algo}:{image.os_hash_value}" if image.os_hash_value else None,
        # What is released as raw is stored as it is; anything else was unpacked or converted.
        "as_released": image.os_hash_value == released if comparable else None,
        # Operations that changed the guest in it on the way, by their names.
        "prepared": said("curator_prepared"),
    }


def _boot_check(image: Image) -> dict[str, Any]:
    """How the last boot check went, where there was one: how quickly, or why not."""
    failure = Failure.of(image)
    return {
        "phases": image.properties.get(VERIFIED),
        "failed_at": failure.at if failure else None,
        "reason": failure.reason if failure else None,
    }


def _age(image: Image, today: date) -> dict[str, Any]:
    """How old it is, whether that is more than it promises, and what of its time is over."""
    built = day_in(image.properties.get("image_build_date")) or day_in(since(image))
    until = day_in(image.properties.get("provided_until"))
    maintained = day_in(image.properties.get("maintained_until"))
    allowed = DAYS.get(image.properties.get("replace_frequency", ""))
    days = (today - built).days if built else None
    return {
        "days": days,
        "too_old": days is not None and allowed is not None and days > allowed * GRACE,
        "ended": until is not None and until < today,
        "unmaintained": maintained is not None and maintained < today,
    }
