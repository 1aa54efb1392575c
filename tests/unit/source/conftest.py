# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An upstream on loopback for each test, and the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.proof import Proof
from ansible_collections.curator.glance.plugins.module_utils.source.fetching import (
    Fetched,
    fetched,
)
from ansible_collections.curator.glance.plugins.module_utils.source.location import Location
from ansible_collections.curator.glance.plugins.module_utils.source.web import Web

from support.upstream import Upstream, upstream


class Told:
    """Progress as a list of stages, each with the bytes that it announced and moved."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int | None]] = []
        self.bytes = 0

    def stage(self, name: str, total: int | None = None) -> None:
        self.stages.append((name, total))
        self.bytes = 0

    def moved(self, count: int) -> None:
        self.bytes += count

    @property
    def names(self) -> set[str]:
        return {name for name, _total in self.stages}


@dataclass
class Site:
    """One published file, and all that it takes to fetch it."""

    server: Upstream
    cache: Path
    name: str = "disk.img"
    progress: Told = field(default_factory=Told)

    @property
    def location(self) -> Location:
        return Location(self.server.url(self.name))

    def web(self, *, timeout: float = 20, **options: Any) -> Web:
        return Web(source=self.location, timeout=timeout, first_pause=0.001, **options)

    def fetch(
        self, proof: Proof | None = None, *, web: Web | None = None
    ) -> AbstractContextManager[Fetched]:
        """The file, in the cache of this test."""
        return fetched(
            self.location,
            proof=proof,
            cache=self.cache,
            web=web or self.web(),
            progress=self.progress,
        )

    @property
    def gets(self) -> int:
        """How often the file was asked for."""
        return self.server.count(self.name)

    @property
    def cached(self) -> set[str]:
        """The kinds of files in the cache: the endings of their names."""
        return {path.suffix for path in self.cache.iterdir()}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An upstream with nothing on it."""
    folder = tmp_path / "upstream"
    folder.mkdir()
    with upstream(folder) as server:
        yield Site(server, tmp_path / "cache")
