# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Archives of VMware, VirtualBox and oVirt: the disk that is meant arrives, and no other."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import Ambiguous, InvalidRequest

from support.disks import PACKERS, Workshop, carved, gpt_disk, qemu_img, tar, zipped
from support.ovas import (
    Disk,
    Fault,
    VMware,
    description,
    manifest,
    ovirt_ova,
    virtualbox_ova,
    vmware_ova,
)
from unit.disk.conftest import Look, delivered, digest, opened

Write = Callable[..., Path]
Pack = Callable[[dict[str, bytes]], bytes]
WRITERS: tuple[tuple[Write, str], ...] = (
    (vmware_ova, "vmdk-streamOptimized"),
    (virtualbox_ova, "vmdk-streamOptimized"),
    (ovirt_ova, "qcow2"),
)
SECOND = carved(gpt_disk(), (3 << 20, b"second"))
by_writer = pytest.mark.parametrize("write, kind", WRITERS, ids=lambda v: getattr(v, "__name__", v))
packed = pytest.mark.parametrize("packer", ["", "gz"])


def archive(path: Path, packer: str) -> Path:
    """The archive, compressed as a whole or not."""
    if packer:
        path.write_bytes(PACKERS[packer](path.read_bytes()))
    return path


@by_writer
@packed
def test_an_archive_with_one_disk(
    shop: Workshop, tmp_path: Path, write: Write, kind: str, packer: str
) -> None:
    """With its manifest checked, if it has one."""
    path = archive(write(tmp_path / "vm.ova", [shop.disk(kind)]), packer)
    with opened(path) as disk:
        assert digest(delivered(disk)) == digest(gpt_disk())
        machine = disk.facts.machine
        assert machine is not None
        assert [drive.member for drive in machine.shipped] == [disk.facts.member]


@by_writer
@packed
def test_an_archive_with_two_disks(
    shop: Workshop, look: Look, tmp_path: Path, *, write: Write, kind: str, packer: str
) -> None:
    """Who looks sees the first and all; who would use one is asked which."""
    disks = [shop.disk(kind), shop.disk(kind, SECOND)]
    path = archive(write(tmp_path / "vm.ova", disks), packer)
    facts = look(path, first_disk=True)
    assert facts.safe
    assert facts.machine is not None
    first, second = (drive.member for drive in facts.machine.shipped)
    assert facts.member == first
    assert [(known["member"], known["number"]) for known in facts.disks] == [
        (first, 1),
        (second, 2),
    ]
    assert facts.disks[0]["capacity"] == len(gpt_disk())
    assert facts.disks[1]["size"] == disks[1].stat().st_size

    with pytest.raises(Ambiguous, match="several files"), opened(path) as disk:
        delivered(disk)
    for member, data in ((first, gpt_disk()), (second, SECOND)):
        with opened(path, member=member) as disk:
            assert digest(delivered(disk)) == digest(data)


@packed
def test_the_disk_to_start_from_is_not_the_first_in_the_archive(
    shop: Workshop, look: Look, tmp_path: Path, packer: str
) -> None:
    """It is taken all the same."""
    disks = [shop.disk("vmdk-streamOptimized"), shop.disk("vmdk-streamOptimized", SECOND)]
    path = archive(vmware_ova(tmp_path / "vm.ova", disks, boots_from=2), packer)
    facts = look(path, first_disk=True)
    assert facts.safe
    assert facts.member == "vm-disk2.vmdk"


FAULTS = {
    Fault.OUTSIDE: "outside of the archive",
    Fault.ABSOLUTE: "outside of the archive",
    Fault.ELSEWHERE: "outside of the archive",
    Fault.MISSING_DISK: "which is not in the archive",
    Fault.SEVERAL_MACHINES: "several machines",
    Fault.CHUNKS: "cut into chunks",
    Fault.ENTITIES: "declares entities",
    Fault.DIFFERENCE: "only the difference",
}
# oVirt writes no manifest.
PROVEN_FAULTS = {
    Fault.WRONG_MANIFEST: "its manifest says 0000",
    Fault.WRONG_DESCRIPTION: "its manifest says 0000",
}


@by_writer
@packed
def test_refused_archives(
    shop: Workshop, look: Look, tmp_path: Path, *, write: Write, kind: str, packer: str
) -> None:
    """For each fault that there can be, and whichever disk is asked for."""
    disks = [shop.disk(kind), shop.disk(kind, SECOND)]
    second = look(write(tmp_path / "vm.ova", disks), first_disk=True).disks[1]["member"]
    faults = FAULTS if write is ovirt_ova else FAULTS | PROVEN_FAULTS
    for fault, says in faults.items():
        path = archive(write(tmp_path / "vm.ova", disks, fault=fault), packer)
        for wish in ({"first_disk": True}, {"member": second}):
            facts = look(path, **wish)
            assert not facts.safe, fault
            assert says in " ".join(facts.reasons), (fault, facts.reasons)


def described(*names: str) -> bytes:
    """The description of a machine with these disks."""
    disks = [Disk(name=name, size=1, capacity=1 << 30) for name in names]
    return description(VMware(), disks).encode()


@pytest.mark.parametrize("pack", [tar, zipped, lambda files: PACKERS["gz"](tar(files))])
def test_a_disk_among_other_files(shop: Workshop, tmp_path: Path, pack: Pack) -> None:
    """One that is described is no guess, whatever lies beside it."""
    data = shop.disk("vmdk-streamOptimized").read_bytes()
    files = {"vm.ovf": described("one.vmdk"), "tools.iso": b"\x00" * 600, "one.vmdk": data}
    path = tmp_path / "vm"
    path.write_bytes(pack({f"a/{name}": content for name, content in files.items()}))
    with opened(path) as disk:
        assert disk.facts.member == "a/one.vmdk"
        assert digest(delivered(disk)) == digest(gpt_disk())


def _without(name: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [line for line in lines if f"({name})" not in line]


@pytest.mark.parametrize("pack", [tar, zipped, lambda files: PACKERS["gz"](tar(files))])
@pytest.mark.parametrize(
    "spoil, says",
    [
        (lambda lines: [line.replace("(", "(./") for line in lines], None),
        (lambda lines: [*lines, f"SHA256(vm.cert)= {'0' * 64}"], "names vm.cert, which is not in"),
        (lambda lines: [line.replace("one", "ONE") for line in lines], "names ONE.vmdk, which is"),
        (_without("one.vmdk"), "no line for one.vmdk"),
        (_without("vm.ovf"), "no line for vm.ovf"),
        (lambda _lines: [], "no line for vm.ovf"),
    ],
)
def test_a_manifest_covers_what_is_used(
    shop: Workshop,
    look: Look,
    *,
    pack: Pack,
    spoil: Callable[[list[str]], list[str]],
    says: str | None,
) -> None:
    """Before the disk or behind it: one that leaves something out proves nothing."""
    disk = shop.disk("vmdk-streamOptimized").read_bytes()
    first = {"vm.ovf": described("one.vmdk")}
    files = first | {"one.vmdk": disk, "notes.txt": b"not in it"}
    lines = manifest({name: files[name] for name in ("vm.ovf", "one.vmdk")}).decode().splitlines()
    listed = {"vm.mf": "\n".join(spoil(lines)).encode()}
    for archived in (first | listed | files, files | listed):
        facts = look(pack(archived))
        assert facts.safe is (says is None), facts.reasons
        assert (says or "") in " ".join(facts.reasons)


def test_a_manifest_that_comes_too_late(shop: Workshop, look: Look) -> None:
    """In a stream without a description before the disk, nobody has computed what it wants."""
    files = {"one.vmdk": shop.disk("vmdk-streamOptimized").read_bytes()}
    files |= {"vm.ovf": described("one.vmdk")}
    files |= {"vm.mf": manifest(files)}
    assert look(tar(files)).safe
    late = look(PACKERS["gz"](tar(files)))
    assert "the manifest (.mf) comes behind the disk one.vmdk" in " ".join(late.reasons)


def test_two_manifests_that_contradict(shop: Workshop, look: Look) -> None:
    """None counts more than the other."""
    files = {"one.vmdk": shop.disk("vmdk-streamOptimized").read_bytes()}
    both = {"a.mf": manifest(files), "b.mf": f"SHA256(one.vmdk)= {'0' * 64}".encode()}
    assert "two hashes of one.vmdk" in " ".join(look(tar(files | both)).reasons)


def test_two_descriptions(shop: Workshop, look: Look) -> None:
    """None counts more than the other, so that the machine stays unknown."""
    data = shop.disk("vmdk-streamOptimized").read_bytes()
    files = {"a.ovf": described("one.vmdk"), "b.ovf": described("two.vmdk"), "one.vmdk": data}
    facts = look(tar(files), first_disk=True)
    assert facts.safe
    assert facts.machine is None
    assert [known["member"] for known in facts.disks] == ["one.vmdk"]


def test_what_an_operating_system_leaves_behind_describes_nothing(
    shop: Workshop, look: Look
) -> None:
    """As macOS does in archives of its own."""
    data = shop.disk("vmdk-streamOptimized").read_bytes()
    files = {"._vm.ovf": b"\x00\x05\x16\x07", "vm.ovf": described("one.vmdk"), "one.vmdk": data}
    facts = look(tar(files))
    assert facts.safe
    assert facts.machine is not None


def test_a_disk_twice(shop: Workshop, look: Look) -> None:
    """Which of them is described, nobody can say."""
    data = shop.disk("vmdk-streamOptimized").read_bytes()
    buffer = io.BytesIO(tar({"vm.ovf": described("one.vmdk"), "one.vmdk": data}))
    with tarfile.open(fileobj=buffer, mode="a") as archive:
        archive.addfile(tarfile.TarInfo("one.vmdk"))
    twice = buffer.getvalue()
    for content in (twice, PACKERS["gz"](twice)):
        facts = look(content, first_disk=True)
        assert not facts.safe
        assert "several files that may be a disk" in " ".join(facts.reasons)


def test_a_description_behind_its_disks(shop: Workshop, look: Look) -> None:
    """Read in any order where that can be done; else, a wrong guess shows in the end."""
    data = shop.disk("vmdk-streamOptimized").read_bytes()
    files = {"one.vmdk": data, "notes.log": data, "vm.ovf": described("notes.log")}
    assert look(tar(files)).member == "notes.log"
    late = look(PACKERS["gz"](tar(files)))
    assert "comes behind the disk notes.log" in " ".join(late.reasons)
    alone = {"notes.log": data, "vm.ovf": described("notes.log")}
    late = look(PACKERS["gz"](tar(alone)))
    assert "comes behind the disk notes.log" in " ".join(late.reasons)


@packed
def test_a_disk_that_ends_within_a_sector(tmp_path: Path, packer: str) -> None:
    """As qcow2 may; archives pad it."""
    made = tmp_path / "disk.qcow2"
    qemu_img("create", "-q", "-f", "qcow2", made, "1M")
    assert made.stat().st_size % 512
    path = archive(ovirt_ova(tmp_path / "vm.ova", [made]), packer)
    with opened(path) as disk:
        assert delivered(disk) == bytes(1 << 20)


@packed
def test_a_description_is_no_disk(shop: Workshop, tmp_path: Path, packer: str) -> None:
    """A slip in the task; in a stream, it would have been read already."""
    path = archive(vmware_ova(tmp_path / "vm.ova", [shop.disk("vmdk-streamOptimized")]), packer)
    for member in ("vm.ovf", "./vm.mf"):
        with pytest.raises(InvalidRequest, match="describes disks"), opened(path, member=member):
            pass
