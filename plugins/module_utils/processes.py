# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which process is meant, and whether it still lives: a process id alone is used again."""

from __future__ import annotations

import os
from pathlib import Path

# In the environment of a module: the run that waits for its result, as identity() names it.
CONTROLLER = "CURATOR_CONTROLLER"
# Of the fields of /proc/PID/stat after the name: its state, and when it started.
_BETWEEN = ", "
_STATE, _STARTED = 0, 19
# It ended, though nobody has asked for its exit status yet.
_ENDED = frozenset({"Z", "X"})


def identity(pid: int) -> str | None:
    """A process by its id and the time at which it started, in ticks since the boot.

    Nothing where it is gone, and on systems without Linux' /proc.
    """
    fields = _fields(pid)
    return f"{pid} {fields[_STARTED]}" if fields and fields[_STATE] not in _ENDED else None


def lives(process: str) -> bool:
    """Whether the process of this identity() is still at work, as far as that can be known.

    Some systems hide the processes of other users: one that is there but not shown counts as alive.
    """
    pid, _blank, started = process.partition(" ")
    if not (pid.isdecimal() and started.isdecimal()):
        return False
    fields = _fields(int(pid))
    if fields:
        return identity(int(pid)) == process
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return not Path("/proc/self/stat").exists()


def controllers() -> tuple[str, ...]:
    """Those who wait for this module's result, where they said who they are."""
    return tuple(filter(None, os.environ.get(CONTROLLER, "").split(_BETWEEN)))


def as_controllers(*processes: int) -> str | None:
    """How those who wait say who they are; nothing where that cannot be told."""
    known = [identity(process) for process in processes]
    return _BETWEEN.join(filter(None, known)) or None


def _fields(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return []
    # The name stands in parentheses and may hold anything, parentheses and blanks too.
    return text.rpartition(")")[2].split()
