# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How an imported machine is booted before it gets its name, and which hardware is tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InvalidRequest
from .boot.wish import CLOUD, PLACES
from .catalog.keys import BOOT_CHECK, unknown
from .catalog.reading import choice, flag
from .hardware.profiles import combined

_VARIABLE = "import_vm_boot_check"
_KEYS = {**BOOT_CHECK, "where": choice(*PLACES)}
# Who imports a machine knows of no user in it, and no key gets in.
_CONSOLE_ALONE = {"ssh": False}
_QEMU = frozenset({None, "kvm", "qemu"})
_FASTEST = "virtio"
_SCSI_PROFILE = "virtio-scsi"
_OLD_PROFILES = {False: "legacy-ide", True: "windows-legacy"}
# What legacy-ide is on a board without IDE, which UEFI needs.
_SATA = "sata"
_ON_SATA: Mapping[str, str | None] = {
    "hw_disk_bus": "sata",
    "hw_cdrom_bus": "sata",
    "hw_scsi_model": None,
    "hw_vif_model": "e1000",
    "hw_vif_multiqueue_enabled": None,
}


def boot_check(given: Any) -> dict[str, Any]:
    """Where it is booted, and what the check is told; nothing where it is not booted at all."""
    if not isinstance(given, Mapping):
        return _told({}) if flag(_VARIABLE, given) else {}
    options = {}
    for key, value in given.items():
        if key not in _KEYS:
            raise InvalidRequest(unknown(key, _KEYS, _VARIABLE))
        options[key] = _KEYS[key](f"{_VARIABLE}.{key}", value)
    return _told(options)


def _told(options: dict[str, Any]) -> dict[str, Any]:
    where = options.pop("where", CLOUD)
    if not options.keys() & {"user", "expect"}:
        options["expect"] = _CONSOLE_ALONE
    return {"where": where, "options": options}


def hardware_to_try(
    hardware: Mapping[str, Any], own: Mapping[str, Any], definitions: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The hardware that was chosen, and after it what is slower, and boots where that does not.

    Where the user names a bus, there is no other. `own` are the properties that the user names.
    """
    profiles, properties = list(hardware["profiles"]), dict(hardware["properties"])
    name = ", ".join(profiles) or _FASTEST
    tried: list[dict[str, Any]] = [{"name": name, "profiles": profiles, "properties": properties}]
    whole = combined(profiles, definitions, properties)
    for name in [] if "hw_disk_bus" in own else _safer(whole):
        is_profile = name != _SATA
        other = combined([name], {}, {}) if is_profile else _ON_SATA
        # What is named outright stays; what was proposed for the hardware before does not.
        kept = {key: value for key, value in properties.items() if key in own or key not in other}
        tried.append(
            {
                "name": name,
                "profiles": [*profiles, name] if is_profile else profiles,
                "properties": kept if is_profile else {**other, **kept},
            }
        )
    for one in tried:
        stored = combined(one["profiles"], definitions, one["properties"])
        # What a guest gets of it, for whoever boots it without a cloud.
        one["hardware"] = {key: value for key, value in stored.items() if value is not None}
    return tried


def _safer(whole: Mapping[str, Any]) -> Iterator[str]:
    bus = whole.get("hw_disk_bus") or _FASTEST
    if whole.get("hypervisor_type") not in _QEMU or bus not in {_FASTEST, "scsi"}:
        return
    windows = whole.get("os_type") == "windows"
    if bus == _FASTEST and not windows:
        yield _SCSI_PROFILE
    if str(whole.get("architecture", "")).startswith(("aarch64", "arm")):
        # Boards for ARM have neither IDE nor SATA.
        return
    board = str(whole.get("hw_machine_type") or "")
    if whole.get("hw_firmware_type") == "uefi" or "q35" in board:
        yield _SATA
    else:
        yield _OLD_PROFILES[windows]
