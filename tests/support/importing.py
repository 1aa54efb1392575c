# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports of machines, run as a user does, and what the cloud has afterwards."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.cloud import LoopbackCloud
from support.disks import qemu_img
from support.running import Played, play

PLAYBOOK = "curator.glance.import_vm"
_RECAP = re.compile(r"^(\S+)\s*: ok=\d+ +changed=(\d+) .*failed=(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Imported:
    """A run of the playbook, and the report that it gave."""

    played: Played
    machines: list[dict[str, Any]]

    @property
    def status(self) -> int:
        return self.played.status

    @property
    def output(self) -> str:
        return self.played.output

    @property
    def changed(self) -> int:
        """How many tasks say that they changed something, on all hosts."""
        return sum(int(changed) for _host, changed, _failed in _RECAP.findall(self.output))

    @property
    def hosts(self) -> set[str]:
        """The hosts that were worked on, other than this one."""
        return {host for host, _changed, _failed in _RECAP.findall(self.output)} - {"localhost"}

    def machine(self, name: str) -> dict[str, Any]:
        """What the report says of one machine."""
        return next(machine for machine in self.machines if machine["name"] == name)


@dataclass
class Importer:
    """Imports machines for one test, and takes away what came of them."""

    cloud: LoopbackCloud
    folder: Path
    user: str = "customer_a"
    # No other test uses it.
    sign: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def name(self, of: str = "machine") -> str:
        """A name that no other test uses."""
        return f"{of} {self.sign}"

    def run(
        self,
        *arguments: str,
        playbook: str | list[dict[str, Any]] = PLAYBOOK,
        hangs_after: float = 600,
        **variables: Any,
    ) -> Imported:
        """Run the playbook with these variables, without their prefix."""
        given = {"cloud": self.user, "cache_dir": str(self.folder / "cache"), **variables}
        extra = json.dumps({f"import_vm_{key}": value for key, value in given.items()})
        played = play(playbook, "-e", extra, *arguments, hangs_after=hangs_after)
        machines: list[dict[str, Any]] = []
        for result in played.results:
            facts = result.get("ansible_facts") or {}
            machines = facts.get("import_vm_result", {}).get("machines", machines)
        for machine in machines:
            for image in filter(None, machine.get("images", ())):
                self.cloud.forget_later(self.user, image["id"])
        return Imported(played, machines)

    def standing(self, name: str) -> dict[str, Any]:
        """The one image of a name, as the cloud shows it."""
        (image,) = self.cloud.images_named(name, self.user)
        return image

    def left_of(self, *names: str) -> list[str]:
        """The names of whatever is in the cloud of these, in whatever state."""
        return [image["name"] for name in names for image in self.cloud.left_of(name)]

    def staged(self, name: str) -> list[dict[str, Any]]:
        """Images that were made for a name and never got it; they are taken away afterwards."""
        query = {"curator_entry": name, "curator_state": "staged"}
        images: list[dict[str, Any]] = self.cloud[self.user].done("GET", "/images", params=query)[
            "images"
        ]
        for image in images:
            self.cloud.forget_later(self.user, image["id"])
        return images

    def stored(self, image: Mapping[str, Any]) -> bytes:
        """The bytes that the cloud has of an image, fetched past all of our code."""
        answer = self.cloud[self.user].http("GET", f"/images/{image['id']}/file")
        assert answer.ok
        return answer.content


def tried(done: Imported, name: str) -> dict[str, bool]:
    """Which hardware a machine was booted with, in this order, and whether it came up."""
    return {one["name"]: one["passed"] for one in done.machine(name)["chosen"]["tried"]}


def raw_of(disk: Path, kind: str) -> bytes:
    """What qemu-img makes of a disk."""
    target = disk.with_name(f"{disk.name}.as-raw")
    qemu_img("convert", "-f", kind, "-O", "raw", disk, target)
    return target.read_bytes()


def assert_stored(bring: Importer, image: Mapping[str, Any], raw: bytes) -> None:
    """That the cloud has just these bytes, by its hash and by what it gives out."""
    assert image["status"] == "active"
    assert (image["disk_format"], image["size"]) == ("raw", len(raw))
    assert image["os_hash_value"] == hashlib.sha512(raw).hexdigest()
    assert bring.stored(image) == raw
