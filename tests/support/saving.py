# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An image to save, a place for it, and what lies there afterwards, read without our modules."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.cloud import LoopbackCloud, User
from support.messages import sentence
from support.proxy import Proxy, behind
from support.running import run_module

MODULE = "image_download"
# What brings an image's data.
READ = r"GET /v2/images/[^/]+/file"


@dataclass
class Saving:
    """Runs of one task, and the folder in which it works."""

    cloud: LoopbackCloud
    image: dict[str, Any]
    data: bytes
    folder: Path

    @property
    def owner(self) -> User:
        return self.cloud["provider"]

    @property
    def path(self) -> Path:
        return self.folder / "saved.raw"

    @property
    def part(self) -> Path:
        return self.folder / f".{self.path.name}.{self.image['id']}.part"

    def task(self, glance: Proxy | None = None, **options: Any) -> dict[str, Any]:
        """The options of the task, with a proxy between it and the cloud."""
        return {
            "image": self.image["id"],
            "path": str(self.path),
            "cloud": behind(self.owner, glance=glance),
            **options,
        }

    def run(self, glance: Proxy | None = None, **options: Any) -> dict[str, Any]:
        """Run it once."""
        return run_module(MODULE, **self.task(glance, **options))

    def names(self) -> set[str]:
        """All that lies in the folder."""
        return {path.name for path in self.folder.iterdir()}

    def assert_saved(self, result: dict[str, Any]) -> None:
        """The file, all of it and nobody else's, its sidecar, and nothing else."""
        assert not result.get("failed"), result
        assert self.names() == {self.path.name, f"{self.path.name}.image.yml"}
        assert sha512(self.path) == hashlib.sha512(self.data).hexdigest()
        assert self.path.stat().st_mode & 0o777 == 0o600

    def assert_failed(self, result: dict[str, Any], *words: str) -> str:
        """One clear sentence, with these words, and nothing under the name."""
        message = sentence(result)
        for word in words:
            assert word in message
        assert not self.path.exists()
        return message


def sha512(path: Path) -> str:
    """What sha512sum says of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha512").hexdigest()


def ranges(glance: Proxy) -> list[str | None]:
    """From which byte on each request asked for the data; None: for all of it."""
    return [passed.headers.get("Range") for passed in glance.seen(READ)]
