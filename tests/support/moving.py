# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many images that are moved from one cloud to another, by the playbook, as a user runs it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support.cloud import LoopbackCloud
from support.migrating import forget, found, some_bytes
from support.openstack import openstack
from support.proxy import Proxy, behind, proxy
from support.running import Played, play

PLAYBOOK = "curator.glance.migrate"
# The role by itself, as others include it in plays of their own.
ROLE = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        "roles": ["curator.glance.migrate_images"],
    }
]
_RECAP = re.compile(r"^(\S+)\s*: ok=\d+ +changed=(\d+) .*failed=(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Moved:
    """What a run came to, by its own words."""

    played: Played
    report: dict[str, Any]

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

    @property
    def summary(self) -> dict[str, int]:
        """How many of each action there were, without those that there were none of."""
        return {action: count for action, count in self.report["summary"].items() if count}

    def says(self, words: str) -> bool:
        """Whether it printed these words, wherever Ansible broke the line."""
        return words in " ".join(self.output.split())

    def ends(self) -> list[dict[str, Any]]:
        """What became of all images at all of their destinations."""
        return [end for image in self.report["images"] for end in image["destinations"]]

    def end(self, name: str, destination: int = 0) -> dict[str, Any]:
        """What became of one image at one of its destinations."""
        (image,) = (image for image in self.report["images"] if image["name"] == name)
        end: dict[str, Any] = image["destinations"][destination]
        return end


@dataclass
class Mover:
    """Moves images for one test, and takes away what came of them."""

    cloud: LoopbackCloud
    folder: Path
    source: str = "provider"
    destination: str = "elsewhere"
    # No other test uses it.
    sign: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    _ids: list[str] = field(default_factory=list)

    def name(self, of: str) -> str:
        """A name that no other test uses."""
        return f"{of} {self.sign}"

    def image(self, label: str, data: bytes | None = b"", **attributes: Any) -> dict[str, Any]:
        """An image at the source; what it holds follows from its label, unless the test says."""
        if data == b"":
            data = some_bytes(4096, seed=sum(self.name(label).encode()))
        image = self.cloud.new_image(self.source, data, name=self.name(label), **attributes)
        self._ids.append(image["id"])
        return image

    def run(
        self,
        *arguments: str,
        playbook: str | list[dict[str, Any]] = PLAYBOOK,
        env: dict[str, str] | None = None,
        hangs_after: float = 600,
        **variables: Any,
    ) -> Moved:
        """Run the playbook with these variables, without their prefix."""
        told = self.arguments(**variables)
        played = play(playbook, *told, *arguments, env=env, hangs_after=hangs_after)
        return Moved(played, reported(played))

    def arguments(self, **variables: Any) -> list[str]:
        """What the playbook is told."""
        given = {"source": self.source, **variables}
        if "destinations" not in given:
            given.setdefault("destination", self.destination)
        extra = {f"migrate_images_{key}": value for key, value in given.items()}
        return ["--extra-vars", json.dumps(extra)]

    def there(self, user: str | None = None) -> list[dict[str, Any]]:
        """Whatever came of all its images, as a user sees it who is not our module."""
        return found(self.cloud[user or self.destination], *self._ids)

    def shown(self, image_id: str, user: str | None = None) -> dict[str, Any]:
        """An image as the openstack client shows it."""
        shown: dict[str, Any] = openstack(user or self.destination, "image", "show", image_id)
        return shown

    @contextmanager
    def proxies(
        self,
        make: Callable[[str], AbstractContextManager[Proxy]] = proxy,
    ) -> Iterator[tuple[Proxy, Proxy, dict[str, str]]]:
        """Proxies in front of both Glances, and the environment in which they are the clouds'."""
        users = [self.source, self.destination]
        clouds = yaml.safe_load(self.cloud.clouds_yaml.read_text())
        with ExitStack() as stack:
            here, there = (stack.enter_context(make(self.cloud[user].glance_url)) for user in users)
            for user, glance in zip(users, (here, there), strict=True):
                clouds["clouds"][user] |= behind(self.cloud[user], glance=glance)
            path = self.folder / f"clouds-{uuid.uuid4().hex}.yaml"
            path.write_text(yaml.safe_dump(clouds))
            yield here, there, {"OS_CLIENT_CONFIG_FILE": str(path)}

    def forget(self, *users: str) -> None:
        """Take away after the test what came of its images."""
        for user in (self.destination, *users):
            forget(self.cloud, user, *self._ids)


@contextmanager
def moving(cloud: LoopbackCloud, folder: Path, *users: str) -> Iterator[Mover]:
    """A source without images of this test; afterwards nothing is left, here or elsewhere."""
    mover = Mover(cloud, folder)
    try:
        yield mover
    finally:
        mover.forget(*users)


def reported(played: Played) -> dict[str, Any]:
    """The report that a run left to later tasks; empty where it did not come so far."""
    for result in played.results:
        report = (result.get("ansible_facts") or {}).get("migrate_images_result")
        if report:
            found_report: dict[str, Any] = report
            return found_report
    return {}
