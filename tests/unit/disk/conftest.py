# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every test of disks has: a workshop, and a short way to look at what was made in it."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

import pytest
from ansible_collections.curator.glance.plugins.module_utils.disk.opening import (
    OpenDisk,
    look_at,
    open_disk,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.disk import DiskFacts, DiskWish
from ansible_collections.curator.glance.plugins.module_utils.progress import NoProgress

from support.disks import Workshop


class Look(Protocol):
    """Look at a file, or at one with these bytes."""

    def __call__(self, what: Path | bytes, **wish: Any) -> DiskFacts: ...


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The workshop of all tests."""
    return Workshop(tmp_path_factory.mktemp("disks"))


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Look at a file; nothing may be left of that."""
    scratch = tmp_path / "scratch"

    def look(what: Path | bytes, **wish: Any) -> DiskFacts:
        if isinstance(what, bytes):
            path = tmp_path / "file"
            path.write_bytes(what)
            what = path
        asked = DiskWish(**{"name": what.name, **wish})
        facts = look_at(what, asked, scratch=scratch, progress=NoProgress())
        assert not scratch.exists() or not list(scratch.iterdir())
        return facts

    return look


@contextmanager
def opened(path: Path, **wish: Any) -> Iterator[OpenDisk]:
    """A disk that is safe; afterwards, nothing of it is left."""
    scratch = path.with_name(f"{path.name}.scratch")
    asked = DiskWish(**{"name": path.name, **wish})
    with open_disk(path, asked, scratch=scratch, progress=NoProgress()) as disk:
        yield disk
    assert not scratch.exists() or not list(scratch.iterdir())


def delivered(disk: OpenDisk, target: Literal["raw", "keep"] = "raw") -> bytes:
    """All that one stream delivers; its size is what it said."""
    with disk.stream(target) as stream:
        said = stream.size
        data = b"".join(stream.pieces)
        assert said in {None, len(data)}
        assert stream.size == len(data)
    return data


def digest(data: bytes) -> str:
    """Short enough to be shown where two disks differ."""
    return hashlib.sha512(data).hexdigest()


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Fail instead of hanging."""

    def too_long(*_details: object) -> None:
        raise TimeoutError(f"this took more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
