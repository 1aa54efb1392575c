# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are written piece by piece, and have their name only at the end."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.disk.behind import behind
from ansible_collections.curator.glance.plugins.module_utils.disk.saving import (
    GrowingFile,
    look,
    require_room,
    write_whole,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest, NoSpace

KIB = 1 << 10
MIB = 1 << 20


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[GrowingFile]:
    """An empty file on its way."""
    file = GrowingFile(tmp_path / ".part")
    assert file.take()
    with closing(file):
        yield file


def pieces_of(data: bytes, seed: int) -> Iterator[bytes]:
    """The data in pieces of any size, as a network brings it."""
    chance = random.Random(seed)  # noqa: S311  # Sizes, not secrets.
    at = 0
    while at < len(data):
        length = chance.choice([1, 100, 16 * KIB, 64 * KIB, 200 * KIB, MIB])
        yield data[at : at + length]
        at += length


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_there(growing: GrowingFile, tmp_path: Path, seed: int) -> None:
    """Zeros and all, in whichever pieces it came."""
    chance = random.Random(seed)  # noqa: S311  # Data, not a secret.
    parts = [chance.randbytes(300 * KIB), bytes(3 * MIB), b"x", bytes(70 * KIB), b"y", bytes(MIB)]
    data = b"".join(parts)
    for piece in pieces_of(data, seed):
        growing.write(piece)
    assert growing.size == len(data)
    told = growing.finish()
    assert told.st_size == len(data)
    assert b"".join(growing.pieces()) == data
    growing.become(tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes() == data
    assert not growing.path.exists()


def test_zeros_take_no_room(growing: GrowingFile) -> None:
    """Nor at the beginning, nor at the end."""
    for piece in (bytes(8 * MIB), b"x" * 64 * KIB, bytes(8 * MIB)):
        growing.write(piece)
    told = growing.finish()
    assert told.st_size == 16 * MIB + 64 * KIB
    assert told.st_blocks * 512 < MIB


def test_zeros_at_the_end_show_before_it_is_finished(growing: GrowingFile) -> None:
    """For whoever converts the file while it has no name yet."""
    growing.write(b"x" * 64 * KIB + bytes(MIB))
    growing.level()
    assert growing.path.stat().st_size == 64 * KIB + MIB


def test_closing_leaves_the_time_alone(growing: GrowingFile) -> None:
    """By which a later run knows that nobody wrote to the file."""
    growing.write(b"x" + bytes(MIB))
    told = growing.finish()
    os.utime(growing.path, ns=(1, 1))
    growing.close()
    assert growing.path.stat().st_size == told.st_size
    assert growing.path.stat().st_mtime_ns == 1


def test_it_goes_on_where_it_was_left(growing: GrowingFile) -> None:
    """With the zeros at the end that no block stands for."""
    growing.write(b"x" * 100)
    growing.write(bytes(128 * KIB))
    growing.close()
    again = GrowingFile(growing.path)
    assert again.take()
    with closing(again):
        assert again.size == 100 + 128 * KIB
        again.write(b"z")
        assert b"".join(again.pieces()) == b"x" * 100 + bytes(128 * KIB) + b"z"
        again.clear()
        assert again.size == 0
        assert again.path.stat().st_size == 0


def test_one_process_has_it_alone(growing: GrowingFile, tmp_path: Path) -> None:
    """Another one has to wait, and gets a new file if this one got its name meanwhile."""
    other = GrowingFile(growing.path)
    assert not other.take()
    growing.write(b"mine")
    growing.become(tmp_path / "whole")
    assert other.take()
    with closing(other):
        assert other.size == 0


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    """Whatever the rights of what lay there before."""
    path = tmp_path / ".part"
    path.touch(mode=0o644)
    file = GrowingFile(path)
    assert file.take()
    file.close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """What it points to is somebody else's."""
    (tmp_path / ".part").symlink_to(tmp_path / "other")
    with pytest.raises(InvalidRequest, match="cannot be written"):
        GrowingFile(tmp_path / ".part").take()
    assert not (tmp_path / "other").exists()


def test_a_text_is_there_as_a_whole(tmp_path: Path) -> None:
    """And nothing else of it."""
    path = tmp_path / "text"
    for text in ("one\n", "ü" * 1000):
        write_whole(path, text)
        assert path.read_text(encoding="utf-8") == text
        assert path.stat().st_mode & 0o777 == 0o600
        assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """Neither a link nor a pipe is replaced, and no folder is made."""
    assert look(tmp_path / "new") is None
    (tmp_path / "file").write_bytes(b"1234")
    told = look(tmp_path / "file")
    assert told
    assert told.st_size == 4
    (tmp_path / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(InvalidRequest, match="no regular file"):
            look(tmp_path / name)
    with pytest.raises(InvalidRequest, match=f"There is no folder {tmp_path}/none"):
        look(tmp_path / "none" / "file")
    with pytest.raises(InvalidRequest, match="File name too long"):
        look(tmp_path / ("x" * 300))


def test_room_is_asked_for_before(tmp_path: Path) -> None:
    """With how much is needed and how much there is."""
    require_room(tmp_path, 1, "It")
    with pytest.raises(NoSpace, match=r"It needs 1024 PiB in .*, where .* are free"):
        require_room(tmp_path, 1 << 60, "It")


def test_behind_writes_all_in_order() -> None:
    """And has done so when the block ends."""
    written: list[bytes] = []
    before = threading.active_count()
    with behind(written.append) as write:
        for n in range(100):
            write(b"%d" % n)
    assert written == [b"%d" % n for n in range(100)]
    assert threading.active_count() == before


def test_what_fails_behind_is_raised_before() -> None:
    """From one of the next pieces on; nobody waits for ever."""

    def fails(_piece: bytes) -> None:
        raise NoSpace("full")

    def bring(count: int) -> None:
        with behind(fails) as write:
            for _n in range(count):
                write(b"x")

    for count in (1, 100):
        with pytest.raises(NoSpace, match="full"):
            bring(count)
