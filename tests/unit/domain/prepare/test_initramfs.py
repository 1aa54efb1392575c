# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names in an initramfs, made as kernels read it."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import random
import subprocess
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.work.initramfs import modules_of


def _archive(tmp_path: Path, *names: str) -> bytes:
    tree = tmp_path / "-".join(names).replace("/", "_")
    for name in names:
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(1234))
    listed = subprocess.check_output(["find", "."], cwd=tree)
    return subprocess.check_output(["cpio", "-o", "-H", "newc", "--quiet"], input=listed, cwd=tree)


@pytest.fixture
def packed(tmp_path: Path) -> bytes:
    return _archive(tmp_path, "usr/lib/modules/6/virtio-pci.ko.xz", "lib/virtio_blk.ko", "init")


def _modules(tmp_path: Path, content: bytes) -> frozenset[str] | None:
    path = tmp_path / "initramfs"
    path.write_bytes(content)
    return modules_of(path)


FOUND = frozenset({"virtio_pci", "virtio_blk"})


def test_packings(tmp_path: Path, packed: bytes) -> None:
    """However it is packed, and behind an archive for the processor."""
    early = _archive(tmp_path, "kernel/x86/microcode.bin")
    checked = lzma.compress(packed, check=lzma.CHECK_CRC32)
    for content in (packed, gzip.compress(packed), checked, early + gzip.compress(packed)):
        assert _modules(tmp_path, content) == FOUND
    both = early + bytes(1024) + packed + bytes(512)
    assert _modules(tmp_path, both) == FOUND


def test_unknown(tmp_path: Path, packed: bytes) -> None:
    """What cannot be unpacked is not known, and not empty."""
    assert _modules(tmp_path, b"\x02\x21\x4c\x18" + packed) is None
    assert _modules(tmp_path, gzip.compress(packed)[:-200]) is None
    assert _modules(tmp_path, packed[:700]) is None
    assert _modules(tmp_path, b"") == frozenset()


def test_nonsense(tmp_path: Path, packed: bytes) -> None:
    """Whatever stands in it, it is read in bounds."""
    source = random.Random(7)  # noqa: S311  # The same nonsense each time.
    for _n in range(100):
        broken = bytearray(packed)
        for _m in range(4):
            broken[source.randrange(len(broken))] = source.randrange(256)
        _modules(tmp_path, bytes(broken))
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb") as out:
        out.write(b"070701" + b"FFFFFFFF" * 13)
    assert _modules(tmp_path, stream.getvalue()) is None
