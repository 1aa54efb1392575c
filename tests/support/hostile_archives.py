# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packed files that must not be unpacked, each with words of the reason that has to be given."""

from __future__ import annotations

import hashlib
import lzma
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from backports import zstd

from support.disks import PACKERS, SIZE, Workshop, carved, gpt_disk, tar, zipped
from support.hostile import Hostile, lister

ARCHIVES: dict[str, Hostile] = {}
hostile = lister(ARCHIVES)

Pack = Callable[[Mapping[str, bytes]], bytes]

_DISK = "disk.raw"


def header(name: str, **fields: Any) -> tarfile.TarInfo:
    """A tar header without data."""
    made = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def _noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311  # The same in every run.


# ---- tar -----------------------------------------------------------------------------------------


def _packed(pack: Pack, files: Callable[[Pack], Mapping[str, bytes]], _shop: Workshop) -> bytes:
    return pack(files(pack))


def _listed_by_name() -> None:
    files: dict[str, tuple[Callable[[Pack], Mapping[str, bytes]], str]] = {
        "that leads upwards": (lambda _pack: {"../../etc/disk": gpt_disk()}, "outside the folder"),
        "that leads to the root": (lambda _pack: {"/etc/disk": gpt_disk()}, "outside the folder"),
        "that leads to a drive": (lambda _pack: {"C:\\disk": gpt_disk()}, "outside the folder"),
        "of two disks": (
            lambda _pack: {"a.vmdk": b"", "b.vmdk": b"", "vm.ovf": b"<a/>"},
            "several files that may be a disk: a.vmdk, b.vmdk",
        ),
        "without a disk": (
            lambda _pack: {"README.txt": b"", "SHA256SUMS": b"", "._x": b""},
            "holds no disk, only: README.txt, SHA256SUMS, ._x",
        ),
        "of a thousand members": (
            lambda _pack: {f"{n}.txt": b"" for n in range(1002)},
            "more than 1000 members",
        ),
        "in another": (lambda pack: {"inner": pack({"x": b"\x00"})}, "packed more than once"),
    }
    for kind, pack in (("tar", tar), ("zip", zipped)):
        for what, (make, says) in files.items():
            ARCHIVES[f"{kind} {what}"] = Hostile(partial(_packed, pack, make), says, {})


_listed_by_name()


@hostile("disk.raw is a link")
def tar_with_a_symbolic_link(_shop: Workshop) -> bytes:
    return tar({}, header(_DISK, type=tarfile.SYMTYPE, linkname="/etc/passwd"))


@hostile("disk.raw is a link")
def tar_with_a_hard_link(_shop: Workshop) -> bytes:
    return tar({}, header(_DISK, type=tarfile.LNKTYPE, linkname="/etc/passwd"))


@hostile("disk.raw is no regular file")
def tar_with_a_device(_shop: Workshop) -> bytes:
    return tar({}, header(_DISK, type=tarfile.BLKTYPE, devmajor=8, devminor=0))


@hostile("unexpected end")
def tar_cut_in_its_disk(_shop: Workshop) -> bytes:
    return tar({_DISK: gpt_disk()})[: SIZE // 2]


@hostile("cut short")
def packed_tar_cut_in_its_disk(_shop: Workshop) -> bytes:
    return PACKERS["gz"](tar({_DISK: gpt_disk()})[: SIZE // 2])


def _with_size(size: int) -> bytes:
    """An archive with a header that claims this size, in the notation of GNU tar for odd ones."""
    archive = tar({_DISK: b"\x00" * 512})
    field = (
        b"\x80" + size.to_bytes(11, "big") if size >= 0 else size.to_bytes(12, "big", signed=True)
    )
    changed = carved(archive, (124, field), (148, b" " * 8))
    return carved(changed, (148, f"{sum(changed[:512]):06o}\0 ".encode()))


@hostile("archive")
def tar_with_a_size_below_zero(_shop: Workshop) -> bytes:
    return _with_size(-1024)


@hostile("archive")
def packed_tar_with_a_size_below_zero(_shop: Workshop) -> bytes:
    return PACKERS["xz"](_with_size(-1024))


@hostile("unexpected end")
def tar_with_a_size_beyond_its_end(_shop: Workshop) -> bytes:
    return _with_size(1 << 60)


@hostile("cut short")
def packed_tar_with_a_size_beyond_its_end(_shop: Workshop) -> bytes:
    return PACKERS["gz"](_with_size(1 << 60))


@hostile("header of a size that makes no sense")
def tar_with_a_name_of_gigabytes(_shop: Workshop) -> bytes:
    long = header("././@LongLink", type=tarfile.GNUTYPE_LONGNAME, size=1 << 32)
    return tar({_DISK: b""}, long)


@hostile("archive")
def tar_of_headers_within_headers(_shop: Workshop) -> bytes:
    block = header("x", type=tarfile.GNUTYPE_LONGNAME, size=0).tobuf(tarfile.GNU_FORMAT)
    return block * 3000


def sparse_tar(*parts: tuple[int, int], size: int) -> bytes:
    """An archive of old GNU tar with a sparse member of these parts."""
    member = header(_DISK, type=tarfile.GNUTYPE_SPARSE, size=sum(length for _at, length in parts))
    block = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    for number, (at, length) in enumerate(parts):
        block[386 + 24 * number : 410 + 24 * number] = f"{at:011o} {length:011o} ".encode()
    block[483:495] = f"{size:011o} ".encode()
    block[148:156] = b" " * 8
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block) + b"\x01" * max(member.size, 0) + bytes(1024)


@hostile("parts that overlap")
def tar_with_a_sparse_member_that_overlaps(_shop: Workshop) -> bytes:
    return sparse_tar((0, 1024), (512, 1024), size=4096)


@hostile("parts that overlap")
def tar_with_a_sparse_member_beyond_its_end(_shop: Workshop) -> bytes:
    return sparse_tar((4096, 1024), size=2048)


@hostile("no more than 1 MiB", max_virtual_size=1 << 20)
def tar_with_a_sparse_bomb(_shop: Workshop) -> bytes:
    return sparse_tar((0, 512), size=1 << 32)


@hostile("several files that may be a disk: disk.raw, other.raw")
def packed_tar_with_a_second_disk_behind(_shop: Workshop) -> bytes:
    return PACKERS["gz"](tar({_DISK: gpt_disk(), "other.raw": b"\x00" * 512}))


# ---- zip -----------------------------------------------------------------------------------------


def _list_entry(archive: bytes) -> int:
    return archive.index(b"PK\x01\x02")


@hostile("is encrypted")
def zip_that_is_encrypted(_shop: Workshop) -> bytes:
    archive = zipped({_DISK: gpt_disk()})
    at = _list_entry(archive)
    return carved(archive, (at + 8, b"\x01\x00"))


@hostile("is a link")
def zip_with_a_symbolic_link(_shop: Workshop) -> bytes:
    archive = zipped({_DISK: b"/etc/passwd"})
    return carved(archive, (_list_entry(archive) + 38, struct.pack("<I", 0o120777 << 16)))


@hostile("not unpacked here")
def zip_with_a_rare_method(_shop: Workshop) -> bytes:
    return zipped({_DISK: gpt_disk()}, zipfile.ZIP_LZMA)


@hostile("damaged zip")
def zip_that_names_less_than_it_holds(_shop: Workshop) -> bytes:
    archive = zipped({_DISK: _noise(SIZE)})
    return carved(archive, (_list_entry(archive) + 24, struct.pack("<I", SIZE // 2)))


@hostile("lies about the size")
def zip_that_names_more_than_it_holds(_shop: Workshop) -> bytes:
    archive = zipped({_DISK: gpt_disk()})
    return carved(archive, (_list_entry(archive) + 24, struct.pack("<I", SIZE * 2)))


@hostile("CRC")
def zip_with_a_wrong_checksum(_shop: Workshop) -> bytes:
    archive = zipped({_DISK: gpt_disk()})
    return carved(archive, (_list_entry(archive) + 16, b"\x00" * 4))


@hostile("damaged zip")
def zip_cut_before_its_list(_shop: Workshop) -> bytes:
    archive = zipped({_DISK: gpt_disk()})
    return archive[: _list_entry(archive)]


@hostile("or was cut short", declared="vhd")
def zip_of_a_cut_vhd(shop: Workshop) -> bytes:
    return zipped({"disk.vhd": shop.carved("vhd-fixed")[: SIZE // 2]})


@hostile("a fixed VHD")
def zip_of_a_fixed_vhd_by_another_name(shop: Workshop) -> bytes:
    return zipped({_DISK: shop.carved("vhd-fixed")})


# ---- Compressed ----------------------------------------------------------------------------------


def _spoiled(
    pack: Callable[[bytes], bytes],
    spoil: Callable[[Callable[[bytes], bytes]], bytes],
    _shop: Workshop,
) -> bytes:
    return spoil(pack)


def _listed_by_compression() -> None:
    ways: dict[str, tuple[Callable[[Callable[[bytes], bytes]], bytes], str, dict[str, Any]]] = {
        "cut short": (lambda pack: pack(gpt_disk())[:-2000], "cut short", {}),
        "cut at its very end": (lambda pack: pack(gpt_disk())[:-1], "cut short", {}),
        "damaged": (
            lambda pack: carved(pack(gpt_disk()), (-20000, b"\x55" * 4000)),
            "cannot be unpacked",
            {},
        ),
        "packed twice": (lambda pack: pack(PACKERS["gz"](gpt_disk())), "more than once", {}),
        "followed by something": (lambda pack: pack(gpt_disk()) + b"#" * 99, "follows", {}),
        "of nothing": (lambda pack: pack(b""), "an empty file", {}),
        "of a page": (lambda pack: pack(b"<html>" * 999), "(HTML)", {}),
        "that is a bomb": (
            lambda pack: pack(bytes(8 << 20)),
            "no more than 1 MiB",
            {"max_virtual_size": 1 << 20},
        ),
        "of a raw disk said to be qcow2": (
            lambda pack: pack(gpt_disk()),
            "said to be qcow2",
            {"declared": "qcow2"},
        ),
    }
    for name, pack in PACKERS.items():
        for what, (spoil, says, wish) in ways.items():
            ARCHIVES[f"{name} {what}"] = Hostile(partial(_spoiled, pack, spoil), says, wish)


_listed_by_compression()


@hostile("xz data")
def xz_that_would_fill_the_memory(_shop: Workshop) -> bytes:
    """Its header claims a dictionary of 1.5 GiB; the data itself is made with a small one."""
    data = lzma.compress(_noise(4096), preset=0)
    # Block header: size, flags, filter 0x21 with one byte of properties, which is the dictionary.
    at = data.index(b"\x21\x01", 12)
    length = (data[12] + 1) * 4
    block = carved(data[12 : 12 + length - 4], (at + 2 - 12, b"\x25"))
    return data[:12] + block + struct.pack("<I", zlib.crc32(block)) + data[12 + length :]


@hostile("zst data")
def zst_that_would_fill_the_memory(_shop: Workshop) -> bytes:
    window = {int(zstd.CompressionParameter.window_log): 30}
    packer = zstd.ZstdCompressor(options=window)
    return packer.compress(_noise(4096)) + packer.flush()


@hostile("goes on and on", max_virtual_size=1 << 20)
def gz_of_a_qcow2_that_never_ends(shop: Workshop) -> bytes:
    return PACKERS["gz"](shop.carved("qcow2")[:65536] + bytes(70 << 20))


# ---- OVA -----------------------------------------------------------------------------------------


def ova(shop: Workshop, *, mf: str | None = None, ovf: str = "<Envelope/>") -> dict[str, bytes]:
    """The files of an OVA, with a manifest that is right, or that says this of the disk."""
    disk = shop.disk("vmdk-streamOptimized").read_bytes()
    right = f"SHA256(vm.vmdk)= {hashlib.sha256(disk).hexdigest()}\n"
    described = f"SHA256(vm.ovf)= {hashlib.sha256(ovf.encode()).hexdigest()}\n"
    proofs = described + (mf or right)
    return {"vm.ovf": ovf.encode(), "vm.mf": proofs.encode(), "vm.vmdk": disk}


_WRONG = f"SHA256(vm.vmdk)= {'0' * 64}\n"
_NAMESPACE = "http://schemas.dmtf.org/ovf/envelope/1"


def _behind(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files, with the manifest at the end."""
    return dict(sorted(files.items(), key=lambda item: item[0].endswith(".mf")))


@hostile("its manifest says 0000")
def ova_of_another_disk(shop: Workshop) -> bytes:
    return tar(ova(shop, mf=_WRONG))


@hostile("its manifest says 0000")
def packed_ova_of_another_disk(shop: Workshop) -> bytes:
    return PACKERS["gz"](tar(ova(shop, mf=_WRONG)))


@hostile("its manifest says 0000")
def packed_ova_of_another_disk_with_the_manifest_behind(shop: Workshop) -> bytes:
    return PACKERS["gz"](tar(_behind(ova(shop, mf=_WRONG))))


@hostile("its manifest says 0000")
def ova_of_another_disk_in_a_folder(shop: Workshop) -> bytes:
    return tar({f"vm/{name}": data for name, data in ova(shop, mf=_WRONG).items()})


@hostile("no description of a machine")
def ova_with_a_manifest_of_megabytes(shop: Workshop) -> bytes:
    return tar(ova(shop, mf=_WRONG * 20000))


@hostile("is no line of one")
def ova_with_a_manifest_that_is_a_page(shop: Workshop) -> bytes:
    return tar(ova(shop, mf="<html>"))


@hostile("two hashes")
def ova_with_a_manifest_that_says_two_things(shop: Workshop) -> bytes:
    return tar(ova(shop, mf=_WRONG + _WRONG.replace("0", "1")))


@hostile("cut into chunks")
def ova_of_chunks(shop: Workshop) -> bytes:
    file = '<f:References><f:File f:href="vm.vmdk" f:chunkSize="1000"/></f:References>'
    return tar(ova(shop, ovf=f'<f:Envelope xmlns:f="{_NAMESPACE}">{file}</f:Envelope>'))


@hostile("declares entities")
def ova_with_a_bomb_of_entities(shop: Workshop) -> bytes:
    return tar(ova(shop, ovf='<!DOCTYPE a [<!ENTITY a "aaaa">]><a>&a;</a>'))


@hostile("no XML")
def ova_with_a_description_that_is_none(shop: Workshop) -> bytes:
    return tar(ova(shop, ovf="<Envelope>"))


@hostile("backing file")
def tar_of_a_disk_with_a_backing_file(shop: Workshop) -> bytes:
    disk = shop.carved("qcow2", (8, struct.pack(">QI", 512, 4)), (512, b"base"))
    return tar({"disk.qcow2": disk})
