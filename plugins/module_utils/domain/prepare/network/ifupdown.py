# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Debian's and Alpine's /etc/network/interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..edits import Edit, Remove, Write
from ..guest import Guest, is_file, matching, text

INTERFACES = "/etc/network/interfaces"
_MORE = "/etc/network/interfaces.d/*"
_STANZA = re.compile(r"^[ \t]*iface[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)", re.MULTILINE)
_KERNELS_NAME = re.compile(r"eth\d+")
_ADAPTER = re.compile(r"e[a-z0-9]+")
# How an interface gets an address that is given to it.
_GIVEN = frozenset({"dhcp", "auto"})
_PROGRAMS = ("/sbin/ifup", "/usr/sbin/ifup")
_BEGIN = """\
# The loopback interface, and what is said of others in files of their own.
{source}auto lo
iface lo inet loopback
"""
_SOURCE = "source /etc/network/interfaces.d/*\n\n"
_ETHERNET = """
# The first Ethernet interface: addresses are given by the cloud.
auto eth0
iface eth0 inet dhcp
"""


def configured(guest: Guest) -> bool:
    return is_file(guest, INTERFACES) and any(is_file(guest, path) for path in _PROGRAMS)


def interfaces(guest: Guest) -> list[tuple[str, str]]:
    """The interfaces besides the loopback, and how each gets its address."""
    paths = [INTERFACES, *matching(guest, _MORE)]
    return [found for path in paths for found in _stanzas(guest, path)]


def built(guest: Guest) -> list[str]:
    """The interfaces that are no adapters, but made of others."""
    found = interfaces(guest) if configured(guest) else []
    return [f"{name} in {INTERFACES}" for name, _way in found if not _ADAPTER.fullmatch(name)]


def plan(guest: Guest, *, by_cloud_init: bool) -> Iterator[Edit]:
    if not configured(guest):
        return
    for path in matching(guest, _MORE):
        if _stanzas(guest, path):
            yield Remove(path=path)
    # BusyBox and old versions know no source.
    has_more = guest.standing("/etc/network/interfaces.d") is not None
    wanted = _BEGIN.format(source=_SOURCE if has_more else "")
    wanted += "" if by_cloud_init else _ETHERNET
    found = _stanzas(guest, INTERFACES)
    serves = all(_KERNELS_NAME.fullmatch(name) and way in _GIVEN for name, way in found)
    if not serves or not (by_cloud_init or ("eth0", "dhcp") in found):
        yield Write(path=INTERFACES, data=wanted.encode())


def _stanzas(guest: Guest, path: str) -> list[tuple[str, str]]:
    if not is_file(guest, path):
        return []
    found = _STANZA.findall(text(guest, path) or "")
    return [(name, method) for name, _family, method in found if name != "lo"]
