# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How much of a disk a guest's files use, and giving back what they do not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ..domain.prepare.guest import System
from .appliance import CallFailed

Call = Callable[..., Any]

# As libguestfs calls a part of a btrfs that is mounted by itself.
_SUBVOLUME = "btrfsvol:"
_SECONDS_TO_TRIM = 1800


def places(call: Call, system: System) -> list[str]:
    """Where its file systems are mounted, each but once: subvolumes share what is free."""
    found: dict[str, str] = {}
    for place, mountable in (system.mounted or {}).items():
        is_part = mountable.startswith(_SUBVOLUME)
        found.setdefault(call("mountable_device", mountable) if is_part else mountable, place)
    return list(found.values())


def used_at(call: Call, place: str) -> int:
    """How many bytes of a file system are in use."""
    state = call("statvfs", place)
    return int((state["blocks"] - state["bfree"]) * state["frsize"])


def trim(call: Call, system: System) -> None:
    """Give back what no file uses."""
    for place in places(call, system):
        # Not every file system can.
        with suppress(CallFailed):
            call("fstrim", place, within=_SECONDS_TO_TRIM)
    call("sync")
