# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines in archives (OVA), as VMware, VirtualBox and oVirt write them.

    vmware_ova(path, [Path("disk1.vmdk"), Path("disk2.vmdk")], firmware="efi", memory=4096)
    virtualbox_ova(path, [Path("disk1.vmdk")], guest="Windows10_64", controller="AHCI")
    ovirt_ova(path, [Path("disk1.qcow2")], interface="VirtIO_SCSI", fault=Fault.WRONG_MANIFEST)

What can be said of a machine are the fields of VMware, VirtualBox and OVirt; what can be wrong with
an archive are the faults. The documents stand in the folder ovf.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, ClassVar
from uuid import NAMESPACE_URL, uuid5

import jinja2

_DOCUMENTS = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("ovf")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=jinja2.StrictUndefined,
)
_SCSI = ("VirtualSCSI", "lsilogic", "lsilogicsas", "buslogic", "LsiLogic", "LsiLogicSas")


class Fault(Enum):
    """What can be wrong with an archive."""

    OUTSIDE = auto()
    ABSOLUTE = auto()
    ELSEWHERE = auto()
    MISSING_DISK = auto()
    WRONG_MANIFEST = auto()
    WRONG_DESCRIPTION = auto()
    SEVERAL_MACHINES = auto()
    CHUNKS = auto()
    ENTITIES = auto()
    DIFFERENCE = auto()


@dataclass(frozen=True, kw_only=True)
class VMware:
    """A machine as vCenter and ovftool export it."""

    template: ClassVar = "vmware.ovf.j2"
    algorithm: ClassVar = "sha256"
    # With the manifest right behind the description.
    manifest_first: ClassVar = True

    name: str = "web01"
    guest: str = "debian12_64Guest"
    cim: int = 96
    version: str | None = "12"
    described: str = "Debian GNU/Linux 12 (64-bit)"
    # bios or efi.
    firmware: str = "bios"
    secure_boot: bool = False
    cpus: int = 2
    memory: int = 2048
    # VirtualSCSI, lsilogic, lsilogicsas, buslogic, vmware.sata.ahci, vmware.nvme.controller, ide.
    controller: str = "VirtualSCSI"
    # VmxNet3, E1000, E1000e, PCNet32 …
    network: str = "VmxNet3"
    # The number of the disk that is named as the one to start from.
    boots_from: int | None = None
    # So many GiB of a disk that is shipped without a file.
    empty_disk: int | None = None
    # Whether it comes in two sizes, of which the larger one is the default.
    sizes: bool = False


@dataclass(frozen=True, kw_only=True)
class VirtualBox:
    """A machine as VirtualBox exports it."""

    template: ClassVar = "virtualbox.ovf.j2"
    algorithm: ClassVar = "sha1"
    manifest_first: ClassVar = False

    name: str = "web01"
    guest: str = "Debian_64"
    cim: int = 96
    # BIOS or EFI.
    firmware: str = "BIOS"
    cpus: int = 2
    memory: int = 2048
    # AHCI, PIIX4, LsiLogic, LsiLogicSas, VirtioSCSI, NVMe.
    controller: str = "AHCI"
    # 82540EM, Am79C973, virtio.
    network: str = "82540EM"


@dataclass(frozen=True, kw_only=True)
class OVirt:
    """A machine as oVirt and RHV export it; its files are named by UUIDs, and have no manifest."""

    template: ClassVar = "ovirt.ovf.j2"
    algorithm: ClassVar = None
    manifest_first: ClassVar = False

    name: str = "web01"
    # oVirt's own number of the system.
    guest: int = 24
    cim: int = 80
    described: str = "Red Hat Enterprise Linux 7.x x64"
    # 0 i440fx, 1 q35, 2 q35 with UEFI, 3 with secure boot.
    bios_type: int = 1
    cpus: int = 2
    memory: int = 2048
    # IDE, SATA, VirtIO, VirtIO_SCSI.
    interface: str = "VirtIO_SCSI"
    # 1 rtl8139, 2 e1000, 3 virtio.
    network: int = 3
    boots_from: int = 1


Machine = VMware | VirtualBox | OVirt


@dataclass(frozen=True, kw_only=True)
class Disk:
    """A disk file, as a description speaks of it."""

    name: str
    size: int
    capacity: int

    @property
    def uuid(self) -> str:
        return str(uuid5(NAMESPACE_URL, self.name))


def vmware_ova(
    path: Path, disks: Sequence[Path], *, fault: Fault | None = None, **machine: Any
) -> Path:
    """An archive of VMware's; the disks should be streamOptimized VMDKs."""
    return _ova(path, disks, VMware(**machine), fault)


def virtualbox_ova(
    path: Path, disks: Sequence[Path], *, fault: Fault | None = None, **machine: Any
) -> Path:
    """An archive of VirtualBox's; the disks should be streamOptimized VMDKs."""
    return _ova(path, disks, VirtualBox(**machine), fault)


def ovirt_ova(
    path: Path, disks: Sequence[Path], *, fault: Fault | None = None, **machine: Any
) -> Path:
    """An archive of oVirt's; the disks should be qcow2."""
    return _ova(path, disks, OVirt(**machine), fault)


def description(machine: Machine, disks: Sequence[Disk], fault: Fault | None = None) -> str:
    """The description of a machine with these disks."""
    text = _DOCUMENTS.get_template(machine.template).render(
        asdict(machine),
        disks=disks,
        scsi=_SCSI,
        # VirtualBox writes no subtype for virtio.
        subtypes={"82540EM": "E1000", "Am79C973": "PCNet32"},
        system_id=uuid5(NAMESPACE_URL, machine.name),
    )
    return text if fault is None else _spoilt(text, fault)


# What is written in place of what, the first time that it comes.
_SLIPS: Mapping[Fault, tuple[str, str]] = {
    Fault.OUTSIDE: ('href="', 'href="../'),
    Fault.ABSOLUTE: ('href="', 'href="/var/lib/images/'),
    Fault.ELSEWHERE: ('href="', 'href="http://192.0.2.1/'),
    Fault.CHUNKS: ("<File ", '<File ovf:chunkSize="1048576" '),
    Fault.ENTITIES: ("?>", '?><!DOCTYPE x [<!ENTITY a "aaaa">]>'),
    Fault.DIFFERENCE: ("<Disk ", '<Disk ovf:parentRef="base" '),
}


def _spoilt(text: str, fault: Fault) -> str:
    if fault is Fault.DIFFERENCE:
        text = text.replace(' ovf:parentRef=""', "")
    if fault is Fault.SEVERAL_MACHINES:
        return _doubled(text)
    return text.replace(*_SLIPS[fault], 1) if fault in _SLIPS else text


def _doubled(text: str) -> str:
    """The same with a second machine, called database."""
    one = re.search(r" *<VirtualSystem .*</VirtualSystem>\n", text, re.DOTALL)
    assert one is not None
    other = re.sub(r'(<VirtualSystem ovf:id=")[^"]*', r"\1database", one[0])
    other = re.sub(r"<Name>[^<]*", "<Name>database", other)
    both = f'<VirtualSystemCollection ovf:id="shop">\n{one[0]}{other}</VirtualSystemCollection>\n'
    return text.replace(one[0], both)


def _ova(path: Path, files: Sequence[Path], machine: Machine, fault: Fault | None) -> Path:
    disks = [_disk(path, number, file, machine) for number, file in enumerate(files, 1)]
    text = description(machine, disks, fault).encode()
    members: dict[str, bytes | Path] = {f"{path.stem}.ovf": text}
    members |= {disk.name: file for disk, file in zip(disks, files, strict=True)}
    if machine.algorithm is not None:
        members[f"{path.stem}.mf"] = manifest(members, machine.algorithm, fault)
    if machine.manifest_first:
        first = (f"{path.stem}.ovf", f"{path.stem}.mf")
        members = {name: members[name] for name in dict.fromkeys((*first, *members))}
    if fault is Fault.MISSING_DISK:
        del members[disks[0].name]
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members.items():
            if isinstance(content, Path):
                archive.add(content, name)
            else:
                header = tarfile.TarInfo(name)
                header.size = len(content)
                archive.addfile(header, io.BytesIO(content))
    return path


def _disk(path: Path, number: int, file: Path, machine: Machine) -> Disk:
    told = subprocess.run(
        ["qemu-img", "info", "--output=json", file], check=True, capture_output=True
    )
    name = f"{path.stem}-disk{number}.vmdk"
    if isinstance(machine, OVirt):
        name = str(uuid5(NAMESPACE_URL, name))
    return Disk(
        name=name, size=file.stat().st_size, capacity=json.loads(told.stdout)["virtual-size"]
    )


def manifest(
    members: Mapping[str, bytes | Path], algorithm: str = "sha256", fault: Fault | None = None
) -> bytes:
    """A manifest with a line for each of these."""
    lines = []
    for name, content in members.items():
        data = content.read_bytes() if isinstance(content, Path) else content
        value = hashlib.new(algorithm, data).hexdigest()
        spoilt = Fault.WRONG_DESCRIPTION if name.endswith(".ovf") else Fault.WRONG_MANIFEST
        if fault is spoilt:
            value = "0" * len(value)
        lines.append(f"{algorithm.upper()}({name})= {value}\n")
    return "".join(lines).encode()
