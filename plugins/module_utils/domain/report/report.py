# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What the images of a catalog come to, for those who use them and for those who look after them.

Made of what stands on the images: a report needs no catalog, and is true also where a run has died.
With the plan of a catalog, it says as well what differs from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from ...errors import InvalidRequest
from ..image import Image
from ..lineage import STAGED, is_ours, is_proven
from ..retirement import image_from_result
from ..scs import Verdict, verdicts
from .troubles import lines, troubles_of
from .version import current, has_the_name, older, since

# Of no concern to a report of what is there: such an entry needs no image.
_NEEDS_NONE = frozenset({"none", "retire"})
# Of an image, how it is looked after.
_FOR_OPERATORS = frozenset({"age", "scs", "boot_check"})


def report_of(
    shown: Sequence[Mapping[str, Any]],
    *,
    project_id: str | None,
    now: datetime,
    plan: Mapping[str, Any] | None = None,
    cloud: str = "",
    title: str = "",
) -> dict[str, Any]:
    """The report, as plain data: an entry for each name, the newest version of each first."""
    ours = [image for image in map(_read, shown) if is_ours(image, project_id or image.owner)]
    finished = [image for image in ours if _is_finished(image)]
    wanted = _planned(plan) if plan else {}
    entries = _entries(finished, wanted, now.date(), compared=plan is not None)
    there = {entry["name"] for entry in entries}
    missing = [
        {"name": name, "plan": told}
        for name, told in wanted.items()
        if name not in there and told["action"] not in _NEEDS_NONE
    ]
    left_alone = (plan or {}).get("left_alone") or {}
    return {
        "title": title or "Images",
        "cloud": cloud,
        "generated_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "audience": "all",
        "compared": plan is not None,
        "entries": entries,
        "missing": missing,
        "troubles": lines(entries, missing),
        "unfinished": len(ours) - len(finished),
        "unmanaged": left_alone.get("unmanaged"),
        "bytes": sum(image.size or 0 for image in finished),
    }


def for_users(report: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what users have no part in: it may be given to anybody who has the cloud.

    What nobody else sees in the cloud is not in it, and neither is how the images are looked after.
    """
    entries = [
        {
            **entry,
            "image": {k: v for k, v in entry["image"].items() if k not in _FOR_OPERATORS},
            "plan": None,
            "older": [],
            "troubles": [],
        }
        for entry in report["entries"]
        if _is_for_users(entry["image"])
    ]
    return {
        **report,
        "audience": "users",
        "compared": False,
        "entries": entries,
        "missing": [],
        "troubles": [],
        "unfinished": 0,
        "unmanaged": None,
        "bytes": sum(entry["image"]["size"] for entry in entries),
    }


def _is_for_users(image: Mapping[str, Any] | None) -> bool:
    return image is not None and image["visibility"] != "private" and not image["hidden"]


def _read(shown: Mapping[str, Any]) -> Image:
    try:
        return image_from_result(shown)
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidRequest(
            "These are no images as image_info returns them: one lacks what every image has. Give "
            "its result images."
        ) from error


def _is_finished(image: Image) -> bool:
    """Whether it was published at some time; of those still being made, a report tells nothing."""
    return is_proven(image) and image.properties.get("curator_state") != STAGED


def _planned(plan: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What a plan says of each entry, by name, in the order of the catalog."""
    told: dict[str, dict[str, Any]] = {
        entry["name"]: {"action": entry["action"], "reasons": [], "changes": {}}
        for entry in plan["entries"]
    }
    for entry in (*plan["work"], *plan["errors"]):
        told[entry["name"]]["reasons"] += entry["reasons"]
        told[entry["name"]]["changes"] = entry.get("changes", {})
    for version in plan["retire"]:
        entry = told.get(version["entry"])
        # Versions beyond those to keep are due as well, and are no matter of the entry's.
        if entry and entry["action"] == "retire":
            entry["reasons"].append(version["reason"])
    return told


def _entries(
    images: Sequence[Image],
    wanted: Mapping[str, dict[str, Any]],
    today: date,
    *,
    compared: bool,
) -> list[dict[str, Any]]:
    """All entries that images were made for, by name."""
    judged = {
        verdict.id: verdict
        for verdict in verdicts([image.as_result() for image in images], today=today)
    }
    versions = defaultdict(list)
    for image in images:
        versions[image.properties.get("curator_entry") or image.name or image.id].append(image)
    found = []
    for name in sorted(versions, key=lambda name: (name.casefold(), name)):
        entry = {"name": name, "plan": wanted.get(name), **_versions(versions[name], judged, today)}
        found.append({**entry, "troubles": list(troubles_of(entry, compared=compared))})
    return found


def _versions(
    images: Iterable[Image], judged: Mapping[str, Verdict], today: date
) -> dict[str, Any]:
    """The version that has the name, if one has it, and all others."""
    newest_first = sorted(images, key=since, reverse=True)
    standing = next(filter(has_the_name, newest_first), None)
    return {
        "image": standing and current(standing, judged[standing.id], today),
        "older": [older(image) for image in newest_first if image is not standing],
    }
