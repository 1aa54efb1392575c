# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whoever reads a disk through other programs leaves neither files nor programs behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from support.disks import Workshop
from support.waiting import until
from unit.disk.conftest import delivered, opened

# Longer than what the programs and the pipe between them hold, so that they are at work.
_LARGE = 64 << 20
_PROGRAMS = frozenset({"sh", "qemu-nbd", "nbdcopy"})


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for what is temporary; afterwards nothing is there, or where libnbd puts it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = _of_libnbd()
    yield folder
    until(lambda: not _programs(folder), "its programs are gone", within=20)
    assert not list(folder.iterdir())
    # Others may work with such folders of their own, and remove them.
    until(lambda: not _of_libnbd() - before, "its folders in /tmp are gone", within=5)


def _of_libnbd() -> set[Path]:
    return set(Path("/tmp").glob("libnbd*"))  # noqa: S108  (libnbd knows no other place)


def _programs(folder: Path) -> list[int]:
    """The programs at work whose environment names this folder."""
    mark = f"TMPDIR={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "comm").read_text().strip() not in _PROGRAMS:
                continue
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


@pytest.fixture(scope="session")
def disk(shop: Workshop) -> Path:
    """A disk that takes a while."""
    return shop.disk("qcow2", os.urandom(_LARGE))


@pytest.mark.usefixtures("place")
def test_a_disk_that_is_read_to_its_end(disk: Path) -> None:
    """Looked at, which ends early, and then read whole."""
    with opened(disk) as found:
        assert len(delivered(found)) == _LARGE


@pytest.mark.usefixtures("place")
def test_a_disk_that_is_left_early(disk: Path) -> None:
    """Its reader has seen enough."""
    with opened(disk) as found, found.stream("raw") as stream:
        assert next(stream.pieces)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_reader_that_is_ended(disk: Path, place: Path, number: signal.Signals) -> None:
    """With a word of warning, or without any."""
    context = multiprocessing.get_context("spawn")
    reads = context.Event()
    reader = context.Process(target=_read_and_wait, args=(disk, reads))
    reader.start()
    try:
        assert reads.wait(60)
        assert _programs(place)
        os.kill(reader.pid or 0, number)
        reader.join(20)
        assert reader.exitcode is not None
    finally:
        reader.kill()


def _read_and_wait(path: Path, reads: Event) -> None:
    signal.signal(signal.SIGTERM, lambda *_about: sys.exit(1))
    with opened(path) as found, found.stream("raw") as stream:
        next(stream.pieces)
        reads.set()
        signal.pause()
