# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A provider with a catalog, an upstream whose releases it names, and a cloud for them."""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support.cloud import LoopbackCloud, User
from support.proxy import Proxy, behind
from support.running import Played, play
from support.sources import Release, new_release
from support.upstream import Upstream, upstream

PLAYBOOK = "curator.glance.publish"
_DISK = "disk.qcow2"


@dataclass(frozen=True)
class Published:
    """What a run came to, by its own words."""

    played: Played
    report: dict[str, Any]

    @property
    def entries(self) -> dict[str, dict[str, Any]]:
        """What became of each entry, by its name."""
        return {entry["name"]: entry for entry in self.report["entries"]}

    def assert_nothing_to_do(self) -> None:
        """A run that found all in place, and said so without any fuss."""
        assert self.played.status == 0, self.played.output
        assert {entry["action"] for entry in self.report["entries"]} == {"unchanged"}
        assert "changed=0" in self.played.output
        assert "[WARNING]" not in self.played.output, self.played.output


@dataclass
class Provider:
    """Runs of one catalog; all that they make has the mark in its name."""

    cloud: LoopbackCloud
    server: Upstream
    folder: Path
    user: str = "provider"
    mark: str = field(default_factory=lambda: f"test {uuid.uuid4().hex}")
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def owner(self) -> User:
        return self.cloud[self.user]

    @property
    def catalog(self) -> Path:
        return self.folder / "catalog.yml"

    def name(self, label: str) -> str:
        """What the entry of this label is called."""
        return f"{self.mark} {label}"

    def release(self, label: str, seed: int = 1) -> Release:
        """Let upstream release something, in place of what it released before."""
        (self.server.folder / label).mkdir(exist_ok=True)
        # Each label and each seed has bytes of its own.
        chance = zlib.crc32(f"{label} {seed}".encode())
        return new_release(self.server.folder / label, _DISK, seed=chance, mib=1)

    def add(self, label: str, seed: int = 1, **more: Any) -> Release:
        """Release something, and list it in the catalog."""
        release = self.release(label, seed)
        self.entries.append(
            {
                "name": self.name(label),
                "source": self.server.url(f"{label}/{_DISK}"),
                "checksum": f"sha512:{self.server.url(f'{label}/SHA512SUMS')}",
                **more,
            }
        )
        return release

    def write(self) -> Path:
        """The catalog as a file."""
        self.catalog.write_text(yaml.safe_dump(self.entries, sort_keys=False))
        return self.catalog

    def arguments(self, **variables: Any) -> list[str]:
        """What the playbook is told."""
        told = {
            "publish_images_catalog_file": str(self.write()),
            "publish_images_cloud": self.user,
            "publish_images_cache_dir": str(self.folder / "cache"),
            **variables,
        }
        return ["--extra-vars", json.dumps(told)]

    def publish(
        self,
        *arguments: str,
        playbook: list[dict[str, Any]] | str = PLAYBOOK,
        hangs_after: float = 600,
        **variables: Any,
    ) -> Published:
        """Run the playbook once."""
        told = self.arguments(**variables)
        played = play(playbook, *told, *arguments, hangs_after=hangs_after)
        return Published(played, reported(played))

    def behind(self, glance: Proxy) -> dict[str, str]:
        """The environment in which the owner's Glance is a proxy, and the others' is not."""
        clouds = yaml.safe_load(self.cloud.clouds_yaml.read_text())
        clouds["clouds"][self.user] |= behind(self.owner, glance=glance)
        path = self.folder / f"clouds-{uuid.uuid4().hex}.yaml"
        path.write_text(yaml.safe_dump(clouds))
        return {"OS_CLIENT_CONFIG_FILE": str(path)}

    def images(self, label: str = "") -> list[dict[str, Any]]:
        """All images that an entry left, the oldest first, or all of the catalog."""
        mark = self.name(label) if label else self.mark
        found = [image for image in _listed(self.owner) if mark in json.dumps(image)]
        return sorted(found, key=lambda image: image["created_at"])

    def named(self, label: str, user: str | None = None) -> list[dict[str, Any]]:
        """Images in somebody's listing that have the name of the entry."""
        query = {"name": self.name(label)}
        seen = self.cloud[user or self.user].done("GET", "/images", params=query)
        images: list[dict[str, Any]] = seen["images"]
        return images

    def forget(self) -> None:
        """Take away all that the runs left."""
        patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
        unprotect = [{"op": "replace", "path": "/protected", "value": False}]
        for image in self.images():
            if image["protected"]:
                self.owner.http("PATCH", f"/images/{image['id']}", json=unprotect, headers=patch)
            self.owner.http("DELETE", f"/images/{image['id']}")


@contextmanager
def publishing(cloud: LoopbackCloud, folder: Path, user: str = "provider") -> Iterator[Provider]:
    """A provider with an empty catalog, of whose images nothing is left afterwards."""
    (folder / "upstream").mkdir()
    with upstream(folder / "upstream") as server:
        provider = Provider(cloud, server, folder, user)
        try:
            yield provider
        finally:
            provider.forget()


def reported(played: Played) -> dict[str, Any]:
    """The report that a run left to later tasks; empty where it did not come so far."""
    for result in played.results:
        report = result.get("ansible_facts", {}).get("publish_images_result")
        if report:
            found: dict[str, Any] = report
            return found
    return {}


def _listed(user: User) -> list[dict[str, Any]]:
    """All that a project has, hidden images too."""
    found = []
    for hidden in ("false", "true"):
        query = {"owner": user.project_id, "limit": "1000", "os_hidden": hidden}
        found += user.done("GET", "/images", params=query)["images"]
    return found
