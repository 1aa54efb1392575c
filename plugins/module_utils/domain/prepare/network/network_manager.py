# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""NetworkManager, with profiles of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..edits import Edit, Remove, Write
from ..guest import Guest, is_file, matching, text
from .built import Part, made_of
from .sections import entries

_FILES = "/etc/NetworkManager/system-connections/*"
_ENABLED = "/etc/systemd/system/*.wants/NetworkManager.service"
_ETHERNET = frozenset({"ethernet", "802-3-ethernet"})
# Of an adapter, of a network, or of what it is a part of.
_MASTERS = frozenset({"master", "controller"})
_BOUND = re.compile(r"mac-address|interface-name|address\d*|gateway|master|controller")
_NAMES = frozenset({"id", "uuid", "interface-name"})
OURS = "/etc/NetworkManager/system-connections/ethernet.nmconnection"
# The same in all guests: it tells profiles apart within one only.
_WANTED = """\
# Every Ethernet interface: addresses are given by the cloud.
[connection]
id=ethernet
uuid=0d5f6e2c-54a1-5c0f-9a3f-6f5d2f7d4f11
type=ethernet
autoconnect-priority=-100
multi-connect=3

[ipv4]
method=auto

[ipv6]
method=auto
addr-gen-mode=eui64
"""


def configured(guest: Guest) -> bool:
    return bool(matching(guest, _ENABLED))


def bound(guest: Guest) -> list[str]:
    """The profiles of Ethernet that hold for one adapter, or one network, only."""
    return [path for path in _files(guest) if _is_bound(text(guest, path) or "")]


def built(guest: Guest) -> list[str]:
    """The profiles of what is made of adapters whose profiles go."""
    if not configured(guest):
        return []
    parts = [_part(path, text(guest, path) or "") for path in _files(guest)]
    return made_of(parts, bound(guest))


def plan(guest: Guest, *, by_cloud_init: bool) -> Iterator[Edit]:
    if not configured(guest):
        return
    yield from (Remove(path=path) for path in [*bound(guest), *built(guest)])
    if by_cloud_init:
        if is_file(guest, OURS):
            yield Remove(path=OURS)
    elif text(guest, OURS) != _WANTED:
        # It ignores profiles that others may read.
        yield Write(path=OURS, data=_WANTED.encode(), mode=0o600)


def _files(guest: Guest) -> list[str]:
    return [path for path in matching(guest, _FILES) if is_file(guest, path)]


def _is_bound(content: str) -> bool:
    found = list(entries(content))
    is_ethernet = any(key == "type" and value in _ETHERNET for _section, key, value in found)
    return is_ethernet and any(
        (key == "method" and value == "manual") or (value and _BOUND.fullmatch(key))
        for _section, key, value in found
    )


def _part(path: str, content: str) -> Part:
    values = [(key, value) for section, key, value in entries(content) if section == "connection"]
    parents = [
        value for section, key, value in entries(content) if (section, key) == ("vlan", "parent")
    ]
    return Part(
        path=path,
        names=frozenset(value for key, value in values if key in _NAMES and value),
        part_of=frozenset(value for key, value in values if key in _MASTERS and value),
        made_of=frozenset(filter(None, parents)),
    )
