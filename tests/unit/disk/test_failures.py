# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be delivered whole ends in an error, and with nothing left over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.disk import tools
from ansible_collections.curator.glance.plugins.module_utils.disk.opening import OpenDisk
from ansible_collections.curator.glance.plugins.module_utils.disk.qemu import require_space
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    MissingTool,
    NoSpace,
    RefusedDisk,
    SourceFailed,
)

from support.disks import (
    PACKERS,
    Workshop,
    carved,
    gpt_disk,
)
from unit.disk.conftest import delivered, digest, opened, within


def test_a_stream_that_is_left_ends_its_programs(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for them, and nothing of them stays."""

    def leave(disk: OpenDisk) -> None:
        with disk.stream("raw") as stream:
            next(stream.pieces)
            raise RuntimeError("enough")

    with opened(shop.disk("qcow2")) as disk:
        for _n in range(2):
            with within(20), pytest.raises(RuntimeError, match="enough"):
                leave(disk)
            with pytest.raises(ChildProcessError):
                os.waitpid(-1, os.WNOHANG)
            # And then with one that does not care whether anybody listens.
            _with_nbdcopy("head -c 2000000 /dev/zero; sleep 600", tmp_path, monkeypatch)


def test_a_bomb_is_stopped_at_its_limit(tmp_path: Path) -> None:
    """Not after all of it went off."""
    path = tmp_path / "disk.raw.gz"
    path.write_bytes(PACKERS["gz"](bytes(64 << 20)))
    seen: list[bytes] = []
    with opened(path, max_virtual_size=2 << 20) as disk, disk.stream("raw") as stream:
        with pytest.raises(RefusedDisk, match="goes on and on"):
            seen.extend(stream.pieces)
        assert sum(map(len, seen)) == 2 << 20


def test_a_damaged_disk_is_not_taken_for_a_short_one(shop: Workshop, tmp_path: Path) -> None:
    """Its tables are right and its data is not: that shows only when it is read."""
    path = tmp_path / "disk.qcow2"
    # Something that is worth compressing; the rest is stored as it is.
    letters = gpt_disk().translate(bytes(value % 16 for value in range(256)))
    data = shop.disk("qcow2-zlib", letters).read_bytes()
    path.write_bytes(carved(data, (len(data) - (300 << 10), b"\xff" * (128 << 10))))
    with opened(path) as disk, pytest.raises(RefusedDisk, match="cannot be read to its end"):
        delivered(disk)


def _with_nbdcopy(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbdcopy = folder / "nbdcopy"
    nbdcopy.write_text(f"#!/bin/sh\n{script}\n")
    nbdcopy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    "script, says",
    [
        ("head -c 100000 /dev/zero; exit 0", "came to 100000"),
        ("head -c 100000 /dev/zero; echo oh no >&2; exit 3", "oh no"),
        ("head -c 5000000 /dev/zero", "came to 5000000"),
        ("kill -SEGV $$", "Segmentation fault"),
        ("head -c 9000000 /dev/zero; sleep 600", "came to a halt"),
    ],
)
def test_a_program_that_fails(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, says: str
) -> None:
    """Whatever it delivered is no disk."""
    monkeypatch.setattr(tools, "_SECONDS_OF_SILENCE", 1)
    with opened(shop.disk("qcow2")) as disk:
        _with_nbdcopy(script, tmp_path, monkeypatch)
        with within(20), pytest.raises(RefusedDisk, match=says):
            delivered(disk)


def _with_programs(folder: Path, monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    for program in programs:
        (folder / program).symlink_to(shutil.which(program) or "")
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize("kind", ["qcow2", "vmdk-streamOptimized", "vhdx"])
def test_without_nbdcopy_a_file_is_made(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Once, for all streams, and gone afterwards."""
    path = shop.disk(kind)
    _with_programs(tmp_path, monkeypatch, "qemu-img", "qemu-nbd")
    with opened(path) as disk:
        for _n in range(2):
            assert digest(delivered(disk)) == digest(gpt_disk())


def test_without_qemu_raw_disks_are_read_and_others_are_not(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what to install."""
    paths = shop.disk("raw"), shop.disk("qcow2")
    _with_programs(tmp_path, monkeypatch)
    with opened(paths[0]) as disk:
        assert digest(delivered(disk)) == digest(gpt_disk())
    with pytest.raises(MissingTool, match="qemu-utils and libnbd-bin"), opened(paths[1]):
        pass


def test_a_file_that_is_written_to(tmp_path: Path) -> None:
    """What was inspected would not be what is sent."""
    path = tmp_path / "disk.raw"
    path.write_bytes(bytes(3 << 20))
    with opened(path) as disk, disk.stream("raw") as stream:
        next(stream.pieces)
        os.utime(path, ns=(1, 1))
        with pytest.raises(SourceFailed, match="written to"):
            list(stream.pieces)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A name for nothing, a folder, and a pipe that nobody writes to."""
    os.mkfifo(tmp_path / "pipe")
    for path, says in (
        (tmp_path / "nothing", "No such file"),
        (tmp_path, "Is a directory"),
        (tmp_path / "pipe", "no regular file"),
    ):
        with pytest.raises(SourceFailed, match=says), opened(path):
            pass


def test_space_is_asked_for_first(tmp_path: Path) -> None:
    """In words that say how much, and where."""
    with pytest.raises(NoSpace, match="4 PiB are needed"):
        require_space(tmp_path, 4 << 50)
