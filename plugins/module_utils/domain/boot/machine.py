# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The machine that a guest gets for its image properties, as Nova and libvirt would choose it.

Only what decides whether a guest boots: board, firmware, buses, controllers, network card, clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...errors import InvalidRequest
from ..hardware.known import known

_Q35, _PC = "q35", "pc"
# Image properties to devices of QEMU. What is missing here, QEMU does not have.
_SCSI = {
    "virtio-scsi": "virtio-scsi-pci",
    "lsilogic": "lsi53c895a",
    "lsisas1068": "mptsas1068",
    "lsisas1078": "megasas",
    "vmpvscsi": "pvscsi",
}
# What libvirt takes where nobody named one.
_USUAL_SCSI = "lsilogic"
_NETWORK = {
    "virtio": "virtio-net-pci",
    "e1000": "e1000",
    "e1000e": "e1000e",
    "ne2k_pci": "ne2k_pci",
    "pcnet": "pcnet",
    "rtl8139": "rtl8139",
    "vmxnet3": "vmxnet3",
    "igb": "igb",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The hardware, in QEMU's words."""

    board: str
    uefi: bool = False
    secure_boot: bool = False
    # A controller to add before the disks; empty where the board has one.
    controller: str = ""
    disk: str
    # How the config drive is seen: on the same bus, for which the guest has a driver if at all.
    seed: str
    network: str
    random: bool = False
    local_time: bool = False


def machine_for(properties: Mapping[str, str]) -> Machine:
    """The machine; InvalidRequest where QEMU on this machine cannot be it."""
    read = {name: _read(name, value) for name, value in properties.items()}
    _require_x86(read)
    firmware = read.get("hw_firmware_type", "bios")
    board = _board(read.get("hw_machine_type", _PC))
    bus = read.get("hw_disk_bus", "virtio")
    controller, disk, seed = _devices(bus, board, read)
    model = read.get("hw_vif_model", "virtio")
    if model not in _NETWORK:
        raise _impossible("hw_vif_model", model, tuple(_NETWORK))
    return Machine(
        board=board,
        uefi=firmware == "uefi",
        secure_boot=read.get("os_secure_boot") == "required",
        controller=controller,
        disk=disk,
        seed=seed,
        network=_NETWORK[model],
        random=read.get("hw_rng_model") == "virtio",
        local_time=read.get("os_type") == "windows",
    )


def _devices(bus: str, board: str, read: Mapping[str, str]) -> tuple[str, str, str]:
    """Controller, disk and config drive for a bus."""
    if bus == "virtio":
        return "", "virtio-blk-pci", "virtio-blk-pci"
    if bus == "ide" and board == _PC:
        return "", "ide-hd,bus=ide.0", "ide-cd,bus=ide.1"
    if bus == "ide":
        raise InvalidRequest(
            "hw_disk_bus is ide, and the board q35 has no IDE. Set hw_machine_type to pc, or "
            "hw_disk_bus to sata."
        )
    if bus == "sata" and board == _Q35:
        return "", "ide-hd,bus=ide.0", "ide-cd,bus=ide.1"
    if bus == "sata":
        return "ahci,id=sata", "ide-hd,bus=sata.0", "ide-cd,bus=sata.1"
    if bus == "scsi":
        model = read.get("hw_scsi_model", _USUAL_SCSI)
        if model not in _SCSI:
            raise _impossible("hw_scsi_model", model, tuple(_SCSI))
        return f"{_SCSI[model]},id=scsi", "scsi-hd,bus=scsi.0", "scsi-cd,bus=scsi.0"
    if bus == "usb":
        return "qemu-xhci,id=usb", "usb-storage,bus=usb.0", "usb-storage,bus=usb.0"
    raise _impossible("hw_disk_bus", bus, ("virtio", "scsi", "sata", "ide", "usb"))


def _board(machine_type: str) -> str:
    """The kind of board; its version is one of a compute host, which may not be known here."""
    for name in (_Q35, _PC):
        if machine_type == name or machine_type.startswith(f"pc-{name}"):
            return name
    if machine_type.startswith("pc-i440fx"):
        return _PC
    raise _impossible("hw_machine_type", machine_type, (_PC, _Q35))


def _require_x86(read: Mapping[str, str]) -> None:
    for name in ("hw_architecture", "architecture"):
        if read.get(name, "x86_64") not in {"x86_64", "i686"}:
            raise InvalidRequest(
                f"{name} is {read[name]}; on this machine, only guests for x86_64 are booted. "
                "Upload the file, and have its image booted in a cloud."
            )


def _read(name: str, value: str) -> str:
    row = known(name)
    return row.read(value) if row else value


def _impossible(name: str, value: str, possible: tuple[str, ...]) -> InvalidRequest:
    return InvalidRequest(
        f"{name} is {value}, which QEMU here cannot be. It can be {', '.join(possible)}; "
        "for others, upload the file and have its image booted in a cloud."
    )
