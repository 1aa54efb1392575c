# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Partition tables and firmware, read from the first bytes of a disk."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.partitions import layout_of

from support.disks import BIOS_BOOT, EFI_SYSTEM, LINUX, SIZE, carved, gpt_disk, iso, mbr_disk

_TABLE = 1024


def test_a_gpt() -> None:
    """The firmware by its partitions, and the end of the disk by its header."""
    layout = layout_of(gpt_disk()[: 1 << 20])
    assert (layout.table, layout.firmware, layout.end) == ("gpt", ("bios", "uefi"), SIZE)


def test_firmware_by_the_partitions_of_a_gpt() -> None:
    """Boot code in the protective MBR counts where there is no partition for a firmware."""
    types = [(n * 128 + _TABLE, kind) for n, kind in enumerate((BIOS_BOOT, EFI_SYSTEM))]
    no_bios = carved(gpt_disk(), (types[0][0], LINUX.bytes_le))
    neither = carved(no_bios, (types[1][0], LINUX.bytes_le))
    assert layout_of(no_bios).firmware == ("uefi",)
    assert layout_of(neither).firmware == ("bios",)
    assert layout_of(carved(neither, (0, bytes(440)))).firmware == ()


def test_a_gpt_of_large_sectors() -> None:
    """The header is in the second sector, wherever that begins."""
    small = gpt_disk()
    large = carved(small, (512, bytes(512)), (4096, small[512:1024]), (8192, small[1024:17408]))
    layout = layout_of(large)
    assert (layout.table, layout.firmware) == ("gpt", ("bios", "uefi"))
    assert layout.end == 8 * SIZE


@pytest.mark.parametrize(
    "types, boots, firmware",
    [
        ((0x83,), True, ("bios",)),
        ((0x83,), False, ()),
        ((0xEF, 0x83), False, ("uefi",)),
        ((0xEF, 0x83), True, ("bios", "uefi")),
    ],
)
def test_an_mbr(types: tuple[int, ...], *, boots: bool, firmware: tuple[str, ...]) -> None:
    """Boot code is for a BIOS, a partition of type EF for UEFI."""
    layout = layout_of(mbr_disk(*types, boots=boots))
    assert (layout.table, layout.firmware, layout.end) == ("mbr", firmware, None)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        bytes(512),
        mbr_disk(),
        carved(mbr_disk(0x83), (446, b"\x12")),
        mbr_disk(0x83)[:300],
        iso(),
    ],
)
def test_what_has_no_partitions(head: bytes) -> None:
    """A boot sector of a file system bears the same signature."""
    layout = layout_of(head)
    assert (layout.table, layout.firmware, layout.end) == (None, (), None)


@pytest.mark.parametrize(
    "platforms, firmware",
    [((0x00,), ("bios",)), ((0xEF,), ("uefi",)), ((0x00, 0xEF), ("bios", "uefi")), ((0x77,), ())],
)
def test_the_boot_catalog_of_an_iso(platforms: tuple[int, ...], firmware: tuple[str, ...]) -> None:
    """Its platforms; one that nobody knows is none."""
    assert layout_of(iso(*platforms)).firmware == firmware


def test_a_hybrid_iso() -> None:
    """It is both: an ISO with a boot catalog, and a disk with an MBR."""
    layout = layout_of(iso(0xEF, hybrid=True))
    assert (layout.table, layout.firmware) == ("mbr", ("bios", "uefi"))


def test_cut_tables() -> None:
    """What is not there says nothing."""
    for length in (513, 600, 1024, 1100, 2000):
        assert layout_of(gpt_disk()[:length]).table in {"gpt", "mbr"}
