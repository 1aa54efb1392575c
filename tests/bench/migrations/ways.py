# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways of an image: from one cloud to another, and down to a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import plays
from bench.contenders import Line
from bench.contest import MEMBER, Command
from bench.migrations.targets import (
    BY_FILE,
    MIGRATE,
    NOTHING,
    OURS_SAVE,
    RELAY,
    SAVE,
    SAVE_IN_MIB,
)
from support.cloud import User

_JOBS = Path(__file__).resolve().parents[1] / "jobs"
THERE = "elsewhere"
FILE = "disk.raw"


@dataclass(frozen=True)
class Trip:
    """One image that stands in a cloud, and what is to become of it."""

    image_id: str
    size: int
    # Of the image that is to be at the destination.
    name: str
    # Where its bytes come from, and go to.
    here: User
    there: User
    work: Path


Way = Callable[[Line, Trip], Command]


def _migrate(line: Line, trip: Trip) -> Command:
    task = {
        "name": "Migrate",
        "curator.glance.image_migrate": {
            "cloud": MEMBER,
            "image": trip.image_id,
            "destination": {"cloud": THERE, "name": trip.name},
        },
    }
    return line.playbook("ours", plays.play(task), trip.work)


def _save(line: Line, trip: Trip) -> Command:
    task: dict[str, Any] = {
        "name": "Save",
        "curator.glance.image_download": {
            "cloud": MEMBER,
            "image": trip.image_id,
            "path": f"{{{{ folder }}}}/{FILE}",
        },
    }
    return line.playbook("ours", plays.play(task), trip.work)


def _nothing(line: Line, trip: Trip) -> Command:
    return line.playbook("ours", plays.NOTHING, trip.work)


def _relay(line: Line, trip: Trip) -> Command:
    source = f"{trip.here.glance_url}/v2/images/{trip.image_id}/file"
    words: list[str | Path] = [
        *(_JOBS / "relay", str(trip.size)),
        *(_headers(trip.here, trip.work / "headers-here"), source),
        *(_headers(trip.there, trip.work / "headers-there"), _new_image(trip)),
    ]
    return Command(words, line.environment("ours", trip.work))


def _new_image(trip: Trip) -> str:
    """The address that takes the data of an image at the destination."""
    body = {"name": trip.name, "disk_format": "raw", "container_format": "bare"}
    image = trip.there.done("POST", "/images", json={**body, "visibility": "private"})
    return f"{trip.there.glance_url}/v2/images/{image['id']}/file"


def _headers(user: User, path: Path) -> Path:
    """A file of headers: on a command line, everybody could read the token."""
    path.touch(mode=0o600)
    path.write_text(f"X-Auth-Token: {user._login[0]}\nContent-Type: application/octet-stream\n")
    return path


def _by_file(line: Line, trip: Trip) -> Command:
    words: list[str | Path] = [_JOBS / "by-file", MEMBER, trip.image_id, THERE, trip.name]
    return Command(words, line.environment("clients", trip.work))


def _client_save(*options: str) -> Way:
    def way(line: Line, trip: Trip) -> Command:
        words = ["openstack", "--os-cloud", MEMBER, "image", "save", *options]
        environment = line.environment("clients", trip.work)
        return Command([*words, "--file", FILE, trip.image_id], environment)

    return way


# Those to another cloud, and those to a file.
MIGRATIONS: Mapping[str, Way] = {MIGRATE: _migrate, RELAY: _relay, BY_FILE: _by_file}
DOWNLOADS: Mapping[str, Way] = {
    OURS_SAVE: _save,
    SAVE_IN_MIB: _client_save("--chunk-size", str(2**20)),
    SAVE: _client_save(),
}
# What Ansible itself takes.
OTHERS: Mapping[str, Way] = {NOTHING: _nothing}
