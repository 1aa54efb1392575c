# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""systemd's networkd."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..edits import Edit, Remove, Write
from ..guest import Guest, is_file, is_there, matching, text
from .built import Part, made_of
from .sections import entries

OURS = "/etc/systemd/network/90-ethernet.network"
_FILES = "/etc/systemd/network/*.network"
_DEVICES = "/etc/systemd/network/*.netdev"
_ENABLED = "/etc/systemd/system/*.wants/systemd-networkd.service"
_ADDRESSES = frozenset({"Address", "Gateway", "MACAddress", "PermanentMACAddress"})
_PART_OF = frozenset({"Bond", "Bridge", "VLAN", "MACVLAN", "IPVLAN", "VRF"})
_ETHERNET = re.compile(r"\*|e\*|e(?:n|th)\S*")
_PATTERN = re.compile(r"[*?\[]")
_GIVEN = frozenset({"yes", "true", "on", "1", "y", "t", "ipv4", "v4", "both"})
_ANY_TYPE = frozenset({"", "ether"})
_WANTED = """\
# Every Ethernet interface: addresses are given by the cloud.
[Match]
Type=ether
Kind=!*

[Network]
DHCP=yes
IPv6AcceptRA=yes
"""


def configured(guest: Guest) -> bool:
    return bool(matching(guest, _ENABLED))


def bound(guest: Guest) -> list[str]:
    """The files that hold for one adapter, or one network, only."""
    return [path for path in _files(guest, _FILES) if _is_bound(text(guest, path) or "")]


def built(guest: Guest) -> list[str]:
    """The files of interfaces that are made of adapters whose files go."""
    if not configured(guest):
        return []
    paths = [path for pattern in (_FILES, _DEVICES) for path in _files(guest, pattern)]
    return made_of([_part(path, text(guest, path) or "") for path in paths], bound(guest))


def plan(guest: Guest, *, by_cloud_init: bool) -> Iterator[Edit]:
    if not configured(guest):
        return
    yield from (Remove(path=path) for path in [*bound(guest), *built(guest)])
    # One that is left serves any interface; so does what netplan and cloud-init write.
    others = [path for path in _files(guest, _FILES) if _serves(text(guest, path) or "")]
    if not (by_cloud_init or others or is_there(guest, "/usr/sbin/netplan")):
        yield Write(path=OURS, data=_WANTED.encode())


def _files(guest: Guest, pattern: str) -> list[str]:
    return [path for path in matching(guest, pattern) if is_file(guest, path)]


def _part(path: str, content: str) -> Part:
    found = list(entries(content))
    return Part(
        path=path,
        names=frozenset(
            name
            for section, key, value in found
            if key == "Name" and section in {"Match", "NetDev"}
            for name in value.split()
        ),
        part_of=frozenset(
            value for section, key, value in found if section == "Network" and key in _PART_OF
        ),
    )


def _is_bound(content: str) -> bool:
    names = _names(content)
    # What is no Ethernet adapter, such as a bridge, is somebody's doing and not the hypervisor's.
    if not _may_be_adapter(names):
        return False
    if any(_ETHERNET.fullmatch(name) and not _PATTERN.search(name) for name in names):
        return True
    return any(
        value and (key in _ADDRESSES or (section == "Network" and key in _PART_OF))
        for section, key, value in entries(content)
    )


def _serves(content: str) -> bool:
    """Whether any adapter asks for an address with it."""
    found = list(entries(content))
    types = {value for section, key, value in found if (section, key) == ("Match", "Type")}
    given = any(
        section == "Network" and key == "DHCP" and value.lower() in _GIVEN
        for section, key, value in found
    )
    return given and types <= _ANY_TYPE and _may_be_adapter(_names(content))


def _names(content: str) -> list[str]:
    return [
        name
        for section, key, value in entries(content)
        if (section, key) == ("Match", "Name")
        for name in value.split()
    ]


def _may_be_adapter(names: list[str]) -> bool:
    """Whether these are names of adapters, or all but some, or whether any name will do."""
    return not names or names[0].startswith("!") or any(map(_ETHERNET.fullmatch, names))
