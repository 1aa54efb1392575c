# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images that this collection published, as image_info returns them, and a report of them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.domain.report.report import report_of

PROJECT = "p" * 32
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
GIB = 1024**3
KEY = "DF9B9C49EAA9298432589D76DA87E80D6294BE9B"
_SPACE = uuid.UUID("6f0d4a3c-0000-4000-8000-000000000000")
_SYSTEMS = (
    ("Debian", "debian", "debian"),
    ("Ubuntu", "ubuntu", "ubuntu"),
    ("AlmaLinux", "almalinux", "almalinux"),
    ("Fedora", "fedora", "fedora"),
    ("openSUSE Leap", "opensuse", "opensuse"),
)


def published(name: str, *, days: int = 3, **changes: Any) -> dict[str, Any]:
    """An image that was published so many days ago; of the properties, None takes one away."""
    image_id = str(uuid.uuid5(_SPACE, f"{name} {days}"))
    moment = f"{NOW - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    digest = hashlib.sha512(image_id.encode()).hexdigest()
    attributes: dict[str, Any] = {
        "id": image_id,
        "name": name,
        "status": "active",
        "visibility": "public",
        "hidden": False,
        "protected": False,
        "owner": PROJECT,
        "size": 2 * GIB,
        "virtual_size": None,
        "min_disk": 4,
        "min_ram": 512,
        "os_hash_algo": "sha512",
        "os_hash_value": digest,
        "created_at": moment,
        "updated_at": moment,
        "tags": ["managed_by_curator"],
    }
    properties = {
        "curator_entry": name,
        "curator_id": image_id,
        "curator_state": "published",
        "curator_published_at": moment,
        "curator_source": "https://images.example.org/system.qcow2",
        "curator_proof": f"sha512:{hashlib.sha512(digest.encode()).hexdigest()}",
        "curator_source_sha512": hashlib.sha512(digest.encode()).hexdigest(),
        "curator_signed_by": KEY,
        "os_distro": "debian",
        "os_version": "12",
        "os_type": "linux",
        "architecture": "x86_64",
        "image_original_user": "debian",
    }
    attributes |= {key: changes.pop(key) for key in [*changes] if key in attributes}
    said = {key: value for key, value in {**properties, **changes}.items() if value is not None}
    return {**attributes, "properties": said}


def stepped_back(entry: str, *, days: int, **changes: Any) -> dict[str, Any]:
    """A version that was published so many days ago, and has made way since."""
    told = {"hidden": True, "curator_state": "superseded", **changes}
    name = f"{entry} {NOW - timedelta(days=days):%Y-%m-%d}"
    return {**published(entry, days=days, **told), "name": name}


def catalog(count: int) -> list[dict[str, Any]]:
    """So many images, each with versions that made way, as different as those of a provider."""
    images = []
    for number in range(count):
        label, distro, user = _SYSTEMS[number % len(_SYSTEMS)]
        release = str(10 + number // len(_SYSTEMS))
        name = f"{label} {release}"
        told = {
            "os_distro": distro,
            "os_version": release,
            "image_original_user": user,
            "curator_signed_by": None if number % 4 == 1 else KEY,
            "curator_proof": None if number % 11 == 10 else "sha256:" + "ab" * 32,
            "replace_frequency": ("monthly", "weekly", "quarterly")[number % 3],
            "provided_until": f"{2026 + number % 4}-06-30",
            "maintained_until": f"{2027 + number % 4}-12-31",
            "uuid_validity": "last-2",
            "image_description": f"https://www.example.org/{distro}",
            # Some booted, some did not, and some were never tried.
            "curator_verified_at": "2026-11-20T02:00:00Z" if number % 3 == 0 else None,
            "curator_verified": "started 0.4 s, ssh 9.0 s" if number % 3 == 0 else None,
            "curator_verify_failed": "2026-11-20T02:00:00Z Why." if number % 6 == 4 else None,
            "min_disk": 4 + number % 7,
            "min_ram": 512 * (1 + number % 4),
        }
        age = 2 + (number * 7) % 50
        images.append(published(name, days=age, **told))
        images += [
            stepped_back(name, days=age + 30 * version, **told)
            for version in range(1, 1 + number % 4)
        ]
    return images


def planned(actions: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """What catalog_plan returns of a catalog in which each entry needs this."""
    work = [
        {"name": name, "action": action, "reasons": [f"Why {name}."], "changes": {}}
        for name, action in actions.items()
        if action in {"upload", "swap", "resume", "update_metadata"}
    ]
    return {
        "entries": [{"name": name, "action": action} for name, action in actions.items()],
        "work": work,
        "errors": [
            {"name": name, "reasons": [f"Why {name}."]}
            for name, action in actions.items()
            if action == "error"
        ],
        "retire": [],
        "left_alone": {"unmanaged": 7},
        **more,
    }


def report(
    images: Sequence[Mapping[str, Any]], *, project_id: str | None = PROJECT, **told: Any
) -> dict[str, Any]:
    """The report of the day."""
    return report_of(images, project_id=project_id, now=NOW, **told)
