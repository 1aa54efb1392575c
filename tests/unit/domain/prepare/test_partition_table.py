# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A partition table for a smaller disk, as sfdisk reads it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.partition_table import (
    SECTOR,
    read_table,
    with_end,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import CheckFailed

SFDISK = shutil.which("sfdisk", path=f"{os.environ['PATH']}:/usr/sbin:/sbin") or "sfdisk"
MIB = 1 << 20


def test_smaller(tmp_path: Path) -> None:
    """Both copies are whole, where the new disk has them; other partitions stay."""
    disk = tmp_path / "disk"
    disk.touch()
    os.truncate(disk, 64 * MIB)
    table = "label: gpt\nstart=2048, size=2048\nstart=4096, name=root\n"
    subprocess.run([SFDISK, "-q", disk], input=table.encode(), check=True)
    end, size = 32 * MIB, 33 * MIB
    with disk.open("r+b") as file:
        smaller = read_table(file.read(34 * SECTOR)).with_end(2, end // SECTOR - 1, size // SECTOR)
        file.seek(SECTOR)
        file.write(smaller.primary())
        file.seek(size - len(smaller.backup()))
        file.write(smaller.backup())
        file.truncate(size)
    checked = subprocess.run(
        [SFDISK, "--verify", disk], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "orrupt" not in checked.stdout + checked.stderr
    told = json.loads(subprocess.check_output([SFDISK, "--json", disk]))["partitiontable"]
    assert [(one["start"], one["size"]) for one in told["partitions"]] == [
        (2048, 2048),
        (4096, end // SECTOR - 4096),
    ]
    assert told["partitions"][1]["name"] == "root"
    # Behind it is room for the second copy, and no more.
    assert told["lastlba"] == size // SECTOR - 34


def test_none() -> None:
    """What is no table is not taken for one."""
    with pytest.raises(CheckFailed):
        read_table(bytes(34 * SECTOR))


def test_mbr(tmp_path: Path) -> None:
    """One partition ends elsewhere; the others, and the boot code, stay."""
    disk = tmp_path / "disk"
    disk.touch()
    os.truncate(disk, 64 * MIB)
    table = "label: dos\nstart=2048, size=2048\nstart=4096, type=83, bootable\n"
    subprocess.run([SFDISK, "-q", disk], input=table.encode(), check=True)
    with disk.open("r+b") as file:
        sector = file.read(SECTOR)
        file.seek(0)
        file.write(with_end(sector, 2, 32 * MIB // SECTOR - 1))
        file.truncate(33 * MIB)
    told = json.loads(subprocess.check_output([SFDISK, "--json", disk]))["partitiontable"]
    (first, second) = told["partitions"]
    assert (first["start"], first["size"]) == (2048, 2048)
    assert (second["start"], second["size"]) == (4096, 32 * MIB // SECTOR - 4096)
    assert second["bootable"]
