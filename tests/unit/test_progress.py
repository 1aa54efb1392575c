# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Progress on its way through a file: written by the one who works, said by the one who follows."""

from __future__ import annotations

import queue
from itertools import count
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils import following, progress
from ansible_collections.curator.glance.plugins.module_utils.domain.progress import Reading

_MIB = 1024**2


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock whose time the test sets."""
    now = [0.0]
    monkeypatch.setattr(progress, "_now", lambda: now[0])
    return now


def _read(path: Path) -> Reading:
    reading = Reading.from_text(path.read_text())
    assert reading is not None
    return reading


def test_it_is_written_at_each_stage_and_once_a_second(tmp_path: Path, clock: list[float]) -> None:
    """A thousand pieces in a second cost one write; the end of a stage is not missed."""
    path = tmp_path / "progress.json"
    told = progress.ProgressFile(path, "Debian 12")
    told.moved(5)
    assert not path.exists()

    told.stage("fetch")
    assert _read(path) == Reading(name="Debian 12", stage="fetch", number=1)
    clock[0] = 0.9
    told.moved(_MIB)
    assert _read(path).moved == 0
    clock[0] = 1.0
    told.moved(_MIB)
    assert _read(path).moved == 2 * _MIB
    assert _read(path).elapsed == 1.0

    told.stage("upload", 3)
    assert _read(path) == Reading(name="Debian 12", stage="upload", number=2, total=3)
    told.moved(2)
    assert _read(path).moved == 0
    told.moved(1)
    assert _read(path).moved == 3
    assert [found.name for found in tmp_path.iterdir()] == ["progress.json"]


def test_a_file_that_cannot_be_written_stops_nobody(tmp_path: Path, clock: list[float]) -> None:
    """The work goes on where its folder is gone, and where a folder stands in its way."""
    for place in (tmp_path / "gone" / "progress.json", tmp_path):
        told = progress.ProgressFile(place, "Debian 12")
        told.stage("upload", 1)
        clock[0] += 60
        told.moved(1)


def test_who_asks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment says where to; without it nothing is written anywhere."""
    monkeypatch.delenv(progress.PROGRESS_FILE, raising=False)
    assert isinstance(progress.progress_from_environment("Debian 12"), progress.NoProgress)
    path = tmp_path / "progress.json"
    monkeypatch.setenv(progress.PROGRESS_FILE, str(path))
    progress.progress_from_environment("Debian 12").stage("fetch", 7)
    assert _read(path) == Reading(name="Debian 12", stage="fetch", number=1, total=7)


def test_who_follows_hears_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines while the work goes on, none after it, and nothing is left of the file."""
    monkeypatch.setattr(following, "_BETWEEN_LOOKS", 0.001)
    # A look a second, on this clock.
    seconds = count()
    monkeypatch.setattr(following, "_now", lambda: float(next(seconds)))
    lines: queue.Queue[str] = queue.Queue()
    with following.followed(str(tmp_path), lines.put) as path:
        path.write_text("not a reading")
        progress.ProgressFile(path, "Debian 12").stage("upload", _MIB)
        said = [lines.get(timeout=30) for _n in range(2)]
    assert all(line.startswith("Debian 12: upload 0 % (0 B of 1.0 MiB") for line in said)
    assert list(tmp_path.iterdir()) == []


def test_who_follows_does_not_outlive_a_failure(tmp_path: Path) -> None:
    """The work's own error comes through, and the file goes with it."""

    def work() -> None:
        with following.followed(str(tmp_path), print) as path:
            # Nothing that can be read.
            path.mkdir()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert list(tmp_path.iterdir()) == []
