# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What the Sovereign Cloud Stack wants to be said of an image, under its own names (scs-0102).

Each is a key of an entry, and becomes the property of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ...errors import InvalidRequest
from .reading import Reader, choice, flag, form, number, shown, text

_DATE = r"\d{4}-\d{2}-\d{2}"
_DAY = "a day as YYYY-MM-DD"
_HOURS_OF_A_YEAR = 8784


def _day(pattern: str, described: str) -> Reader:
    """A text of a certain form; where it begins with a day, that day has to exist."""
    read_form = form(pattern, described)

    def read(key: str, value: Any) -> str:
        word: str = read_form(key, value)
        if word[0].isdigit():
            try:
                datetime.fromisoformat(word)
            except ValueError:
                raise InvalidRequest(
                    f"{key} is {shown(word)}, which no calendar has. Give {described}."
                ) from None
        return word

    return read


STANDARD: Mapping[str, Reader] = {
    "replace_frequency": choice(
        "yearly", "quarterly", "monthly", "weekly", "daily", "critical_bug", "never"
    ),
    "provided_until": _day(rf"{_DATE}|none|notice", f"{_DAY}, none or notice"),
    "uuid_validity": _day(
        rf"{_DATE}|none|notice|forever|last-[1-9]\d{{0,3}}",
        f"last-N (as in last-3), {_DAY}, forever, notice or none",
    ),
    "hotfix_hours": number(0, _HOURS_OF_A_YEAR, "hours"),
    "image_source": text,
    "image_description": text,
    "image_build_date": _day(
        rf"{_DATE}(?: \d{{2}}:\d{{2}}(?::\d{{2}})?)?",
        f"{_DAY}, or with the time in UTC as hh:mm:ss",
    ),
    "patchlevel": text,
    "maintained_until": _day(_DATE, _DAY),
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
