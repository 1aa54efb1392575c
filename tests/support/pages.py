# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Catalog pages, written by the role report_images of reports that tests made up."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.domain.report.report import for_users

from support.reporting import catalog, planned, published, report, stepped_back
from support.running import play

# Does what is done to whoever takes a text for HTML, or for a script.
HOSTILE = (
    '"\'><img src=x onerror="hacked=1"><script>hacked=1</script></script x><!--<script '
    "{{ 7 * 191 }}${hacked=1}`hacked=1`&lt;b&gt;javascript:hacked=1 \u2028\u202e\\"
)


@dataclass(frozen=True)
class Written:
    """The files of one report."""

    page: Path
    json: Path


def few() -> dict[str, Any]:
    """Three images and nothing else."""
    return report(catalog(3), title="Images", cloud="example")


def many() -> dict[str, Any]:
    """A hundred, compared with a catalog in which some need something, and two are not there."""
    images = catalog(100)
    names = sorted({image["properties"]["curator_entry"] for image in images})
    actions = dict.fromkeys(names[1:], "none")
    actions |= {names[5]: "swap", names[9]: "update_metadata", names[12]: "retire"}
    actions |= {"Windows Server 2025": "upload", "Arch Linux": "error"}
    plan = planned(actions)
    plan["work"][1]["changes"] = {"before": {"min_ram": 512}, "after": {"min_ram": 1024}}
    return report(images, plan=plan, title="Images of Example Cloud", cloud="example")


def huge() -> dict[str, Any]:
    """As many as nobody scrolls through."""
    return report(catalog(2000), cloud="example")


def users() -> dict[str, Any]:
    """What is given to everybody."""
    return for_users(few())


def hostile() -> dict[str, Any]:
    """Every text that somebody else chose is meant to do harm."""
    texts = (
        *("os_distro", "os_version", "os_type", "architecture", "image_original_user"),
        *("image_description", "l1_support_contact", "replace_frequency", "uuid_validity"),
        *("curator_source", "curator_proof", "curator_signed_by", "curator_verified_at"),
        "curator_prepared",
        *("curator_verified", "curator_verify_failed"),
        *("provided_until", "maintained_until", "image_build_date", "hw_disk_bus"),
    )
    told: dict[str, Any] = dict.fromkeys(texts, HOSTILE)
    images = [
        published(HOSTILE, **told, os_hash_algo=HOSTILE),
        stepped_back(HOSTILE, days=40, **told),
        published("linking", image_description="javascript:hacked=1", curator_source="data:,x"),
    ]
    plan = planned({HOSTILE: "swap", f"{HOSTILE} 2": "error", "linking": "none"})
    plan["work"][0]["reasons"] = [HOSTILE]
    plan["work"][0]["changes"] = {"before": {HOSTILE: HOSTILE}, "after": {HOSTILE: HOSTILE}}
    plan["errors"][0]["reasons"] = [HOSTILE]
    return report(images, plan=plan, title=HOSTILE, cloud=HOSTILE)


PAGES: Mapping[str, Callable[[], dict[str, Any]]] = {
    "few": few,
    "many": many,
    "huge": huge,
    "users": users,
    "hostile": hostile,
}


def written(
    reports: Mapping[str, Callable[[], dict[str, Any]]], folder: Path
) -> dict[str, Written]:
    """All of them, written in one run."""
    files = {}
    for name, made in reports.items():
        (folder / f"{name}.report").write_text(json.dumps(made()))
        files[name] = Written(page=folder / f"{name}.html", json=folder / f"{name}.json")
    task = {
        "name": "Write a page",
        "ansible.builtin.include_role": {
            "name": "curator.glance.report_images",
            "tasks_from": "write",
        },
        "vars": {
            "report_images_result": "{{ lookup('file', file ~ '.report') | from_json }}",
            "report_images_page_file": "{{ file }}.html",
            "report_images_json_file": "{{ file }}.json",
        },
        "loop": [str(folder / name) for name in reports],
        "loop_control": {"loop_var": "file"},
    }
    played = play([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}])
    assert played.status == 0, played.output
    return files
