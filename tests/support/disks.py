# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks for tests, made on the spot: by qemu-img, by tar and zip, and with a knife."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from uuid import UUID

from backports import zstd

SECTOR = 512
SIZE = 4 << 20
EFI_SYSTEM = UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")
BIOS_BOOT = UUID("21686148-6449-6e6f-744e-656564454649")
LINUX = UUID("0fc63daf-8483-4772-8e79-3d69d8477de4")
# What qemu-img is told for each format that this collection reads, and what Glance calls it.
FORMATS: Mapping[str, tuple[str, Sequence[str]]] = {
    "qcow2": ("qcow2", ["-O", "qcow2"]),
    "qcow2-v2": ("qcow2", ["-O", "qcow2", "-o", "compat=0.10"]),
    "qcow2-zlib": ("qcow2", ["-c", "-O", "qcow2"]),
    "qcow2-zstd": ("qcow2", ["-c", "-O", "qcow2", "-o", "compression_type=zstd"]),
    "vmdk-monolithicSparse": ("vmdk", ["-O", "vmdk", "-o", "subformat=monolithicSparse"]),
    "vmdk-streamOptimized": ("vmdk", ["-O", "vmdk", "-o", "subformat=streamOptimized"]),
    "vdi": ("vdi", ["-O", "vdi"]),
    "vdi-static": ("vdi", ["-O", "vdi", "-o", "static=on"]),
    "vhd-dynamic": ("vhd", ["-O", "vpc", "-o", "force_size=on"]),
    "vhd-fixed": ("vhd", ["-O", "vpc", "-o", "subformat=fixed,force_size=on"]),
    "vhdx": ("vhdx", ["-O", "vhdx"]),
    "vhdx-fixed": ("vhdx", ["-O", "vhdx", "-o", "subformat=fixed"]),
    "raw": ("raw", ["-O", "raw"]),
}
_CHECKSUM = {int(zstd.CompressionParameter.checksum_flag): 1}
PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, 1),
    "bz2": bz2.compress,
    "xz": lambda data: lzma.compress(data, preset=0),
    "zst": lambda data: zstd.compress(
        data, options={int(zstd.CompressionParameter.checksum_flag): 1}
    ),
}


@cache
def gpt_disk(size: int = SIZE) -> bytes:
    """A disk with a GPT, an EFI system partition, a BIOS boot partition, data, and holes."""
    disk = bytearray(size)
    chance = random.Random(size)  # noqa: S311  # The same disk in every run.
    for at in range(1 << 20, size - (1 << 20), 512 << 10):
        disk[at : at + (192 << 10)] = chance.randbytes(192 << 10)
    last = size // SECTOR - 1
    disk[:440] = chance.randbytes(440)
    disk[446:462] = struct.pack("<B3sB3sII", 0, b"\x00\x02\x00", 0xEE, b"\xff" * 3, 1, last)
    disk[510:512] = b"\x55\xaa"
    kinds = [(BIOS_BOOT, 2048, 2050), (EFI_SYSTEM, 2051, 3000), (LINUX, 3001, last - 34)]
    table = b"".join(
        struct.pack("<16s16sQQQ72x", kind.bytes_le, chance.randbytes(16), first, final, 0)
        for kind, first, final in kinds
    ).ljust(128 * 128, b"\x00")
    for here, there, table_at in ((1, last, 2), (last, 1, last - 32)):
        header = bytearray(
            struct.pack(
                *("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0, here, there, 34),
                *(last - 34, bytes(16), table_at, 128, 128, zlib.crc32(table)),
            )
        )
        header[16:20] = struct.pack("<I", zlib.crc32(header))
        disk[here * SECTOR : here * SECTOR + len(header)] = header
        disk[table_at * SECTOR : table_at * SECTOR + len(table)] = table
    return bytes(disk)


def mbr_disk(*types: int, boots: bool = True) -> bytes:
    """A disk with partitions of these types in an MBR."""
    disk = bytearray(SIZE)
    disk[:440] = b"\xfa" * 440 if boots else bytes(440)
    for number, kind in enumerate(types):
        entry = struct.pack("<B3xB3xII", 0x80 * (number == 0), kind, 2048 * (number + 1), 2048)
        disk[446 + 16 * number : 462 + 16 * number] = entry
    disk[510:512] = b"\x55\xaa"
    return bytes(disk)


def iso(*platforms: int, hybrid: bool = False) -> bytes:
    """An ISO 9660 image without files, with a boot catalog for these platforms."""
    sectors = [bytes(2048)] * 24
    size = len(sectors)
    sectors[16] = b"\x01CD001\x01".ljust(80, b"\x00") + struct.pack("<I", size)
    sectors[16] = (sectors[16].ljust(128, b"\x00") + struct.pack("<H", 2048)).ljust(2048, b"\x00")
    if platforms:
        record = b"\x00CD001\x01EL TORITO SPECIFICATION".ljust(0x47, b"\x00") + struct.pack(
            "<I", 20
        )
        sectors[17] = record.ljust(2048, b"\x00")
        entries = [bytes([1, platforms[0]]), b"\x88"]
        entries += [part for kind in platforms[1:] for part in (bytes([0x91, kind]), b"\x88")]
        sectors[20] = b"".join(e.ljust(32, b"\x00") for e in entries).ljust(2048, b"\x00")
    data = b"".join(sectors)
    return mbr_disk(0x17)[:512] + data[512:] if hybrid else data


class Workshop:
    """A folder in which disks are made, each once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str, data: bytes) -> Path:
        """A file with these bytes."""
        path = self.folder / name
        path.write_bytes(data)
        return path

    def disk(self, kind: str, data: bytes | None = None) -> Path:
        """The usual disk, or one with these bytes, in one of FORMATS."""
        data = gpt_disk() if data is None else data
        path = self.folder / f"{zlib.crc32(data):08x}.{kind}"
        if not path.exists():
            raw = self.file(f"{path.name}.source", data)
            qemu_img("convert", "-f", "raw", *FORMATS[kind][1], raw, path)
        return path

    def carved(self, kind: str, *cuts: tuple[int, bytes]) -> bytes:
        """The bytes of such a disk, with others at these places; below zero, from the end."""
        return carved(self.disk(kind).read_bytes(), *cuts)


def qemu_img(*arguments: str | Path) -> None:
    """Let qemu-img do something."""
    subprocess.run(["qemu-img", *arguments], check=True, capture_output=True)


def carved(data: bytes, *cuts: tuple[int, bytes]) -> bytes:
    """The data, with other bytes at these places; below zero, from the end."""
    result = bytearray(data)
    for at, new in cuts:
        place = at if at >= 0 else len(data) + at
        result[place : place + len(new)] = new
    return bytes(result)


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    """The data, with one text in it exchanged, and the rest where it was: as in a descriptor."""
    at = data.index(old)
    end = data.index(b"\x00", at)
    text = data[at:end].replace(old, new, 1)
    return carved(data, (at, text.ljust(end - at, b"\x00")))


def tar(members: Mapping[str, bytes], *headers: tarfile.TarInfo) -> bytes:
    """A tar archive of these files, and of headers that stand for something else."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for header in headers:
            archive.addfile(header)
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def vmdk_with_footer(data: bytes) -> bytes:
    """A streamOptimized VMDK as VMware writes it: what the header cannot know yet stands behind."""
    marker = struct.pack("<QII", 1, 0, 3).ljust(SECTOR, b"\x00")
    at_end = struct.pack("<Q", 0xFFFFFFFFFFFFFFFF)
    return carved(data, (56, at_end)) + marker + data[:SECTOR] + bytes(SECTOR)


def vhd_footer(footer: bytes, *cuts: tuple[int, bytes]) -> bytes:
    """A VHD footer changed at these places, with its checksum put right."""
    changed = carved(footer, *cuts, (64, bytes(4)))
    return carved(changed, (64, struct.pack(">I", ~sum(changed) & 0xFFFFFFFF)))
