# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The virtual hardware that a description lists: its items, and the disks among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...errors import RefusedDisk
from ..machine import Drive
from .document import VMWARE, Element, attribute, child, children, fields, number
from .quantities import in_bytes

# Numbers of the standard, from CIM.
CPU, MEMORY, NETWORK = "3", "4", "10"
_IDE, _SCSI, _DISK, _OTHER_STORAGE, _USB = "5", "6", "17", "20", "23"
# More than any machine has.
_MOST_DISKS = 256

Item = Mapping[str, str]

# Models of controllers, by a part of what their subtype is called; the first that fits.
_CONTROLLERS = (
    ("virtio", "scsi", "virtio-scsi"),
    ("virtualscsi", "scsi", "pvscsi"),
    ("pvscsi", "scsi", "pvscsi"),
    ("lsilogicsas", "scsi", "lsisas1068"),
    ("lsilogic", "scsi", "lsilogic"),
    ("buslogic", "scsi", "buslogic"),
    ("nvme", "nvme", None),
    ("ahci", "sata", "ahci"),
    ("sata", "sata", "ahci"),
    ("usb", "usb", None),
)
_BY_TYPE = {_IDE: "ide", _SCSI: "scsi", _USB: "usb"}
# oVirt names no controllers, and says this of the disk.
_INTERFACES = {
    "IDE": ("ide", None),
    "SATA": ("sata", "ahci"),
    "VirtIO": ("virtio", None),
    "VirtIO_SCSI": ("scsi", "virtio-scsi"),
    "SPAPR_VSCSI": ("scsi", "ibmvscsi"),
}
_RESOURCE = re.compile(r"(?:ovf:)?/?disk/(.+)")


def items(envelope: Element, section: Element) -> list[Item]:
    """The devices of a machine, as it is where nobody chooses another of its sizes."""
    size = default_size(envelope)
    chosen: list[Item] = []
    plain: list[Item] = []
    for item in children(section, "Item", "StorageItem", "EthernetPortItem"):
        sizes = attribute(item, "configuration").split()
        # The ends of a range, and not a device.
        if attribute(item, "bound") in {"min", "max"} or (sizes and size not in sizes):
            continue
        (chosen if sizes else plain).append(fields(item))
    return chosen + plain


def default_size(envelope: Element) -> str | None:
    """Which of several sizes a machine has by itself, if it comes in several."""
    sizes = list(children(child(envelope, "DeploymentOptionSection"), "Configuration"))
    default = (size for size in sizes if attribute(size, "default") in {"true", "1"})
    size = next(default, sizes[0] if sizes else None)
    return None if size is None else attribute(size, "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Disk:
    """What DiskSection says of a disk."""

    # The href of its file; None of one that is shipped empty.
    href: str | None
    capacity: int | None
    interface: str
    boots: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a disk is attached."""

    disk: str
    instance: str = ""
    bus: str | None = None
    controller: str | None = None
    parent: str = ""
    address: int | None = None


def drives(
    envelope: Element, system: Element, devices: Sequence[Item]
) -> tuple[tuple[Drive, ...], list[str]]:
    """The disks in their order, each with the href of its file for a member; and what is odd."""
    disks, notes = _disks(envelope)
    places = _ordered(list(_places(devices)), system, disks)
    attached = {place.disk for place in places}
    places += [_Place(disk=name) for name in disks if name not in attached]
    found: list[Drive] = []
    for place in places:
        disk = disks.get(place.disk)
        if disk is None:
            notes.append(
                f"A drive is on a disk {place.disk!r}, which the description does not have."
            )
            continue
        bus, controller = place.bus, place.controller
        if bus is None:
            bus, controller = _INTERFACES.get(disk.interface, (None, None))
        found.append(
            Drive(
                number=len(found) + 1,
                member=disk.href,
                capacity=disk.capacity,
                bus=bus,
                controller=controller,
                address=place.address,
            )
        )
    return tuple(found), notes


def _disks(envelope: Element) -> tuple[dict[str, _Disk], list[str]]:
    files = {
        attribute(file, "id"): attribute(file, "href")
        for file in children(child(envelope, "References"), "File")
    }
    found: dict[str, _Disk] = {}
    notes: list[str] = []
    for disk in children(child(envelope, "DiskSection"), "Disk"):
        name = attribute(disk, "diskId")
        if attribute(disk, "parentRef"):
            raise RefusedDisk(
                f"Its disk {name} is only the difference to another one. Export it again as a "
                "whole: without snapshots, and not as a linked clone."
            )
        file = attribute(disk, "fileRef")
        if file and file not in files:
            raise RefusedDisk(f"Its disk {name} is in a file {file!r} that the description lacks.")
        told = attribute(disk, "capacity")
        capacity = in_bytes(told, attribute(disk, "capacityAllocationUnits"))
        if told and capacity is None:
            notes.append(f"The capacity of disk {name} is {told!r}, which is no size.")
        found[name] = _Disk(
            href=files[file] if file else None,
            capacity=capacity,
            interface=attribute(disk, "disk-interface"),
            boots=attribute(disk, "boot") == "true",
        )
    if len(found) > _MOST_DISKS:
        raise RefusedDisk(f"Its description (.ovf) has {len(found)} disks; no machine has so many.")
    return found, notes


def _places(devices: Sequence[Item]) -> Iterator[_Place]:
    by_id = {item["instanceid"]: item for item in devices if item.get("instanceid")}
    seen = set()
    for item in devices:
        resource = _RESOURCE.fullmatch(item.get("hostresource", ""))
        if item.get("resourcetype") != _DISK or resource is None or resource[1] in seen:
            continue
        seen.add(resource[1])
        parent = item.get("parent", "")
        bus, controller = _controller(by_id.get(parent, {}))
        yield _Place(
            disk=resource[1],
            instance=item.get("instanceid", ""),
            bus=bus,
            controller=controller,
            parent=parent,
            address=number(item.get("addressonparent", "")),
        )


def _controller(item: Item) -> tuple[str | None, str | None]:
    """The bus that a controller drives, and the controller's model."""
    resource, subtype = item.get("resourcetype", ""), item.get("resourcesubtype", "").lower()
    if resource not in {*_BY_TYPE, _OTHER_STORAGE}:
        return None, None
    for part, bus, model in _CONTROLLERS:
        if part in subtype and resource != _IDE:
            return bus, model
    return _BY_TYPE.get(resource), subtype if resource == _SCSI and subtype else None


def _ordered(places: list[_Place], system: Element, disks: Mapping[str, _Disk]) -> list[_Place]:
    """The disk that the machine starts from first, then those of each controller by address."""
    parents = list(dict.fromkeys(place.parent for place in places))
    order = [
        attribute(section, "instanceId", VMWARE)
        for section in children(system, "BootOrderSection")
        if attribute(section, "type", VMWARE) == "disk"
    ]

    def key(place: _Place) -> tuple[int, bool, int, int]:
        boots = place.disk in disks and disks[place.disk].boots
        rank = order.index(place.instance) if place.instance in order else len(order)
        return rank, not boots, parents.index(place.parent), place.address or 0

    return sorted(places, key=key)
