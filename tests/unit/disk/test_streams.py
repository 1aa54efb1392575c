# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every disk that is safe arrives whole, whatever it is packed in."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    InvalidRequest,
)

from support.disks import (
    FORMATS,
    PACKERS,
    Workshop,
    carved,
    gpt_disk,
    iso,
    tar,
    vhd_footer,
    vmdk_with_footer,
    zipped,
)
from support.hostile_archives import ova
from support.ovas import manifest
from unit.disk.conftest import delivered, digest, opened

LAYOUT = {"partition_table": "gpt", "firmware": ("bios", "uefi")}


def as_qemu_reads_it(path: Path, kind: str) -> bytes:
    """The raw disk from qemu-img convert, which writes it to a file."""
    raw = path.with_name(f"{path.name}.raw")
    driver = "vpc" if kind.startswith("vhd-") else FORMATS[kind][0]
    subprocess.run(["qemu-img", "convert", "-f", driver, "-O", "raw", path, raw], check=True)
    return raw.read_bytes()


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_arrives_as_qemu_reads_it(shop: Workshop, kind: str) -> None:
    """Once and again; and it can be kept as it is."""
    path = shop.disk(kind)
    expected = as_qemu_reads_it(path, kind)
    assert digest(expected) == digest(gpt_disk())
    with opened(path) as disk:
        assert disk.facts.format == FORMATS[kind][0]
        assert disk.facts.virtual_size == len(expected)
        assert {name: getattr(disk.facts, name) for name in LAYOUT} == LAYOUT
        for _n in range(2):
            assert digest(delivered(disk)) == digest(expected)
        assert digest(delivered(disk, "keep")) == digest(path.read_bytes())


def test_a_vmdk_as_vmware_writes_it(shop: Workshop, tmp_path: Path) -> None:
    """Its tables are found by a footer."""
    path = tmp_path / "disk.vmdk"
    path.write_bytes(vmdk_with_footer(shop.disk("vmdk-streamOptimized").read_bytes()))
    with opened(path) as disk:
        assert digest(delivered(disk)) == digest(gpt_disk())


@pytest.mark.parametrize("kind", ["raw", "qcow2", "vhd-fixed"])
@pytest.mark.parametrize("packer", PACKERS)
def test_packed_disks(shop: Workshop, tmp_path: Path, kind: str, packer: str) -> None:
    """A raw one goes through as it comes; the others are unpacked first."""
    path = tmp_path / f"disk.{kind.partition('-')[0]}.{packer}"
    path.write_bytes(PACKERS[packer](shop.disk(kind).read_bytes()))
    with opened(path) as disk:
        known = packer in {"xz", "zst"} or kind != "raw"
        assert disk.facts.virtual_size == (len(gpt_disk()) if known else None)
        for _n in range(2):
            assert digest(delivered(disk)) == digest(gpt_disk())
        assert disk.facts.virtual_size == len(gpt_disk())
        assert disk.facts.packing == (packer,)
        assert disk.facts.format == FORMATS[kind][0]
        assert digest(delivered(disk, "keep")) == digest(shop.disk(kind).read_bytes())


@pytest.mark.parametrize("outer", ["", "gz", "xz"])
@pytest.mark.parametrize("kind", ["raw", "qcow2", "vmdk-streamOptimized"])
def test_disks_in_archives(shop: Workshop, tmp_path: Path, kind: str, outer: str) -> None:
    """With what lies beside them, and a size that the archive knows."""
    data = shop.disk(kind).read_bytes()
    members = {"./README.txt": b"-", "vm/disk.img": data, "SHA256SUMS": b"-"}
    path = tmp_path / "archive"
    path.write_bytes(PACKERS[outer](tar(members)) if outer else tar(members))
    with opened(path) as disk:
        assert disk.facts.virtual_size == len(gpt_disk())
        assert digest(delivered(disk)) == digest(gpt_disk())
        assert digest(delivered(disk, "keep")) == digest(data)
        assert disk.facts.member == "vm/disk.img"
        assert disk.facts.packing == (("tar", outer) if outer else ("tar",))
        sizes = {"README.txt": 1, "vm/disk.img": len(data), "SHA256SUMS": 1}
        assert dict(disk.facts.members).items() <= sizes.items()


@pytest.mark.parametrize("kind", ["raw", "qcow2"])
def test_disks_in_zip(shop: Workshop, tmp_path: Path, kind: str) -> None:
    """Also packed once more inside, which zip does no better."""
    data = shop.disk(kind).read_bytes()
    for members in ({"a.txt": b"", "disk": data}, {"disk.xz": PACKERS["xz"](data)}):
        path = tmp_path / "archive.zip"
        path.write_bytes(zipped(members))
        with opened(path) as disk:
            assert digest(delivered(disk)) == digest(gpt_disk())
            assert disk.facts.packing in {("zip",), ("xz", "zip")}


def test_the_wanted_member_of_several(shop: Workshop, tmp_path: Path) -> None:
    """In archives that can be searched, and in one that can only be read on."""
    members = {"1.vmdk": b"\x00", "2.vmdk": shop.disk("vmdk-streamOptimized").read_bytes()}
    for packed in (tar(members), zipped(members), PACKERS["gz"](tar(members))):
        path = tmp_path / "machine"
        path.write_bytes(packed)
        with opened(path, member="2.vmdk") as disk:
            assert digest(delivered(disk)) == digest(gpt_disk())


@pytest.mark.parametrize("algorithm", ["SHA1", "SHA256", "SHA512"])
def test_an_ova_with_its_manifest(shop: Workshop, tmp_path: Path, algorithm: str) -> None:
    """Before the disk or behind it, in the clear or packed."""
    files = ova(shop)
    listed = {name: files[name] for name in ("vm.ovf", "vm.vmdk")}
    files["vm.mf"] = manifest(listed, algorithm)
    behind = {name: files[name] for name in ("vm.ovf", "vm.vmdk", "vm.mf")}
    for archive in (tar(files), tar(behind), PACKERS["gz"](tar(files)), PACKERS["gz"](tar(behind))):
        path = tmp_path / "vm.ova"
        path.write_bytes(archive)
        with opened(path) as disk:
            assert digest(delivered(disk)) == digest(gpt_disk())


def test_a_member_of_what_is_no_archive(shop: Workshop, tmp_path: Path) -> None:
    """A slip in the task, which would otherwise go unseen."""
    packed = tmp_path / "disk.xz"
    packed.write_bytes(PACKERS["xz"](gpt_disk()))
    for path in (shop.disk("raw"), packed):
        with pytest.raises(InvalidRequest, match="is no archive"), opened(path, member="disk.raw"):
            pass


def test_a_packed_disk_in_an_ova(shop: Workshop, tmp_path: Path) -> None:
    """OVF allows gzip, and says so in the description; the manifest is of the packed file."""
    packed = PACKERS["gz"](shop.disk("vmdk-streamOptimized").read_bytes())
    proof = hashlib.sha256(packed).hexdigest()
    path = tmp_path / "vm.ova"
    files = {"vm.mf": f"SHA256(vm.vmdk.gz)= {proof}\n".encode(), "vm.vmdk.gz": packed}
    path.write_bytes(tar(files))
    with opened(path) as disk:
        assert disk.facts.packing == ("gz", "tar")
        assert digest(delivered(disk)) == digest(gpt_disk())


@pytest.mark.parametrize("options", [["--format=oldgnu"], ["--format=posix"]])
def test_sparse_members(tmp_path: Path, options: list[str]) -> None:
    """As clouds ship raw disks: tar -S leaves the holes out."""
    data = carved(bytes(6 << 20), *((n << 20, b"\x01" * 5000) for n in range(6)))
    (tmp_path / "disk.raw").write_bytes(data)
    subprocess.run(["cp", "--sparse=always", "disk.raw", "s.raw"], cwd=tmp_path, check=True)
    for packed in ([], ["--gzip"]):
        path = tmp_path / "archive"
        create = ["tar", *options, *packed, "--sparse", "-cf", str(path), "s.raw"]
        subprocess.run(create, cwd=tmp_path, check=True)
        assert path.stat().st_size < len(data) // 4
        with opened(path) as disk:
            assert disk.facts.virtual_size == len(data)
            for _n in range(2):
                assert digest(delivered(disk)) == digest(data)


def test_several_streams_in_one_packed_file(tmp_path: Path) -> None:
    """As pigz, pbzip2, pixz and pzstd write them, and as cat joins them."""
    disk = gpt_disk()
    for packer in PACKERS.values():
        path = tmp_path / "disk.raw.packed"
        path.write_bytes(packer(disk[: 1 << 20]) + packer(disk[1 << 20 :]))
        with opened(path) as opened_disk:
            assert digest(delivered(opened_disk)) == digest(disk)


def test_isos_and_disks_of_odd_sizes_are_left_as_they_are(tmp_path: Path) -> None:
    """Their bytes are the image; nothing is rounded."""
    for data, found, wish in (
        (iso(0x00, 0xEF), "iso", {}),
        (iso(hybrid=True), "iso", {}),
        (iso(hybrid=True), "raw", {"declared": "raw"}),
        (bytes(1000), "raw", {}),
        (bytes(700) + b"\x01", "raw", {"declared": "raw"}),
        (b"any text at all", "raw", {"verbatim": True}),
        (PACKERS["gz"](b"ramdisk"), "raw", {"verbatim": True}),
    ):
        path = tmp_path / "image"
        path.write_bytes(data)
        with opened(path, **wish) as disk:
            assert disk.facts.format == found
            assert disk.facts.virtual_size == len(data)
            assert delivered(disk) == data == delivered(disk, "keep")


def test_a_vhd_is_as_large_as_its_footer_says(shop: Workshop, tmp_path: Path) -> None:
    """QEMU would believe the geometry, and leave the end of the disk out."""
    path = tmp_path / "disk.vhd"
    options = ["-o", "force_size=on,subformat=dynamic"]
    size = (5 << 20) + 512 * 7
    raw = shop.file("odd", carved(bytes(size), (size - 512, b"\x07" * 512)))
    subprocess.run(["qemu-img", "convert", "-O", "vpc", *options, raw, path], check=True)
    data = path.read_bytes()
    # As VirtualBox signs it; QEMU trusts the sizes of a few makers only.
    geometry = struct.pack(">HBB", size // 512 // (4 * 17), 4, 17)
    footer = vhd_footer(data[-512:], (28, b"vbox"), (56, geometry))
    path.write_bytes(carved(data, (0, footer), (-512, footer)))
    assert len(as_qemu_reads_it(path, "vhd-dynamic")) < size
    with opened(path) as disk:
        assert digest(delivered(disk)) == digest(raw.read_bytes())


def test_a_name_is_only_a_name(shop: Workshop, tmp_path: Path) -> None:
    """QEMU would take these for protocols; it gets the open file, whatever became of the name."""
    for name in ("nbd:unix:socket", "json:{}", "a,b=c;%s", "$(touch here)"):
        path = tmp_path / name
        shutil.copy(shop.disk("qcow2"), path)
        with opened(path) as disk:
            path.unlink()
            path.write_bytes(b"something else")
            assert digest(delivered(disk)) == digest(gpt_disk())
