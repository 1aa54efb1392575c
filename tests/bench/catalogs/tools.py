# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same catalog for each of the tools, and how each is started with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import plays
from bench.catalogs.standing import file_of, numbered
from bench.contenders import Line
from bench.contest import MEMBER, Command
from bench.sources import Source

# The cloud that converts what it imports, which openstack-image-manager relies on.
CONVERTING = "elsewhere"
PREFIX = "bench catalog"
_VERSION = "1"
# What each entry says, in the words of both tools.
_SAID = {
    "architecture": "x86_64",
    "hw_disk_bus": "scsi",
    "hw_rng_model": "virtio",
    "hw_scsi_model": "virtio-scsi",
    "hw_watchdog_action": "reset",
    "hypervisor_type": "qemu",
    "os_distro": "debian",
    "os_purpose": "custom",
}
_STANDARD = {"replace_frequency": "never", "uuid_validity": "none", "provided_until": "none"}


@dataclass(frozen=True)
class Wanted:
    """One image of a catalog."""

    number: int
    source: Source
    # Tiny ones have files of their own, all alike; others are files of the shelf.
    file: str

    @property
    def name(self) -> str:
        return numbered(PREFIX, self.number)


def tiny(source: Source, count: int) -> list[Wanted]:
    """A catalog of so many images that take no time."""
    return [Wanted(number, source, file_of(number)) for number in range(count)]


def publish(line: Line, catalog: Sequence[Wanted], upstream: str, work: Path) -> Command:
    """Our playbook, as a scheduler would start it."""
    entries = [
        {
            "name": wanted.name,
            "source": f"{upstream}/{wanted.file}",
            "checksum": f"sha512:{upstream}/SHA512SUMS",
            "visibility": "private",
            "tags": [PREFIX],
            "min_ram": 64,
            "min_disk": 1,
            "os": {"user": "nobody"},
            "properties": dict(_SAID),
            **_STANDARD,
        }
        for wanted in catalog
    ]
    file = work / "catalog.json"
    file.write_text(json.dumps(entries))
    environment = line.environment("ours", work) | {"OS_CLOUD": MEMBER}
    said = {
        "publish_images_catalog_file": str(file),
        "publish_images_cache_dir": str(work / "cache"),
    }
    words = ["ansible-playbook", "curator.glance.publish", "--forks", "4"]
    return Command([*words, "--extra-vars", json.dumps(said)], environment)


def manage(line: Line, catalog: Sequence[Wanted], upstream: str, work: Path) -> Command:
    """openstack-image-manager, which is told the same."""
    file = work / "images.yml"
    images = [_managed(wanted, upstream) for wanted in catalog]
    file.write_text(json.dumps({"images": images}))
    words = ["openstack-image-manager", "--cloud", CONVERTING, "--images", str(file)]
    # Verified against a checksum, as everybody does it here: it does not by default.
    words += ["--tag", PREFIX.replace(" ", "_"), "--verify-checksum"]
    return Command(words, line.environment("manager", work))


def _managed(wanted: Wanted, upstream: str) -> dict[str, Any]:
    return {
        "name": wanted.name,
        "enable": True,
        "format": "qcow2",
        "login": "nobody",
        "min_disk": 1,
        "min_ram": 64,
        "status": "active",
        "visibility": "private",
        "multi": False,
        "meta": {**_SAID, **_STANDARD},
        "tags": [],
        "versions": [
            {
                "version": _VERSION,
                "url": f"{upstream}/{wanted.file}",
                "checksum": f"sha512:{wanted.source.sha512}",
            }
        ],
    }


def loop(line: Line, catalog: Sequence[Wanted], _upstream: str, work: Path) -> Command:
    """A task of openstack.cloud.image for each; the properties would be changes at every run."""
    task = {
        "name": "See that they are there",
        "openstack.cloud.image": {
            "cloud": MEMBER,
            "name": "{{ item }}",
            "filename": "{{ folder }}/disk.raw",
            "disk_format": "raw",
            "container_format": "bare",
            "visibility": "private",
        },
        "loop": [wanted.name for wanted in catalog],
    }
    return line.playbook("ansible", plays.play(task), work)
