# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs that read a disk have little to go astray with."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.disk import qemu, tools
from ansible_collections.curator.glance.plugins.module_utils.disk.region import Region
from ansible_collections.curator.glance.plugins.module_utils.errors import RefusedDisk

from support.disks import Workshop, gpt_disk, qemu_img


def test_limits() -> None:
    """As the program itself sees them."""
    limits = tools.Limits(cpu_seconds=77, output_bytes=1025)
    seen = tools.ask(["sh", "-c", "ulimit -c; ulimit -t; ulimit -v; ulimit -f"], limits)
    assert seen.split() == [b"0", b"77", b"4194304", b"3"]


def test_too_much_time() -> None:
    """A loop ends, and the message says so."""
    with pytest.raises(tools.ToolFailed, match="more time than an honest disk"):
        tools.ask(["sh", "-c", "while :; do :; done"], tools.Limits(cpu_seconds=1))


def test_too_large_a_file(tmp_path: Path) -> None:
    """A program that writes more than the disk has bytes does not fill this machine."""
    fill = ["sh", "-c", f"cat /dev/zero > {tmp_path}/file"]
    with pytest.raises(tools.ToolFailed):
        tools.ask(fill, tools.Limits(cpu_seconds=10, output_bytes=1 << 20))
    assert (tmp_path / "file").stat().st_size <= 1 << 20


def test_much_to_say() -> None:
    """A program that complains without end is heard, and does not stand still."""
    talk = "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo done; exit 4"
    with pytest.raises(tools.ToolFailed) as failed:
        tools.ask(["sh", "-c", talk])
    assert failed.value.code == 4
    assert len(str(failed.value)) < 1000


def test_a_backing_file_is_not_opened_whatever_the_header_says(
    shop: Workshop, tmp_path: Path
) -> None:
    """Should the judgement ever let such a disk through, here is another door."""
    base = shop.disk("raw")
    overlay = tmp_path / "overlay.qcow2"
    qemu_img("create", "-f", "qcow2", "-F", "raw", "-b", base, overlay)
    with overlay.open("rb", buffering=0) as file:
        region = Region.of(file)
        with pytest.raises(RefusedDisk, match="backing file"):
            qemu.delivered_size("qcow2", region)
        delivered = b"".join(qemu.raw_pieces("qcow2", region, len(gpt_disk())))
    assert delivered == bytes(len(gpt_disk()))
