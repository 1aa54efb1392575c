# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What the Sovereign Cloud Stack wants to be said of an image, under its own names (scs-0102).

Each is a key of an entry, and becomes the property of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping

from .reading import Reader, choice, flag, form, number, text

_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DAY = "a day as YYYY-MM-DD"
_HOURS_OF_A_YEAR = 8784

STANDARD: Mapping[str, Reader] = {
    "replace_frequency": choice(
        "yearly", "quarterly", "monthly", "weekly", "daily", "critical_bug", "never"
    ),
    "provided_until": form(rf"{_DATE}|none|notice", f"{_DAY}, none or notice"),
    "uuid_validity": form(
        rf"{_DATE}|none|notice|forever|last-[1-9]\d{{0,3}}",
        f"last-N (as in last-3), {_DAY}, forever, notice or none",
    ),
    "hotfix_hours": number(0, _HOURS_OF_A_YEAR, "hours"),
    "image_source": text,
    "image_description": text,
    "image_build_date": form(
        rf"{_DATE}(?: [0-2]\d:[0-5]\d(?::[0-5]\d)?)?",
        f"{_DAY}, or with the time in UTC as hh:mm:ss",
    ),
    "patchlevel": text,
    "maintained_until": form(_DATE, _DAY),
    "l1_support_contact": text,
    "license_included": flag,
    "license_required": flag,
    "subscription_included": flag,
    "subscription_required": flag,
}
# What cannot both be true of one image.
EXCLUSIVE = (
    ("license_included", "license_required"),
    ("subscription_included", "subscription_required"),
)

# What stands under `os`, and the property that it becomes.
OS_PROPERTIES: Mapping[str, str] = {
    "distro": "os_distro",
    "version": "os_version",
    "type": "os_type",
    "user": "image_original_user",
    "purpose": "os_purpose",
    "architecture": "architecture",
    "admin_user": "os_admin_user",
}
OS: Mapping[str, Reader] = {
    **dict.fromkeys(OS_PROPERTIES, text),
    "purpose": choice("generic", "oldgeneric", "minimal", "k8snode", "gpu", "network", "custom"),
}
