# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which firmware a machine starts with, as the programs that write descriptions say it."""

from __future__ import annotations

from .document import VMWARE, Element, attribute, child, children, text_of

# oVirt's chipsets with their firmware. It writes one less than its interface calls them.
_OF_OVIRT: dict[str, tuple[str, bool | None]] = {
    "0": ("bios", None),
    "1": ("bios", None),
    "2": ("uefi", False),
    "3": ("uefi", True),
}


def firmware(system: Element) -> tuple[str | None, bool | None]:
    """The firmware, bios or uefi, and whether it asks for signatures; None where nothing says."""
    told = _of_ovirt(system) or _of_vmware(system) or _of_virtualbox(system)
    return told or (None, None)


def _of_ovirt(system: Element) -> tuple[str, bool | None] | None:
    return _OF_OVIRT.get(text_of(child(system, "BiosType")))


def _of_vmware(system: Element) -> tuple[str, bool | None] | None:
    told = {
        attribute(setting, "key", VMWARE): attribute(setting, "value", VMWARE).lower()
        for setting in children(child(system, "VirtualHardwareSection"), "Config")
    }
    if told.get("firmware") == "efi":
        return "uefi", told.get("bootOptions.efiSecureBootEnabled") == "true"
    return ("bios", None) if told.get("firmware") == "bios" else None


def _of_virtualbox(system: Element) -> tuple[str, bool | None] | None:
    hardware = child(system, "Machine", "Hardware")
    if hardware is None:
        return None
    setting = child(hardware, "Firmware")
    # It is only written down where it is not the BIOS.
    if setting is None or not setting.get("type", "").upper().startswith("EFI"):
        return "bios", None
    # Whether it asks for signatures stands in a file of its own, which is not exported.
    return "uefi", None
