# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What the first and the last bytes of a file show it to be."""

from __future__ import annotations

import re

# How much of a file these functions want to see.
ENOUGH = 4096
SECTOR = 512

_PACKINGS = (
    (b"\x1f\x8b\x08", "gz"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # One that holds nothing.
)
_BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17\x72\x45\x38\x50\x90)")
# Frames that say something to other programs, and come first in what pzstd writes.
_ZSTD_ASIDE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")

# How disks begin that are more than their bytes. Whether they are whole is another question.
_DISKS = (
    (0, b"QFI\xfb", "qcow2"),
    (0, b"KDMV", "vmdk"),
    (0, b"# Disk DescriptorFile", "vmdk"),
    (0, b"conectix", "vhd"),
    (0, b"vhdxfile", "vhdx"),
    (0x40, b"\x7f\x10\xda\xbe", "vdi"),
)
# What else is found under the name of a disk. Taken as raw, it would become an image that holds
# an archive, or a cipher.
_OTHERS = (
    (b"LUKS\xba\xbe", "an encrypted volume (LUKS)"),
    (b"QED\x00", "a QED disk"),
    (b"WithoutFreeSpace", "a Parallels disk"),
    (b"WithouFreSpacExt", "a Parallels disk"),
    (b"Bochs Virtual HD Image", "a Bochs disk"),
    (b"COWD", "a sparse extent of an old ESX host (COWD)"),
    (b"\xbe\xba\xfe\xca\x00\x00\x00\x00", "a space-efficient sparse extent of ESX (SESPARSE)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"MSCF\x00\x00\x00\x00", "a CAB archive"),
    (b"MSWIM\x00\x00\x00", "a WIM archive"),
    (b"\x04\x22\x4d\x18", "LZ4 data"),
    (b"LZIP", "lzip data"),
    (b"\x89LZO\x00\r\n\x1a\n", "LZO data"),
    (b"\x1f\x9d", "data of the old program compress"),
    (b"!<arch>\n", "a package or library (ar)"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"\x7fELF", "a program (ELF)"),
    (b"%PDF-", "a PDF document"),
)
_PRINTABLE = frozenset({*range(0x20, 0x7F), *range(0x80, 0x100), 0x09, 0x0A, 0x0C, 0x0D, 0x1B})


def packing_of(head: bytes) -> str | None:
    """How a file is packed that begins like this: xz, gz, bz2, zst, tar, zip."""
    for magic, name in _PACKINGS:
        if head.startswith(magic):
            return name
    if _BZIP2.match(head):
        return "bz2"
    if _ZSTD_ASIDE.match(head):
        return "zst"
    return "tar" if _is_tar_header(head[:SECTOR]) else None


def disk_of(head: bytes) -> str | None:
    """The format of a disk that begins like this, if it is more than its bytes."""
    return next((name for at, magic, name in _DISKS if head.startswith(magic, at)), None)


def other_than_disk(head: bytes) -> str | None:
    """What a file is that is certainly no disk for a cloud."""
    if not head:
        return "an empty file"
    for magic, name in _OTHERS:
        if head.startswith(magic):
            return name
    return _kind_of_text(head[:ENOUGH])


def other_by_tail(tail: bytes) -> str | None:
    """What a file is, when its beginning looks like a raw disk, by its last 512 bytes."""
    if has_vhd_footer(tail):
        return "a fixed VHD"
    return "a disk image of macOS (DMG)" if tail[-SECTOR:].startswith(b"koly") else None


def has_vhd_footer(tail: bytes) -> bool:
    """Whether a file ends with the footer of a VHD; its checksum tells it from chance."""
    footer = tail[-SECTOR:]
    if len(footer) < SECTOR or not footer.startswith(b"conectix"):
        return False
    told = int.from_bytes(footer[64:68], "big")
    return told == ~(sum(footer) - sum(footer[64:68])) & 0xFFFFFFFF


def vhd_size(footer: bytes) -> int:
    """The size of the disk that a VHD footer names."""
    return int.from_bytes(footer[48:56], "big")


def _is_tar_header(header: bytes) -> bool:
    """By its checksum, in which its own field counts as blanks; old tars have no other mark."""
    try:
        told = int(header[148:156].strip(b"\x00 "), 8)
    except ValueError:
        return False
    return told == sum(header) - sum(header[148:156]) + 8 * ord(" ")


def _kind_of_text(head: bytes) -> str | None:
    if not _PRINTABLE.issuperset(head):
        return None
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last character may be cut in two.
        if error.start < len(head) - 3:
            return None
        text = head[: error.start].decode("utf-8")
    begin = text.lstrip("\ufeff \t\r\n").lower()
    if re.match(r"<!doctype html|<html|<head|<body", begin):
        return "a web page (HTML), such as an error or a login"
    return "a text"
