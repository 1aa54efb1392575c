# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""udev_net_rules: no adapter is known by the address that it had somewhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..edits import Edit, Remove, Write
from ..guest import Guest, encoded, is_file, is_there, matching, text
from ..options import LocalFiles, Options

# Made by udev, of the hardware that it found; nothing else is in them.
_MADE = ("/etc/udev/rules.d/70-persistent-net.rules", "/etc/udev/rules.d/70-persistent-cd.rules")
# By hand, or by an installer: other rules may be beside those of adapters.
_WRITTEN = "/etc/udev/rules.d/*.rules"
_NAMES = re.compile(r"\bNAME[ \t]*:?=[ \t]*\"")
_BY_ADDRESS = re.compile(r"\b(?:ATTRS?|SYSFS)\{address\}[ \t]*==")
_BY_SLOT = re.compile(r"\b(?:KERNELS|DEVPATH|ENV\{ID_PATH\})[ \t]*==")
_OF_ADAPTERS = re.compile(r"\bSUBSYSTEM[ \t]*==[ \t]*\"net\"")
_LINKS = "/etc/systemd/network/*.link"
_BOUND = re.compile(r"^(?:MACAddress|PermanentMACAddress|Path)=\S", re.MULTILINE)


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    for path in found(guest):
        rest = "" if path in _MADE or path.endswith(".link") else _others(guest, path)
        if any(line.strip() and not line.lstrip().startswith("#") for line in rest.splitlines()):
            yield Write(path=path, data=encoded(rest))
        else:
            yield Remove(path=path)


def found(guest: Guest) -> list[str]:
    """The files with rules that hold for one adapter, or one slot, only."""
    made = [path for path in _MADE if is_there(guest, path)]
    written = [
        path
        for path in matching(guest, _WRITTEN)
        if path not in made and is_file(guest, path) and _others(guest, path) != text(guest, path)
    ]
    links = [
        path
        for path in matching(guest, _LINKS)
        if is_file(guest, path) and _BOUND.search(text(guest, path) or "")
    ]
    return [*made, *written, *links]


def _others(guest: Guest, path: str) -> str:
    """The rules of a file that name no adapter by its address, or its slot."""
    return "".join(rule for rule in _rules(text(guest, path) or "") if not _is_bound(rule))


def _rules(content: str) -> Iterator[str]:
    """One after the other, each with the lines on which it goes on."""
    rule = ""
    for line in content.splitlines(keepends=True):
        rule += line
        if line.lstrip().startswith("#") or not line.rstrip("\n").endswith("\\"):
            yield rule
            rule = ""
    yield rule


def _is_bound(rule: str) -> bool:
    if rule.lstrip().startswith("#") or not _NAMES.search(rule):
        return False
    return bool(_BY_ADDRESS.search(rule) or (_OF_ADAPTERS.search(rule) and _BY_SLOT.search(rule)))
