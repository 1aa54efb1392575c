# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Catalogs of openstack-image-manager for tests, and what they come to as ours."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.osism import (
    Wishes,
    read_osism,
)

SHA256 = "sha256:" + "1" * 64
URL = "https://images.example.org/1/example.qcow2"

Said = dict[str, Any]


def converted(content: Any, **wishes: bool) -> tuple[list[Said], list[Said]]:
    """Entries, and what is reported; both plain enough for JSON."""
    result = read_osism(content, Wishes(**wishes)).as_result()
    assert json.loads(json.dumps(result)) == result
    return result["entries"], result["not_mapped"]


def image(*versions: Said, **changes: Any) -> Said:
    """An image with what the tool insists on."""
    return {
        "name": "Example",
        "format": "qcow2",
        "login": "example",
        "status": "active",
        "visibility": "public",
        "multi": True,
        "meta": {"os_distro": "debian", "os_version": "12", "os_purpose": "generic"},
        "tags": [],
        "versions": list(versions) or [version()],
        **changes,
    }


def version(name: str = "20261001", **changes: Any) -> Said:
    """One of its versions."""
    return {"version": name, "url": URL, "checksum": SHA256, **changes}


def only(entry_or_report: list[Said]) -> Said:
    """What is alone there."""
    (one,) = entry_or_report
    return one


def reported(not_mapped: list[Said]) -> dict[str, str]:
    """The reasons by their keys."""
    return {one["key"]: one["reason"] for one in not_mapped}
