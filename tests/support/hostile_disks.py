# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks that must not be opened, each with words of the reason that has to be given for it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from support.disks import (
    SECTOR,
    SIZE,
    Workshop,
    carved,
    gpt_disk,
    iso,
    mbr_disk,
    qemu_img,
    replaced,
    vhd_footer,
    vmdk_with_footer,
)


@dataclass(frozen=True)
class Hostile:
    """How a file is made, what is said of it, and words of the verdict."""

    make: Callable[[Workshop], bytes | Path]
    says: str
    wish: Mapping[str, Any]


DISKS: dict[str, Hostile] = {}


def hostile(says: str, **wish: Any) -> Callable[[Callable[[Workshop], bytes | Path]], None]:
    """Put a disk on the list."""

    def listed(make: Callable[[Workshop], bytes | Path]) -> None:
        DISKS[make.__name__.replace("_", " ")] = Hostile(make, says, wish)

    return listed


def features(*bits: int) -> tuple[int, bytes]:
    """The incompatible features in a header of qcow2."""
    return 72, struct.pack(">Q", sum(1 << bit for bit in bits))


# ---- qcow2 ---------------------------------------------------------------------------------------


@hostile("backing file (base.qcow2)")
def qcow2_with_a_backing_file(shop: Workshop) -> Path:
    qemu_img("create", "-f", "qcow2", shop.folder / "base.qcow2", "4M")
    overlay = shop.folder / "overlay.qcow2"
    qemu_img("create", "-f", "qcow2", "-F", "qcow2", "-b", "base.qcow2", overlay)
    return overlay


@hostile("backing file (/etc/passwd)")
def qcow2_that_would_read_a_file_of_this_host(shop: Workshop) -> bytes:
    name = b"/etc/passwd"
    return shop.carved("qcow2", (8, struct.pack(">QI", 512, len(name))), (512, name))


@hostile("data in another file")
def qcow2_with_an_external_data_file(shop: Workshop) -> Path:
    path = shop.folder / "external.qcow2"
    data = shop.folder / "external.data"
    qemu_img("create", "-f", "qcow2", "-o", f"data_file={data},data_file_raw=on", path, "4M")
    return path


@hostile("data in another file")
def qcow2_with_the_data_file_bit_alone(shop: Workshop) -> bytes:
    return shop.carved("qcow2", features(2))


@hostile("encrypted")
def qcow2_encrypted_with_luks(shop: Workshop) -> bytes:
    return shop.carved("qcow2", (32, struct.pack(">I", 2)))


@hostile("encrypted")
def qcow2_encrypted_with_aes(shop: Workshop) -> bytes:
    return shop.carved("qcow2", (32, struct.pack(">I", 1)))


@hostile("features that are not known")
def qcow2_with_an_unknown_feature(shop: Workshop) -> bytes:
    return shop.carved("qcow2", features(40))


@hostile("extended L2 entries")
def qcow2_with_extended_l2(shop: Workshop) -> Path:
    path = shop.folder / "extended.qcow2"
    qemu_img("create", "-f", "qcow2", "-o", "extended_l2=on", path, "4M")
    return path


@hostile("marked as corrupt")
def qcow2_marked_as_corrupt(shop: Workshop) -> bytes:
    return shop.carved("qcow2", features(1))


@hostile("compressed in a way that is not known")
def qcow2_with_an_unknown_compression(shop: Workshop) -> bytes:
    return shop.carved("qcow2-zstd", (104, b"\x07"))


@hostile("version 1")
def qcow_of_version_1(shop: Workshop) -> bytes:
    return shop.carved("qcow2", (4, struct.pack(">I", 1)))


@hostile("version 4")
def qcow_of_version_4(shop: Workshop) -> bytes:
    return shop.carved("qcow2", (4, struct.pack(">I", 4)))


@hostile("qemu-img check finds")
def qcow2_cut_in_its_data(shop: Workshop) -> bytes:
    return shop.carved("qcow2")[: -(256 << 10)]


@hostile("ends before its own tables")
def qcow2_cut_in_its_tables(shop: Workshop) -> bytes:
    return shop.carved("qcow2")[: 64 << 10]


@hostile("begins like a qcow2 disk and is none")
def qcow2_cut_in_its_header(shop: Workshop) -> bytes:
    return shop.carved("qcow2")[:200]


@hostile("ends before its own tables")
def qcow2_with_a_table_beyond_its_end(shop: Workshop) -> bytes:
    return shop.carved("qcow2", (40, struct.pack(">Q", 1 << 40)))


@hostile("no more than 2 TiB")
def qcow2_of_an_absurd_size(shop: Workshop) -> bytes:
    return shop.carved("qcow2", (24, struct.pack(">Q", 1 << 62)))


@hostile("no more than 1 MiB", max_virtual_size=1 << 20)
def qcow2_larger_than_allowed(shop: Workshop) -> Path:
    return shop.disk("qcow2")


@hostile("cut short")
def qcow2_of_impossible_clusters(shop: Workshop) -> bytes:
    return shop.carved("qcow2", (20, struct.pack(">I", 63)))


@hostile("taken for several things: gpt, qcow2")
def qcow2_that_is_also_a_boot_sector(shop: Workshop) -> bytes:
    return shop.carved("qcow2", (510, b"\x55\xaa"))


@hostile("taken for several things: iso, qcow2")
def qcow2_that_is_also_an_iso(shop: Workshop) -> bytes:
    return shop.carved("qcow2", (32 << 10, b"\x01CD001\x01"))


@hostile("said to be raw, and by its content it is qcow2", declared="raw")
def qcow2_said_to_be_raw(shop: Workshop) -> Path:
    return shop.disk("qcow2")


@hostile("said to be vmdk, and by its content it is qcow2", declared="vmdk")
def qcow2_said_to_be_vmdk(shop: Workshop) -> Path:
    return shop.disk("qcow2")


@hostile("said to be qcow2, and by its content it is raw", declared="qcow2")
def raw_said_to_be_qcow2(shop: Workshop) -> Path:
    return shop.disk("raw")


# ---- vmdk ----------------------------------------------------------------------------------------


def _described(shop: Workshop, old: str, new: str) -> bytes:
    return replaced(shop.carved("vmdk-monolithicSparse"), old.encode(), new.encode())


_EXTENT = 'RW 8192 SPARSE "'
_TYPE = 'createType="monolithicSparse"'


@hostile("difference to another disk")
def vmdk_with_a_parent_by_name(shop: Workshop) -> bytes:
    return _described(shop, _TYPE, f'{_TYPE}\nparentFileNameHint="/etc/passwd"')


@hostile("difference to another disk")
def vmdk_with_a_parent_by_id(shop: Workshop) -> bytes:
    return _described(shop, "parentCID=ffffffff", "parentCID=12345678")


@hostile("Unsupported subformat")
def vmdk_of_an_unknown_type(shop: Workshop) -> bytes:
    return _described(shop, _TYPE, 'createType="vmfsSparse"')


@hostile("exactly one type")
def vmdk_of_two_types(shop: Workshop) -> bytes:
    return _described(shop, _TYPE, f'{_TYPE.lower()}\ncreateType="monolithicFlat"')


@hostile("exactly one type")
def vmdk_of_no_type(shop: Workshop) -> bytes:
    return _described(shop, _TYPE, "")


@hostile("extent is not inside it (RW 8192 FLAT")
def vmdk_that_would_read_a_file_of_this_host(shop: Workshop) -> bytes:
    return _described(shop, _EXTENT, 'RW 8192 FLAT "/etc/passwd" 0\n# "')


@hostile("It has 2 extents")
def vmdk_with_a_second_extent(shop: Workshop) -> bytes:
    return _described(shop, _EXTENT, f'RW 8192 SPARSE "other.vmdk"\n{_EXTENT}')


@hostile("only the description of a VMDK")
def vmdk_descriptor_alone(shop: Workshop) -> Path:
    path = shop.folder / "flat.vmdk"
    qemu_img("create", "-f", "vmdk", "-o", "subformat=monolithicFlat", path, "4M")
    return path


@hostile("gives it no size")
def vmdk_without_a_capacity(shop: Workshop) -> bytes:
    return shop.carved("vmdk-monolithicSparse", (12, bytes(8)))


@hostile("qemu-img check finds")
def vmdk_cut_in_its_data(shop: Workshop) -> bytes:
    return shop.carved("vmdk-monolithicSparse")[: -(256 << 10)]


@hostile("oslo.utils")
def vmdk_cut_before_its_footer(shop: Workshop) -> bytes:
    return vmdk_with_footer(shop.carved("vmdk-streamOptimized"))[:-2048]


@hostile("do not agree on what it holds")
def vmdk_with_two_sizes(shop: Workshop) -> bytes:
    data = vmdk_with_footer(shop.carved("vmdk-streamOptimized"))
    return carved(data, (-1024 + 12, struct.pack("<Q", SIZE // 2 // SECTOR)))


# ---- vdi, vhd, vhdx ------------------------------------------------------------------------------


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


# ---- What is no disk, or not all of one ----------------------------------------------------------


@hostile("it was cut short")
def gpt_disk_cut_short(_shop: Workshop) -> bytes:
    return gpt_disk()[: SIZE // 2]


@hostile("no more than 1 MiB", max_virtual_size=1 << 20)
def raw_larger_than_allowed(shop: Workshop) -> Path:
    return shop.disk("raw")


@hostile("said to be raw, and by its content it is iso", declared="raw")
def iso_said_to_be_raw(_shop: Workshop) -> bytes:
    return iso(0)


@hostile("macOS")
def disk_image_of_macos(_shop: Workshop) -> bytes:
    return carved(mbr_disk(0x83), (-SECTOR, b"koly"))


def _listed_by_content() -> None:
    for name, data, says in (
        ("nothing", b"", "an empty file"),
        ("a page of a login", b"\n<!DOCTYPE html>\n<html><title>Login</title>", "(HTML)"),
        ("a text", "Prüfsumme folgt\n".encode() * 300, "a text"),
        ("a list of checksums", b"00" * 32 + b"  disk.raw\n", "a text"),
        ("LUKS", b"LUKS\xba\xbe\x00\x01" + bytes(4088), "encrypted volume (LUKS)"),
        ("QED", b"QED\x00" + bytes(4092), "a QED disk"),
        ("Parallels", b"WithoutFreeSpace" + bytes(4080), "a Parallels disk"),
        ("COWD", b"COWD\x01" + bytes(4091), "old ESX host"),
        ("7z", b"7z\xbc\xaf\x27\x1c" + bytes(4090), "a 7z archive"),
        ("RAR", b"Rar!\x1a\x07\x01\x00" + bytes(4088), "a RAR archive"),
        ("LZ4", b"\x04\x22\x4d\x18" + bytes(4092), "LZ4 data"),
        ("a program", b"\x7fELF\x02\x01\x01" + bytes(4089), "a program (ELF)"),
    ):
        DISKS[name] = Hostile(partial(_just, data), says, {})


def _just(data: bytes, _shop: Workshop) -> bytes:
    return data


_listed_by_content()
