# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks that must not be opened, each with words of the reason that has to be given for it."""

from __future__ import annotations

import struct
from functools import partial
from pathlib import Path

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
    vmdk_with_footer,
)
from support.hostile import Hostile, lister

DISKS: dict[str, Hostile] = {}
hostile = lister(DISKS)


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
