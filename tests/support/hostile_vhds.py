# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks of VirtualBox and Hyper-V that must not be opened: vdi, vhd, vhdx."""

from __future__ import annotations

import struct
from pathlib import Path

from support.disks import SECTOR, Workshop, carved, vhd_footer
from support.hostile import Hostile, lister

VHDS: dict[str, Hostile] = {}
hostile = lister(VHDS)


@hostile("difference to another disk")
def vdi_of_a_snapshot(shop: Workshop) -> bytes:
    return shop.carved("vdi", (0x4C, struct.pack("<I", 4)))


@hostile("difference to another disk")
def vdi_with_a_parent(shop: Workshop) -> bytes:
    return shop.carved("vdi", (0x1B8, b"\x01" * 16))


@hostile("it was cut short")
def vdi_cut_short(shop: Workshop) -> bytes:
    return shop.carved("vdi")[: -(1 << 20)]


@hostile("difference to another disk")
def vhd_of_a_snapshot(shop: Workshop) -> bytes:
    data = shop.carved("vhd-dynamic")
    footer = vhd_footer(data[-SECTOR:], (60, struct.pack(">I", 4)))
    return carved(data, (0, footer), (-SECTOR, footer))


@hostile("kind that is not known here (7)")
def vhd_of_an_unknown_kind(shop: Workshop) -> bytes:
    data = shop.carved("vhd-dynamic")
    footer = vhd_footer(data[-SECTOR:], (60, struct.pack(">I", 7)))
    return carved(data, (0, footer), (-SECTOR, footer))


@hostile("no VHD footer at its end")
def vhd_cut_short(shop: Workshop) -> bytes:
    return shop.carved("vhd-dynamic")[:-SECTOR]


@hostile("contradict each other")
def vhd_with_two_sizes(shop: Workshop) -> bytes:
    data = shop.carved("vhd-dynamic")
    return carved(data, (0, vhd_footer(data[:SECTOR], (48, struct.pack(">Q", 1 << 40)))))


@hostile("last block is beyond its end")
def vhd_with_a_block_beyond_its_end(shop: Workshop) -> bytes:
    return shop.carved("vhd-dynamic", (SECTOR + 1024, struct.pack(">I", 1 << 20)))


@hostile("table of blocks is not where")
def vhd_without_its_table(shop: Workshop) -> bytes:
    return shop.carved("vhd-dynamic", (SECTOR, bytes(8)))


@hostile("it was cut short or grew")
def fixed_vhd_cut_in_its_middle(shop: Workshop) -> bytes:
    data = shop.carved("vhd-fixed")
    return data[: 1 << 20] + data[2 << 20 :]


@hostile("By its last bytes it is a fixed VHD", declared="raw")
def fixed_vhd_said_to_be_raw(shop: Workshop) -> Path:
    return shop.disk("vhd-fixed")


@hostile("no footer of one", declared="vhd")
def raw_said_to_be_vhd(shop: Workshop) -> Path:
    return shop.disk("raw")


def _vhdx_parameters(data: bytes) -> int:
    """Where the file parameters of a VHDX are, by the id of their entry."""
    entry = data.index(bytes.fromhex("3767a1ca36fa434db3b633f0aa44e76b"))
    metadata = data.rindex(b"metadata", 0, entry)
    (offset,) = struct.unpack_from("<I", data, entry + 16)
    return int(metadata + offset)


@hostile("difference to another disk")
def vhdx_of_a_snapshot(shop: Workshop) -> bytes:
    data = shop.carved("vhdx")
    return carved(data, (_vhdx_parameters(data) + 4, struct.pack("<I", 2)))


@hostile("truncated")
def vhdx_cut_in_its_data(shop: Workshop) -> bytes:
    return shop.carved("vhdx")[: -(6 << 20)]


@hostile("cannot be understood")
def vhdx_cut_in_its_header(shop: Workshop) -> bytes:
    return shop.carved("vhdx")[: 1 << 20]


@hostile("cannot be understood")
def vhdx_with_metadata_far_away(shop: Workshop) -> bytes:
    data = shop.carved("vhdx")
    entry = data.index(bytes.fromhex("06a27c8b90479a4bb8fe575f050f886e"))
    return carved(data, (entry + 16, struct.pack("<Q", 1 << 50)))
