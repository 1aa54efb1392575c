# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Ubuntu's netplan."""

from __future__ import annotations

from collections.abc import Iterator

from ..edits import Edit, Remove, Write
from ..guest import Guest, is_file, matching, text
from ..settings import at, names, settings_in

OURS = "/etc/netplan/90-ethernet.yaml"
_FILES = "/etc/netplan/*.yaml"
_PROGRAMS = ("/usr/sbin/netplan", "/sbin/netplan")
# Interfaces that are no adapters, but made of others.
_BUILT = frozenset({"bonds", "bridges", "vlans"})
# What belongs to one adapter, or to one network.
_OWN = frozenset({"addresses", "gateway4", "gateway6", "macaddress", "routes", "set-name"})
_MOST_ADAPTERS = 32
_WANTED = """\
# Every Ethernet interface: addresses are given by the cloud.
network:
  version: 2
  ethernets:
    ethernet:
      match:
        name: e*
      dhcp4: true
      dhcp6: true
      optional: true
"""


def configured(guest: Guest) -> bool:
    return any(is_file(guest, path) for path in _PROGRAMS)


def files(guest: Guest) -> list[str]:
    return [path for path in matching(guest, _FILES) if is_file(guest, path)]


def built(guest: Guest) -> list[str]:
    """Files with interfaces that are made of others, which are lost with their addresses."""
    return [path for path in files(guest) if _kinds(guest, path) & _BUILT]


def plan(guest: Guest, *, by_cloud_init: bool) -> Iterator[Edit]:
    if not configured(guest):
        return
    for path in files(guest):
        if path == OURS or not _kinds(guest, path) & {"ethernets", *_BUILT}:
            continue
        # Images of Debian for clouds have such a file, beside what cloud-init writes.
        if not (by_cloud_init and _asks_on_any(settings_in(guest, path))):
            yield Remove(path=path)
    if by_cloud_init:
        if is_file(guest, OURS):
            yield Remove(path=OURS)
    elif text(guest, OURS) != _WANTED:
        # What is in these files may be secret, and netplan insists on it.
        yield Write(path=OURS, data=_WANTED.encode(), mode=0o600)


def _kinds(guest: Guest, path: str) -> set[str]:
    """The kinds of interfaces in a file."""
    return set(names(settings_in(guest, path), "network"))


def _asks_on_any(content: str) -> bool:
    """Whether it only lets adapters ask for addresses, whatever they are called."""
    adapters = names(content, "network", "ethernets")
    if set(names(content, "network")) & _BUILT or not 0 < len(adapters) <= _MOST_ADAPTERS:
        return False
    return all(_is_any(content, ("network", "ethernets", adapter)) for adapter in adapters)


def _is_any(content: str, where: tuple[str, ...]) -> bool:
    name = at(content, *where, "match", "name")
    keys = {*names(content, *where), *names(content, *where, "match")}
    return isinstance(name, str) and "*" in name and not keys & _OWN
