# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The ifcfg files of Red Hat's and SUSE's systems."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..edits import Edit, Remove, Write
from ..guest import Guest, Kind, is_file, matching, text
from .built import Part, made_of

_FOLDERS = ("/etc/sysconfig/network-scripts", "/etc/sysconfig/network")
_OURS = "ifcfg-eth0"
_SETTING = re.compile(r"^[ \t]*([A-Z][A-Z0-9_]*)=[\"']?([^\"'\n#]*)", re.MULTILINE)
_BOUND = re.compile(r"IPADDR\d*|GATEWAY|HWADDR|MACADDR|UUID|MASTER|BRIDGE|TEAM_MASTER")
_MASTERS = ("MASTER", "BRIDGE", "TEAM_MASTER", "MASTER_UUID", "BRIDGE_UUID")
# Where an interface names what it is made of: VLANs, and all of SUSE's.
_MEMBERS = re.compile(r"PHYSDEV|ETHERDEVICE|BONDING_SLAVE_?\d+|BRIDGE_PORTS")
# What only those have that are made of others, also where they do not tell their type.
_BUILT = frozenset({"BONDING_OPTS", "BRIDGE_PORTS", "ETHERDEVICE"})
_BUILT_IF_YES = ("VLAN", "BONDING_MASTER")
# What is given up where a server is lost for a while would be the address of a guest for ever.
_WANTED = {
    _FOLDERS[
        0
    ]: "DEVICE=eth0\nTYPE=Ethernet\nONBOOT=yes\nBOOTPROTO=dhcp\nPERSISTENT_DHCLIENT=yes\n",
    _FOLDERS[1]: "STARTMODE='auto'\nBOOTPROTO='dhcp'\n",
}


def configured(guest: Guest) -> bool:
    return any(_files(guest, folder) for folder in _FOLDERS)


def bound(guest: Guest) -> list[str]:
    """The files that hold for one adapter, or one network, only."""
    return [path for folder in _FOLDERS for path in _bound(guest, folder)]


def built(guest: Guest) -> list[str]:
    """The files of interfaces that are made of adapters whose files go."""
    return [path for folder in _FOLDERS for path in _built(guest, folder)]


def plan(guest: Guest, *, by_cloud_init: bool) -> Iterator[Edit]:
    for folder in _FOLDERS:
        files, ours = _files(guest, folder), f"{folder}/{_OURS}"
        gone = _bound(guest, folder)
        for path in [*gone, *_built(guest, folder)]:
            if path != ours or by_cloud_init:
                yield Remove(path=path)
        if files and not by_cloud_init and (ours not in files or ours in gone):
            yield Write(path=ours, data=_WANTED[folder].encode())


def _all(guest: Guest, folder: str) -> list[str]:
    standing = guest.standing(folder)
    if standing is None or standing.kind is not Kind.FOLDER:
        return []
    return [
        path
        for path in matching(guest, f"{folder}/ifcfg-*")
        if not path.endswith("/ifcfg-lo") and is_file(guest, path)
    ]


def _files(guest: Guest, folder: str) -> list[str]:
    """Those of Ethernet adapters: bridges and the like are not the hypervisor's doing."""
    return [path for path in _all(guest, folder) if _is_ethernet(_settings(guest, path))]


def _bound(guest: Guest, folder: str) -> list[str]:
    return [
        path
        for path in _files(guest, folder)
        if not path.endswith(f"/{_OURS}") or _is_bound(_settings(guest, path))
    ]


def _built(guest: Guest, folder: str) -> list[str]:
    parts = [_part(path, _settings(guest, path)) for path in _all(guest, folder)]
    return made_of(parts, _bound(guest, folder))


def _settings(guest: Guest, path: str) -> dict[str, str]:
    return {key: value.strip() for key, value in _SETTING.findall(text(guest, path) or "")}


def _is_ethernet(settings: dict[str, str]) -> bool:
    if _BUILT & settings.keys() or any(_says_yes(settings, key) for key in _BUILT_IF_YES):
        return False
    return settings.get("TYPE", "").lower() in {"", "ethernet"}


def _says_yes(settings: dict[str, str], key: str) -> bool:
    return settings.get(key, "").lower() == "yes"


def _is_bound(settings: dict[str, str]) -> bool:
    return not settings.get("BOOTPROTO", "").lower().startswith("dhcp") or any(
        value and _BOUND.fullmatch(key) for key, value in settings.items()
    )


def _part(path: str, settings: dict[str, str]) -> Part:
    device = settings.get("DEVICE") or path.rpartition("/ifcfg-")[2]
    members = [
        name for key, value in settings.items() if _MEMBERS.fullmatch(key) for name in value.split()
    ]
    if _says_yes(settings, "VLAN") and not members:
        # The number of a VLAN stands behind the name of its adapter.
        members = [device.rpartition(".")[0]]
    return Part(
        path=path,
        names=frozenset(filter(None, (device, settings.get("UUID")))),
        part_of=frozenset(settings[key] for key in _MASTERS if settings.get(key)),
        made_of=frozenset(filter(None, members)),
    )
