# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The description (.ovf) of an archive: what it says of the machine, and whose disks are there.

Nothing in it is trusted: sizes are limited, texts are cut, what makes no sense is left out and
noted, and a disk has to be a file of the same archive.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ...errors import RefusedDisk
from ..disk_members import plain_name
from ..machine import Drive, Machine
from ..values import LARGEST_MINIMUM, some
from .document import Element, attribute, child, children, kind, number, parse, text_of
from .firmware import firmware
from .hardware import CPU, MEMORY, Item, default_size, drives, items
from .networks import adapters
from .quantities import in_bytes
from .systems import guest_system

_MIB = 1 << 20
_MOST_CPUS = 8192
_ESCAPED = re.compile(rb"%([0-9a-f]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Description:
    """A machine whose disks are named by the description, and still have to be found."""

    machine: Machine

    def is_of(self, name: str) -> int | None:
        """The number of the disk that this member is."""
        return next(
            (drive.number for drive in self.machine.shipped if name in _spellings(drive)), None
        )

    def within(self, members: Collection[str]) -> Machine:
        """The machine, with its disks named as the archive names them; all have to be there."""
        found = []
        for drive in self.machine.disks:
            name = next((name for name in _spellings(drive) if name in members), None)
            if drive.member is not None and name is None:
                raise RefusedDisk(
                    f"Its description (.ovf) has a disk {drive.member}, which is not in the "
                    "archive. Export it again with all of its disks."
                )
            found.append(replace(drive, member=name))
        return replace(self.machine, disks=tuple(found))


def describe(text: str, folder: str) -> Description:
    """Read a description that lies in this folder of an archive."""
    envelope = parse(text)
    _require_whole_files(envelope)
    system = _only_machine(envelope)
    if system is None:
        return Description(Machine())
    sections = list(children(system, "VirtualHardwareSection"))
    devices = items(envelope, sections[0]) if sections else []
    disks, notes = drives(envelope, system, devices)
    boot, secure_boot = firmware(system)
    cpus, memory = _cpus(devices, notes), _memory(devices, notes)
    size = default_size(envelope)
    if size is not None:
        notes.append(f"It comes in several sizes; this is the one called {size!r}.")
    if len(sections) > 1:
        notes.append("It describes its hardware more than once; the first of these counts.")
    notes += [
        f"Disk {drive.number} is shipped empty: there is no file to make an image of."
        for drive in disks
        if drive.member is None
    ]
    machine = Machine(
        name=text_of(child(system, "Name")) or attribute(system, "id") or None,
        os=guest_system(system),
        firmware=boot,
        secure_boot=secure_boot,
        cpus=cpus,
        memory=memory,
        disks=tuple(_in_folder(drive, folder) for drive in disks),
        networks=adapters(system, devices),
        notes=tuple(notes),
    )
    return Description(machine)


def _require_whole_files(envelope: Element) -> None:
    """Refuse disks that are cut into chunks: they would have to be joined."""
    for file in (element for element in envelope.iter() if kind(element) == "File"):
        if attribute(file, "chunkSize"):
            raise RefusedDisk(
                f"It is an OVA whose disk {attribute(file, 'href')} is cut into chunks, "
                "which are not joined here. Export it again without chunks."
            )


def _only_machine(envelope: Element) -> Element | None:
    systems = [element for element in envelope.iter() if kind(element) == "VirtualSystem"]
    if len(systems) > 1:
        names = [text_of(child(one, "Name")) or attribute(one, "id") or "?" for one in systems]
        raise RefusedDisk(
            f"It describes several machines: {some(names)}. Export each one by itself, or unpack "
            "it and give one disk."
        )
    return systems[0] if systems else None


def _in_folder(drive: Drive, folder: str) -> Drive:
    """The disk by its name in the archive; refused is one that lies elsewhere."""
    if drive.member is None:
        return drive
    outside = RefusedDisk(
        f"Its description (.ovf) has a disk {drive.member!r}, which lies outside of the archive. "
        "Nothing outside is read; pack the disk into it."
    )
    if "://" in drive.member:
        raise outside
    try:
        name, _plain = [plain_name(spelling) for spelling in _spellings(drive)]
    except RefusedDisk as error:
        raise outside from error
    return replace(drive, member=folder + name)


def _spellings(drive: Drive) -> Sequence[str]:
    """What a disk may be called: some programs write its name as in a URL, others as it is."""
    if drive.member is None:
        return ()
    plain = _ESCAPED.sub(lambda code: bytes.fromhex(code[1].decode()), drive.member.encode())
    return drive.member, plain.decode("utf-8", "replace")


def _cpus(devices: Sequence[Item], notes: list[str]) -> int | None:
    item = _first(devices, CPU)
    told = item.get("virtualquantity", "")
    count = number(told)
    if not told and "num_of_sockets" in item:
        # virt-v2v leaves it to the reader of oVirt's own fields.
        parts = [item.get(name, "1") for name in ("num_of_sockets", "cpu_per_socket")]
        factors = [number(part) or 0 for part in (*parts, item.get("threads_per_cpu", "1"))]
        count = factors[0] * factors[1] * factors[2]
    if count is not None and 1 <= count <= _MOST_CPUS:
        return count
    if item:
        notes.append(f"It has {told!r} CPUs, which is no number of CPUs.")
    return None


def _memory(devices: Sequence[Item], notes: list[str]) -> int | None:
    item = _first(devices, MEMORY)
    told = item.get("virtualquantity", "")
    size = in_bytes(told, item.get("allocationunits") or "MegaBytes")
    if size and -(-size // _MIB) <= LARGEST_MINIMUM:
        return -(-size // _MIB)
    if item:
        notes.append(f"It has {told!r} of memory, which is no size of a memory.")
    return None


def _first(devices: Sequence[Item], resource: str) -> Item:
    return next((item for item in devices if item.get("resourcetype") == resource), {})
