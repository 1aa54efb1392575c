# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers whose snapshots tests make with our module, and what came of that, read without it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.compute import ComputeCloud
from support.proxy import Proxy, behind, proxy
from support.running import run_module

MODULE = "image_snapshot"
# The request with which a server's image gets its name.
SHOW = r"PATCH /v2/images/"


@dataclass(frozen=True)
class Snapshots:
    """A server of a customer, started from the provider's image, and a name for its image."""

    compute: ComputeCloud
    server: dict[str, Any]
    name: str
    user: str = "customer_a"

    def task(self, **options: Any) -> dict[str, Any]:
        """The options of the module."""
        return {"cloud": self.user, "server": self.server["id"], "name": self.name, **options}

    def run(self, **options: Any) -> dict[str, Any]:
        """Run it once; what it makes is taken away after the test."""
        result = run_module(MODULE, **self.task(**options))
        if (result.get("image") or {}).get("id"):
            self.compute.cloud.forget_later(self.user, result["image"]["id"])
        return result

    def images(self) -> list[dict[str, Any]]:
        """All that there is of the server, complete or not, in sight or not."""
        owner = self.compute.cloud[self.user]
        query = {"owner": owner.project_id, "limit": "1000"}
        found = [
            image
            for hidden in ("false", "true")
            for image in owner.done("GET", "/images", params=query | {"os_hidden": hidden})[
                "images"
            ]
        ]
        return [image for image in found if self._is_of_it(image)]

    def _is_of_it(self, image: dict[str, Any]) -> bool:
        signs = (image.get("instance_uuid"), image.get("curator_source", "").partition("/")[2])
        return self.server["id"] in signs

    def shown(self) -> dict[str, Any]:
        """The server as it is now."""
        return self.compute.server(self.server["id"], self.user)

    def actions(self) -> list[str]:
        """What was done to the server so far, as Nova tells it."""
        path = f"/servers/{self.server['id']}/os-instance-actions"
        told = self.compute.nova_done(self.user, "GET", path)["instanceActions"]
        return [one["action"] for one in reversed(told)]

    def data(self) -> bytes:
        """The bytes of the only image."""
        (image,) = self.images()
        answer = self.compute.cloud[self.user].http("GET", f"/images/{image['id']}/file")
        assert hashlib.sha512(answer.content).hexdigest() == image["os_hash_value"]
        return answer.content

    def assert_as_before(self) -> None:
        """The server runs, with nothing on it that tells of us."""
        server = self.shown()
        assert (server["status"], server["OS-EXT-STS:task_state"]) == ("ACTIVE", None)
        assert server["metadata"] == self.server["metadata"]

    @contextmanager
    def behind_proxies(self) -> Iterator[tuple[dict[str, Any], Proxy, Proxy]]:
        """The cloud as an option, with proxies in front of Nova and Glance."""
        owner = self.compute.cloud[self.user]
        services = self.compute.cloud.description["clouds"]["first"]["services"]
        with proxy(services["nova"]["url"]) as nova, proxy(owner.glance_url) as glance:
            cloud = behind(owner, glance=glance)
            yield {**cloud, "compute_endpoint_override": f"{nova.url}/v2.1"}, nova, glance


def new_snapshots(
    compute: ComputeCloud, name: str, *, disk: Path | None = None, **attributes: Any
) -> Snapshots:
    """A server that runs; where its disk is said to be a file, snapshots have that."""
    base = compute.cloud.new_image(visibility="public", **attributes)
    metadata = {"disk": str(disk)} if disk else {}
    server = compute.new_server(base["id"], name=f"{name} web", metadata=metadata)
    return Snapshots(compute, server, name)
