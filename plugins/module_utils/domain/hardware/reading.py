# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""An image's properties as Nova reads them: one name for one thing, one spelling for one value.

Combinations are judged on this reading, so that they need not know older names: what an older name
says stands under the newer one, too, unless that says something itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .known import known
from .tables.older import ADAPTER, OLDER

# What nobody has to name: the board and the firmware that Nova takes of itself.
BOARD = "board"
FIRMWARE = "firmware"
# The properties that they follow from, the one that says it outright first.
SAID_BY: Mapping[str, tuple[str, ...]] = {
    BOARD: ("hw_machine_type", "hw_architecture", "hw_emulation_architecture"),
    FIRMWARE: ("hw_firmware_type", "hw_architecture", "hw_emulation_architecture"),
}

_NEWER = {row.name: row.instead for row in OLDER}
_OLDER = {row.instead: row.name for row in OLDER}
# Older names that everybody writes to this day.
_COMMON = frozenset({"architecture", "hypervisor_type"})
_SCSI_MODELS = {
    "lsiLogic": "lsilogic",
    "lsiLogicsas": "lsisas1068",
    "paraVirtual": "vmpvscsi",
    "busLogic": "buslogic",
}
_BOARDS = {
    "x86_64": "pc",
    "i686": "pc",
    "aarch64": "virt",
    "armv7l": "virt",
    "ppc64le": "pseries",
    "s390": "s390-ccw-virtio",
    "s390x": "s390-ccw-virtio",
}


def as_nova_reads(properties: Mapping[str, str]) -> dict[str, str]:
    """The properties, under newer names as well, and what Nova takes where they are silent."""
    read = {name: _read(name, value) for name, value in properties.items()}
    # In Nova's order: what comes later counts.
    said = {newer: read[older] for older, newer in _NEWER.items() if older in read}
    found = said | adapter(read) | read
    return found | _defaults(found)


def adapter(read: Mapping[str, str]) -> dict[str, str]:
    """What Nova takes vmware_adaptertype for, on every hypervisor."""
    model = read.get(ADAPTER.name)
    if not model:
        return {}
    if model == "ide":
        return {"hw_disk_bus": "ide"}
    return {"hw_disk_bus": "scsi", "hw_scsi_model": _SCSI_MODELS.get(model, model.lower())}


def touched(named: Iterable[str]) -> frozenset[str]:
    """The names of the reading that say something else when these properties change."""
    names = set(named)
    names |= {_NEWER[name] for name in names & _NEWER.keys()}
    if ADAPTER.name in names:
        names |= {"hw_disk_bus", "hw_scsi_model"}
    return frozenset(names)


def name_of(key: str, read: Mapping[str, str]) -> str:
    """The property that says it, under the name that it has on the image."""
    older = _OLDER.get(key)
    if older is None:
        return key
    if key not in read:
        return older if older in _COMMON else key
    return older if read.get(older) == read[key] else key


def _read(name: str, value: str) -> str:
    row = known(name)
    return value if row is None else row.read(value)


def _defaults(read: Mapping[str, str]) -> dict[str, str]:
    architecture = read.get("hw_emulation_architecture") or read.get("hw_architecture", "")
    usual = "uefi" if architecture == "aarch64" else "bios"
    found = {FIRMWARE: read.get("hw_firmware_type", usual)}
    if board := read.get("hw_machine_type") or _BOARDS.get(architecture):
        found[BOARD] = board
    return found
