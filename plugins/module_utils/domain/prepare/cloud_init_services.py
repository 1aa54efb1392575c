# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What starts cloud-init: that it is installed is not enough.

Its generator starts a target of systemd, and no more: what is to be done there are services, and
each may be disabled. Alpine's package leaves it to a program of its own to enable them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .edits import Edit, Link
from .guest import Guest, is_file, is_there, lines, matching

_SYSTEMD = ("/lib/systemd/systemd", "/usr/lib/systemd/systemd")
_UNITS = ("/lib/systemd/system", "/usr/lib/systemd/system")
_ENABLED = "/etc/systemd/system"
# Where they nearly always are comes first: each look takes its time.
_WANTED = tuple(
    f"{folder}/{target}.wants/cloud-init*.service"
    for target in ("cloud-init.target", "*")
    for folder in (_ENABLED, *_UNITS)
)
# As old versions have them, and those since 24.3.
_SERVICES = (
    *("cloud-init-local.service", "cloud-init.service", "cloud-init-network.service"),
    *("cloud-init-main.service", "cloud-config.service", "cloud-final.service"),
)
_WANTED_BY = re.compile(r"WantedBy[ \t]*=[ \t]*([\w.-]+)[ \t]*")
_OPENRC = ("/sbin/openrc", "/usr/sbin/openrc")
_IN_RUNLEVELS = "/etc/runlevels/*/cloud-init*"
# The first ones prepare the network, which the runlevel boot begins.
_RUNLEVELS = {
    "cloud-init-ds-identify": "boot",
    "cloud-init-local": "boot",
    "cloud-init": "default",
    "cloud-config": "default",
    "cloud-final": "default",
}


def is_started(guest: Guest) -> bool:
    """Whether anything starts it; taken for granted where the init is not known here."""
    if _has_one(guest, _SYSTEMD):
        return any(matching(guest, pattern) for pattern in _WANTED)
    if _has_one(guest, _OPENRC):
        return bool(matching(guest, _IN_RUNLEVELS))
    return True


def starting(guest: Guest) -> Iterator[Edit]:
    """See that it is started, as enabling its services would do it."""
    if is_started(guest):
        return
    if _has_one(guest, _SYSTEMD):
        yield from _wanted(guest)
    else:
        for name, runlevel in _RUNLEVELS.items():
            if is_file(guest, f"/etc/init.d/{name}"):
                yield Link(path=f"/etc/runlevels/{runlevel}/{name}", target=f"/etc/init.d/{name}")


def _wanted(guest: Guest) -> Iterator[Edit]:
    for name in _SERVICES:
        unit = next((f"{at}/{name}" for at in _UNITS if is_file(guest, f"{at}/{name}")), None)
        for line in lines(guest, unit) if unit else ():
            if target := _WANTED_BY.fullmatch(line):
                path = f"{_ENABLED}/{target[1]}.wants/{name}"
                if not is_there(guest, path):
                    yield Link(path=path, target=str(unit))


def _has_one(guest: Guest, paths: tuple[str, ...]) -> bool:
    return any(is_file(guest, path) for path in paths)
