# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Who makes an image: this process, and whether another one still does."""

from __future__ import annotations

import hashlib
import os
import platform
from contextlib import suppress
from pathlib import Path

from ..domain.lineage import Maker
from ..processes import identity, lives

_SHORT = 8


def this_maker() -> Maker:
    """The process that runs this, in a way in which a later one on the same host knows it."""
    pid, _blank, start = (identity(os.getpid()) or f"{os.getpid()} 0").partition(" ")
    return Maker(host=_host(), pid=int(pid), start=int(start))


def is_dead(maker: Maker | None) -> bool:
    """Whether a maker is known to be gone; of one on another host that cannot be known."""
    return _is_here(maker) and not is_alive(maker)


def is_alive(maker: Maker | None) -> bool:
    """Whether a maker is known to be at work."""
    return maker is not None and _is_here(maker) and lives(f"{maker.pid} {maker.start}")


def _is_here(maker: Maker | None) -> bool:
    return maker is not None and maker.host == _host() and maker.start > 0


def _host() -> str:
    """The host since its start, and its view of processes: a container has its own."""
    parts = [platform.node()]
    for what in (Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")):
        with suppress(OSError):
            parts.append(what.read_text() if what.name == "boot_id" else str(what.readlink()))
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    # A blank would end the name where it is read again.
    return f"{'-'.join(platform.node().split()) or 'unknown'}-{digest[:_SHORT]}"
