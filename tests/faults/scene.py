# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One upload on the stage: a source, a name of its own, and what can be seen of it afterwards."""

from __future__ import annotations

import hashlib
import json
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.cloud import LoopbackCloud, User
from support.messages import sentence
from support.proxy import Proxy, behind
from support.running import run_module

MODULE = "image_upload_raw"
_OTHERS = ("customer_a", "customer_b", "publisher")


@dataclass(frozen=True)
class Source:
    """A disk to upload, and what has to stand in Glance afterwards."""

    path: Path
    sha512: str
    raw_sha512: str
    raw_size: int

    @property
    def checksum(self) -> str:
        return f"sha512:{self.sha512}"


def make_source(folder: Path, pieces: list[bytes]) -> Source:
    """A qcow2 of these contents; what it holds is read with qemu-img."""
    plain, disk, raw = (folder / name for name in ("plain", "disk.qcow2", "raw"))
    plain.write_bytes(b"".join(pieces))
    _convert(plain, "raw", disk, "qcow2")
    plain.unlink()
    _convert(disk, "qcow2", raw, "raw")
    source = Source(disk, _sha512(disk), _sha512(raw), raw.stat().st_size)
    raw.unlink()
    return source


def _convert(origin: Path, origin_format: str, result: Path, result_format: str) -> None:
    formats = ["-f", origin_format, "-O", result_format]
    subprocess.run(["qemu-img", "convert", *formats, origin, result], check=True)


def _sha512(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha512").hexdigest()


@dataclass
class Scene:
    """Runs of one task, and the cloud read without it."""

    cloud: LoopbackCloud
    source: Source
    # Found in everything that the task leaves in Glance, and in nothing else.
    name: str
    cache: Path
    user: str = "provider"
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def owner(self) -> User:
        return self.cloud[self.user]

    def task(
        self, *, glance: Proxy | None = None, keystone: Proxy | None = None, **options: Any
    ) -> dict[str, Any]:
        """The options of the task, with proxies between it and the cloud."""
        return {
            "name": self.name,
            "source": str(self.source.path),
            "source_checksum": self.source.checksum,
            "cache_dir": str(self.cache),
            "cloud": behind(self.owner, glance=glance, keystone=keystone),
            **self.options,
            **options,
        }

    def run(
        self, *, glance: Proxy | None = None, keystone: Proxy | None = None, **options: Any
    ) -> dict[str, Any]:
        """Run it once."""
        return run_module(MODULE, **self.task(glance=glance, keystone=keystone, **options))

    def traces(self) -> list[dict[str, Any]]:
        """Every image that has to do with the task, as an administrator finds them."""
        images = _listed(self.cloud["provider"])
        return [image for image in images if self.name in json.dumps(image)]

    def assert_invisible(self) -> None:
        """No other project sees anything of it, in any listing."""
        for name in _OTHERS:
            images = _listed(self.cloud[name], visibility="all")
            assert not [image for image in images if self.name in json.dumps(image)]

    def assert_nothing_left(self) -> None:
        """No image of the task, in whatever state."""
        assert [(image["id"], image["status"]) for image in self.traces()] == []

    def assert_published(self, result: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One image, active, under its name, with the bytes that qemu-img makes of the source."""
        assert not (result or {}).get("failed"), result
        (image,) = self.traces()
        assert image["name"] == self.name
        assert image["status"] == "active"
        assert image["size"] == self.source.raw_size
        assert image["os_hash_algo"] == "sha512"
        assert image["os_hash_value"] == self.source.raw_sha512
        data = self.owner.http("GET", f"/images/{image['id']}/file").content
        assert hashlib.sha512(data).hexdigest() == self.source.raw_sha512
        return image

    def assert_failed(self, result: Mapping[str, Any], *words: str) -> None:
        """One clear sentence, with these words, and no image left."""
        message = sentence(dict(result))
        for word in words:
            assert word in message
        self.assert_nothing_left()


@contextmanager
def staged(cloud: LoopbackCloud, source: Source, folder: Path) -> Iterator[Scene]:
    """A scene of its own name, of which nothing is left afterwards."""
    scene = Scene(cloud, source, f"fault {uuid.uuid4().hex}", folder / "cache")
    try:
        yield scene
    finally:
        for image in scene.traces():
            scene.cloud["provider"].http("DELETE", f"/images/{image['id']}")


def _listed(user: User, **query: str) -> list[dict[str, Any]]:
    """All that a user is shown, hidden images too."""
    found: list[dict[str, Any]] = []
    for hidden in ("false", "true"):
        params = {"limit": "1000", "os_hidden": hidden, **query}
        page = user.done("GET", "/images", params=params)
        found += page["images"]
        while "next" in page:
            page = user.done("GET", page["next"].removeprefix("/v2"))
            found += page["images"]
    return found
