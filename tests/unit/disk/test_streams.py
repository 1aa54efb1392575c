# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is delivered is the disk, all of it, or an error."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from ansible_collections.curator.glance.plugins.module_utils.disk import tools
from ansible_collections.curator.glance.plugins.module_utils.disk.opening import OpenDisk, open_disk
from ansible_collections.curator.glance.plugins.module_utils.disk.qemu import require_space
from ansible_collections.curator.glance.plugins.module_utils.domain.disk import DiskWish
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    InvalidRequest,
    MissingTool,
    NoSpace,
    RefusedDisk,
    SourceFailed,
)
from ansible_collections.curator.glance.plugins.module_utils.progress import NoProgress

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
from unit.disk.conftest import within

LAYOUT = {"partition_table": "gpt", "firmware": ("bios", "uefi")}


@contextmanager
def opened(path: Path, **wish: Any) -> Iterator[OpenDisk]:
    """A disk that is safe; afterwards, nothing of it is left."""
    scratch = path.with_name(f"{path.name}.scratch")
    asked = DiskWish(**{"name": path.name, **wish})
    with open_disk(path, asked, scratch=scratch, progress=NoProgress()) as disk:
        yield disk
    assert not scratch.exists() or not list(scratch.iterdir())


def delivered(disk: OpenDisk, target: Literal["raw", "keep"] = "raw") -> bytes:
    """All that one stream delivers; its size is what it said."""
    with disk.stream(target) as stream:
        said = stream.size
        data = b"".join(stream.pieces)
        assert said in {None, len(data)}
        assert stream.size == len(data)
    return data


def as_qemu_reads_it(path: Path, kind: str) -> bytes:
    """The raw disk from qemu-img convert, which writes it to a file."""
    raw = path.with_name(f"{path.name}.raw")
    driver = "vpc" if kind.startswith("vhd-") else FORMATS[kind][0]
    subprocess.run(["qemu-img", "convert", "-f", driver, "-O", "raw", path, raw], check=True)
    return raw.read_bytes()


def digest(data: bytes) -> str:
    """Short enough to be shown where two disks differ."""
    return hashlib.sha512(data).hexdigest()


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
    proof = hashlib.new(algorithm, files["vm.vmdk"]).hexdigest()
    files["vm.mf"] = f"{algorithm}(vm.vmdk)= {proof}\n".encode()
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


def test_a_stream_that_is_left_ends_its_programs(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for them, and nothing of them stays."""

    def leave(disk: OpenDisk) -> None:
        with disk.stream("raw") as stream:
            next(stream.pieces)
            raise RuntimeError("enough")

    with opened(shop.disk("qcow2")) as disk:
        for _n in range(2):
            with within(20), pytest.raises(RuntimeError, match="enough"):
                leave(disk)
            with pytest.raises(ChildProcessError):
                os.waitpid(-1, os.WNOHANG)
            # And then with one that does not care whether anybody listens.
            _with_nbdcopy("head -c 2000000 /dev/zero; sleep 600", tmp_path, monkeypatch)


def test_a_bomb_is_stopped_at_its_limit(tmp_path: Path) -> None:
    """Not after all of it went off."""
    path = tmp_path / "disk.raw.gz"
    path.write_bytes(PACKERS["gz"](bytes(64 << 20)))
    seen: list[bytes] = []
    with opened(path, max_virtual_size=2 << 20) as disk, disk.stream("raw") as stream:
        with pytest.raises(RefusedDisk, match="goes on and on"):
            seen.extend(stream.pieces)
        assert sum(map(len, seen)) == 2 << 20


def test_a_damaged_disk_is_not_taken_for_a_short_one(shop: Workshop, tmp_path: Path) -> None:
    """Its tables are right and its data is not: that shows only when it is read."""
    path = tmp_path / "disk.qcow2"
    # Something that is worth compressing; the rest is stored as it is.
    letters = gpt_disk().translate(bytes(value % 16 for value in range(256)))
    data = shop.disk("qcow2-zlib", letters).read_bytes()
    path.write_bytes(carved(data, (len(data) - (300 << 10), b"\xff" * (128 << 10))))
    with opened(path) as disk, pytest.raises(RefusedDisk, match="cannot be read to its end"):
        delivered(disk)


def _with_nbdcopy(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbdcopy = folder / "nbdcopy"
    nbdcopy.write_text(f"#!/bin/sh\n{script}\n")
    nbdcopy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    "script, says",
    [
        ("head -c 100000 /dev/zero; exit 0", "came to 100000"),
        ("head -c 100000 /dev/zero; echo oh no >&2; exit 3", "oh no"),
        ("head -c 5000000 /dev/zero", "came to 5000000"),
        ("kill -SEGV $$", "ended with code"),
        ("head -c 9000000 /dev/zero; sleep 600", "came to a halt"),
    ],
)
def test_a_program_that_fails(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, says: str
) -> None:
    """Whatever it delivered is no disk."""
    monkeypatch.setattr(tools, "_SECONDS_OF_SILENCE", 1)
    with opened(shop.disk("qcow2")) as disk:
        _with_nbdcopy(script, tmp_path, monkeypatch)
        with within(20), pytest.raises(RefusedDisk, match=says):
            delivered(disk)


def _with_programs(folder: Path, monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    for program in programs:
        (folder / program).symlink_to(shutil.which(program) or "")
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize("kind", ["qcow2", "vmdk-streamOptimized", "vhdx"])
def test_without_nbdcopy_a_file_is_made(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Once, for all streams, and gone afterwards."""
    path = shop.disk(kind)
    _with_programs(tmp_path, monkeypatch, "qemu-img", "qemu-nbd")
    with opened(path) as disk:
        for _n in range(2):
            assert digest(delivered(disk)) == digest(gpt_disk())


def test_without_qemu_raw_disks_are_read_and_others_are_not(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what to install."""
    paths = shop.disk("raw"), shop.disk("qcow2")
    _with_programs(tmp_path, monkeypatch)
    with opened(paths[0]) as disk:
        assert digest(delivered(disk)) == digest(gpt_disk())
    with pytest.raises(MissingTool, match="qemu-utils and libnbd-bin"), opened(paths[1]):
        pass


def test_a_file_that_is_written_to(tmp_path: Path) -> None:
    """What was inspected would not be what is sent."""
    path = tmp_path / "disk.raw"
    path.write_bytes(bytes(3 << 20))
    with opened(path) as disk, disk.stream("raw") as stream:
        next(stream.pieces)
        os.utime(path, ns=(1, 1))
        with pytest.raises(SourceFailed, match="written to"):
            list(stream.pieces)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A name for nothing, a folder, and a pipe that nobody writes to."""
    os.mkfifo(tmp_path / "pipe")
    for path, says in (
        (tmp_path / "nothing", "No such file"),
        (tmp_path, "Is a directory"),
        (tmp_path / "pipe", "no regular file"),
    ):
        with pytest.raises(SourceFailed, match=says), opened(path):
            pass


def test_space_is_asked_for_first(tmp_path: Path) -> None:
    """In words that say how much, and where."""
    with pytest.raises(NoSpace, match="4 PiB are needed"):
        require_space(tmp_path, 4 << 50)
