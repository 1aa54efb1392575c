# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A root file system that stays as small as the image, growpart or not: that is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.doubts import doubts
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.guest import FileSystem

from support.paper_guest import SYSTEM, PaperGuest

CLOUD_INIT = {"/usr/bin/cloud-init": "", "/usr/bin/growpart": ""}


def _partition(number: int, start: int, kind: str) -> FileSystem:
    return FileSystem(device=f"/dev/sda{number}", number=number, type=kind, start=start)


# Debian's installer: the root, and swap in a logical partition behind it.
WITH_SWAP = (_partition(1, 2048, "ext4"), _partition(2, 80000, ""), _partition(5, 80002, "swap"))
# An image for clouds of Ubuntu: what has higher numbers lies in front.
FOR_CLOUDS = (
    _partition(1, 227328, "ext4"),
    _partition(14, 2048, ""),
    _partition(15, 10240, "vfat"),
)
# RHEL's installer: /boot, and LVM.
WITH_LVM = (_partition(1, 2048, "xfs"), _partition(2, 2099200, "LVM2_member"))
BTRFS = (_partition(1, 2048, "vfat"), _partition(2, 8192, "btrfs"))


@pytest.mark.parametrize(
    "partitions, root, said",
    [
        (WITH_SWAP, "/dev/sda1", "/dev/sda1 cannot become larger"),
        (WITH_LVM, "/dev/rhel/root", "on /dev/rhel/root, which is no partition"),
        (FOR_CLOUDS, "/dev/sda1", None),
        (BTRFS, "btrfsvol:/dev/sda2/@/.snapshots/1/snapshot", None),
        ((), "/dev/sda", None),
    ],
)
def test_where_it_lies(partitions: tuple[FileSystem, ...], root: str, said: str | None) -> None:
    """Only the last partition grows, and nothing in it but a file system."""
    system = replace(SYSTEM, file_systems=partitions, mounted={"/": root})
    told = _told(PaperGuest(dict(CLOUD_INIT), system=system))
    assert (said in told) if said else ("root file system" not in told), told


@pytest.mark.parametrize(
    "files, called",
    [
        (CLOUD_INIT, True),
        ({"/usr/bin/growpart": ""}, False),
        ({**CLOUD_INIT, "/etc/cloud/cloud-init.disabled": ""}, False),
        ({"/usr/share/initramfs-tools/scripts/local-bottom/growroot": ""}, True),
    ],
)
def test_who_calls_it(files: dict[str, Any], *, called: bool) -> None:
    """That growpart is there is nothing by itself."""
    assert ("growpart alone" not in _told(PaperGuest(dict(files)))) == called


def _told(guest: PaperGuest) -> str:
    return " ".join(doubts(guest, []))
