# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where guests for tests are kept: what was built stays, what nobody uses for long goes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guests.store import kept

LONG_AGO = 1_000_000_000


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CURATOR_CACHE", str(tmp_path))
    return tmp_path / "guests-for-tests"


def _unpack(folder: Path) -> None:
    """As a package does it: with the times at which it was made."""
    (folder / "file").write_text("new")
    os.utime(folder, (LONG_AGO, LONG_AGO))


def test_what_was_unpacked_stays(cache: Path) -> None:
    """However old it says that it is."""
    folder = kept("kernel-2", _unpack)
    assert (folder / "file").read_text() == "new"
    assert sorted(path.name for path in cache.iterdir()) == ["kernel-2", "kernel-2.lock"]


def test_it_is_built_once() -> None:
    """By whoever asks first."""
    built: list[Path] = []
    folders = [kept("kernel-2", built.append) for _each in range(2)]
    assert len(built) == 1
    assert folders[0] == folders[1]


def test_what_nobody_uses_goes() -> None:
    """Of the same kind; others may be in use where they are not asked for."""
    old, other = kept("kernel-1", _unpack), kept("guest-1", _unpack)
    for folder in (old, other):
        os.utime(folder, (LONG_AGO, LONG_AGO))
    kept("kernel-2", _unpack)
    assert (old.exists(), other.exists()) == (False, True)
