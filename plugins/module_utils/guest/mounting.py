# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Finding the operating system on a disk, and opening its file systems in the appliance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..domain.prepare.guest import FileSystem, System
from ..errors import RefusedDisk
from .appliance import Appliance, CallFailed

# A look at each partition of an honest disk takes moments; damaged ones may take for ever.
_SECONDS_TO_INSPECT = 300
_MOST_PARTITIONS = 64


def mount(
    appliance: Appliance, *, writes: bool, partition_table: str | None, firmware: Sequence[str]
) -> tuple[System, str]:
    """Open what there is; the system, and how libguestfs calls it."""
    try:
        roots = appliance.call("inspect_os", within=_SECONDS_TO_INSPECT)
    except CallFailed as error:
        raise RefusedDisk(
            f"The disk is refused. Its file systems cannot be read: {_one_line(error)}. If it "
            "is damaged, repair it where it came from, or export it again."
        ) from error
    if len(roots) != 1:
        found = "no operating system" if not roots else f"{len(roots)} operating systems"
        raise RefusedDisk(
            f"The disk is refused. There is {found} on it that libguestfs knows; there has to be "
            "one. Its file systems may be damaged or encrypted, or on another disk."
        )
    root = roots[0]
    mounted = _mount(appliance, root, writes=writes)
    told = _told(appliance, root)
    version = ".".join(
        str(number) for number in (told["major_version"], told["minor_version"]) if number
    )
    windows = told["type"] == "windows"
    system = System(
        type=told["type"],
        distro=told["distro"],
        product=told["product_name"],
        version=version,
        architecture=told["arch"],
        packages=told["package_format"],
        partition_table=partition_table,
        firmware=tuple(firmware),
        file_systems=tuple(_file_systems(appliance)),
        mounted=mounted,
        windows=_windows(appliance, root) if windows else None,
    )
    return system, root


def _mount(appliance: Appliance, root: str, *, writes: bool) -> dict[str, str]:
    places: Mapping[str, str] = appliance.call("inspect_get_mountpoints", root)
    mounted = {}
    for place in sorted(places, key=len):
        try:
            appliance.call("mount" if writes else "mount_ro", places[place], place)
        except CallFailed as error:
            if place == "/":
                raise RefusedDisk(
                    f"The disk is refused. Its root file system cannot be opened: "
                    f"{_one_line(error)}. If it is damaged, repair it where it came from."
                ) from error
            # One of another disk, say: the guest has to do without it, and so have we.
            continue
        mounted[place] = places[place]
    return mounted


def _told(appliance: Appliance, root: str) -> dict[str, Any]:
    told = {}
    for name in (
        *("type", "distro", "product_name", "major_version", "minor_version", "arch"),
        "package_format",
    ):
        told[name] = "unknown"
        with suppress(CallFailed):
            told[name] = appliance.call(f"inspect_get_{name}", root)
    return told


def _windows(appliance: Appliance, root: str) -> str | None:
    with suppress(CallFailed):
        where = appliance.call("inspect_get_windows_systemroot", root)
        return str(appliance.call("case_sensitive_path", where))
    return None


def _file_systems(appliance: Appliance) -> list[FileSystem]:
    found = []
    try:
        devices = appliance.call("list_partitions")
    except CallFailed as error:
        raise RefusedDisk(
            f"The disk is refused. Its partitions cannot be listed: {_one_line(error)}."
        ) from error
    for device in devices[:_MOST_PARTITIONS]:
        known: Mapping[str, str] = {}
        with suppress(CallFailed):
            known = appliance.call("blkid", device)
        number = known.get("PART_ENTRY_NUMBER", "")
        start = known.get("PART_ENTRY_OFFSET", "")
        found.append(
            FileSystem(
                device=device,
                number=int(number, 0) if number.isdecimal() else None,
                type=known.get("TYPE", ""),
                uuid=known.get("UUID"),
                label=known.get("LABEL"),
                partition_uuid=known.get("PART_ENTRY_UUID"),
                start=int(start) if start.isdecimal() else None,
            )
        )
    return found


def _one_line(error: CallFailed) -> str:
    return "".join(c for c in " ".join(str(error).split()) if c.isprintable())[:300].rstrip(".")
