# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which drivers of virtio a Windows has, and what it takes that it has them."""

from __future__ import annotations

from typing import Any

from ...errors import CheckFailed
from .guest import Guest, System
from .verdict import CANNOT, NEEDS, READY

# By what they are for.
_FILES = {"blk": "viostor.sys", "scsi": "vioscsi.sys", "net": "netkvm.sys"}
# Those with which it can start, and the bus that a cloud has to give it for each.
_BUSES = {"blk": "virtio", "scsi": "scsi"}
_NET = "net"
# Where Windows starts drivers from, and where virt-v2v puts those that it finds by itself later.
_STARTED, _STAGED = "System32/drivers", "Drivers/VirtIO"
_WHERE_TO_GET = (
    "The operation virtio puts them in where virt-v2v and the ISO of virtio-win are on the host; "
    "or install virtio-win in the guest before it is exported. Until then, use the hardware "
    "profile windows-legacy."
)


def facts(guest: Guest) -> dict[str, Any] | None:
    """What is told of a Windows; nothing of others, or where its folder is not found."""
    root = guest.system.windows
    if root is None:
        return None
    return {"version": guest.system.version, "virtio": _drivers(guest, root)}


def lacking(guest: Guest) -> list[str]:
    """For what it has no drivers of virtio."""
    root = guest.system.windows
    there = dict.fromkeys(_FILES, False) if root is None else _drivers(guest, root)
    disk = [] if any(there[name] for name in _BUSES) else ["disks"]
    return disk + ([] if there[_NET] else ["the network"])


def judge_windows(guest: Guest) -> dict[str, Any]:
    """Whether a cloud can run it."""
    if guest.system.windows is None:
        told = "The folder of Windows was not found, so nothing is known of its drivers."
        return {"state": CANNOT, "needs": [], "reasons": [told], "warnings": []}
    missing, there = lacking(guest), _drivers(guest, guest.system.windows)
    buses = [bus for name, bus in _BUSES.items() if there[name]]
    warnings = []
    if len(buses) == 1:
        warnings.append(
            f"Of the buses of virtio, this Windows starts from one: give it hw_disk_bus {buses[0]}."
        )
    told = f"It has no drivers of virtio for {' and '.join(missing)}. {_WHERE_TO_GET}"
    return {
        "state": NEEDS if missing else READY,
        "needs": ["virtio"] if missing else [],
        "reasons": [told] if missing else [],
        "warnings": warnings,
        "virtio": there,
    }


def require_drivers(guest: Guest, source: str) -> None:
    """See that they are there once they were put in."""
    missing = lacking(guest)
    if missing:
        raise CheckFailed(
            f"virt-v2v found no drivers for {' and '.join(missing)} in {source} that "
            f"{guest.system.product} could use. Take an ISO of virtio-win that has them for this "
            "version of Windows, or use the hardware profile windows-legacy."
        )


def put_on_paper(system: System) -> list[str]:
    """The files by which a Windows is told that has got its drivers."""
    return [
        f"{system.windows}/{_STARTED}/{_FILES['blk']}",
        f"{system.windows}/{_STAGED}/{_FILES[_NET]}",
    ]


def _drivers(guest: Guest, root: str) -> dict[str, bool]:
    started, staged = (_names(guest, root, folder) for folder in (_STARTED, _STAGED))
    there = {name: file in started for name, file in _FILES.items()}
    # To start from a disk takes a driver that is there from the beginning; the network can wait.
    return {**there, _NET: there[_NET] or _FILES[_NET] in staged}


def _names(guest: Guest, root: str, folder: str) -> set[str]:
    """What is in a folder, in small letters: to Windows they are all the same, and vary."""
    path = root
    for part in folder.split("/"):
        path += "/" + min((n for n in guest.names(path) if n.lower() == part.lower()), default=part)
    return {name.lower() for name in guest.names(path)}
