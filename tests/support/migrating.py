# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images on their way between the two clouds, and what of them is found at the other end."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from support.cloud import LoopbackCloud, User
from support.messages import sentence
from support.proxy import Proxy, behind
from support.running import run_module

MODULE = "image_migrate"
MIGRATED_FROM = "curator_migrated_from"


def some_bytes(count: int, seed: int = 1) -> bytes:
    """Bytes that are the same every time, and none of them like the next."""
    return random.Random(seed).randbytes(count)  # noqa: S311  # Test data.


def ok(result: dict[str, Any]) -> dict[str, Any]:
    """The result of a task that did not fail."""
    assert not result.get("failed"), result
    return result


def stored(cloud: LoopbackCloud, user: str, image_id: str) -> bytes:
    """What an image really holds."""
    data: bytes = cloud[user].http("GET", f"/images/{image_id}/file").content
    return data


def found(user: User, *source_ids: str) -> list[dict[str, Any]]:
    """All that came of these images where a user sees it, in whatever state, hidden or not."""
    images: list[dict[str, Any]] = []
    for hidden in ("false", "true"):
        query = {"limit": "1000", "os_hidden": hidden, "tag": "managed_by_curator"}
        images += user.done("GET", "/images", params=query)["images"]
    return [one for one in images if one.get(MIGRATED_FROM, "").rpartition("/")[2] in source_ids]


@dataclass
class Journey:
    """One image, and its way from one user's cloud to another's."""

    cloud: LoopbackCloud
    image: dict[str, Any]
    data: bytes
    source: str = "provider"
    destination: str = "elsewhere"
    options: dict[str, Any] = field(default_factory=dict)

    def task(
        self,
        *,
        source: Proxy | None = None,
        destination: Proxy | None = None,
        there: dict[str, Any] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """The options of the task, with proxies in front of either cloud."""
        cloud = behind(self.cloud[self.destination], glance=destination)
        return {
            "image": self.image["id"],
            "cloud": behind(self.cloud[self.source], glance=source),
            "destination": {"cloud": cloud, **(there or {})},
            **self.options,
            **options,
        }

    def run(
        self, *, source: Proxy | None = None, destination: Proxy | None = None, **options: Any
    ) -> dict[str, Any]:
        """Run it once."""
        return run_module(MODULE, **self.task(source=source, destination=destination, **options))

    def traces(self) -> list[dict[str, Any]]:
        """Whatever there is of it at the destination."""
        return found(self.cloud[self.destination], self.image["id"])

    def assert_arrived(self, result: dict[str, Any]) -> dict[str, Any]:
        """One image of its name, with its bytes."""
        ok(result)
        (there,) = self.traces()
        assert (there["name"], there["status"]) == (self.image["name"], "active")
        assert there["size"] == len(self.data)
        assert there["os_hash_value"] == hashlib.sha512(self.data).hexdigest()
        assert self.cloud[self.source].image(self.image["id"]) == self.image
        return there

    def assert_failed(self, result: dict[str, Any], *words: str) -> None:
        """One sentence, with these words, and nothing left."""
        message = sentence(result)
        assert all(word in message for word in words), message
        assert self.traces() == []


@contextmanager
def journey(
    cloud: LoopbackCloud, data: bytes, *, source: str = "provider", **attributes: Any
) -> Iterator[Journey]:
    """An image that nobody has moved yet; nothing is left of it afterwards at the destination."""
    image = cloud.new_image(source, data, **attributes)
    going = Journey(cloud, image, data, source=source)
    try:
        yield going
    finally:
        forget(going.cloud, going.destination, image["id"])


def forget(cloud: LoopbackCloud, user: str, *source_ids: str) -> None:
    """Take away after the test what came of these images."""
    for image in found(cloud[user], *source_ids):
        cloud.forget_later(user, image["id"])
