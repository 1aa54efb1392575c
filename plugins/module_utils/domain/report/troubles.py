# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an operator should look at, entry by entry, in short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# What a plan wants of an entry, in words for who sees no plan beside it.
_WANTED = {
    "upload": "is to be uploaded",
    "swap": "is to be replaced",
    "resume": "is to be finished",
    "update_metadata": "differs from the catalog",
    "retire": "is to be retired",
    "error": "cannot be published",
}


def troubles_of(entry: Mapping[str, Any], *, compared: bool) -> Iterator[str]:
    """What is the matter with an entry that images were made for; nothing where all is well."""
    plan, image = entry["plan"], entry["image"]
    if plan is None and compared:
        yield "the catalog has no such entry any more"
    if plan and plan["action"] in _WANTED:
        yield wanted(plan)
    if image is None:
        # One that was retired on purpose is as it should be.
        if not plan or plan["action"] != "none":
            yield "no version has the name"
        return
    if image["status"] != "active":
        yield f"is {image['status']}, so that nobody can start it"
    if image["boot_check"]["reason"]:
        yield f"failed its boot check: {image['boot_check']['reason']}"
    if image["age"]["too_old"]:
        yield f"is {image['age']['days']} days old, and to be renewed {image['renewed']}"
    if image["age"]["ended"]:
        yield f"was to be provided until {image['until']}"
    if image["age"]["unmaintained"]:
        yield f"was maintained by its makers until {image['maintained']}"


def wanted(plan: Mapping[str, Any]) -> str:
    """What a plan wants, and why."""
    reasons = " ".join(plan["reasons"])
    words = _WANTED.get(plan["action"], plan["action"])
    return f"{words}: {reasons}" if reasons else words


def lines(entries: Iterable[Mapping[str, Any]], missing: Iterable[Mapping[str, Any]]) -> list[str]:
    """The same of all, a line for each, for a log; what the catalog speaks of comes first."""
    absent = (f"{told['name']}: {wanted(told['plan'])}" for told in missing)
    troubled = sorted((e for e in entries if e["troubles"]), key=lambda e: e["plan"] is None)
    present = (f"{entry['name']}: {'; '.join(entry['troubles'])}" for entry in troubled)
    return [*absent, *present]
