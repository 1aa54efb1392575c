# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The processes that a command starts, whatever they do to get away, and what memory they take."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_PR_SET_CHILD_SUBREAPER = 36
_ENDS_WITHIN = 10


def adopt_orphans() -> None:
    """From now on, processes whose parent ends become children of this one, as if of init."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def tree(pid: int) -> Iterator[int]:
    """A process and all that descend from it; those that end meanwhile are left out."""
    yield pid
    for child in children(pid):
        yield from tree(child)


def children(pid: int) -> list[int]:
    found: list[int] = []
    # The threads may end while we look.
    with suppress(OSError):
        for thread in (_PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
    return found


def memory(pid: int) -> int:
    """Bytes of memory; a page that several processes share counts in parts (PSS)."""
    # A process that has ended holds none, and neither does one that nobody has waited for yet.
    with suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def arguments(pid: int) -> list[str]:
    with suppress(OSError):
        return (_PROC / str(pid) / "cmdline").read_text(errors="replace").split("\0")[:-1]
    return []


def reap_orphans(bystanders: set[int]) -> int:
    """Wait for what a command left running, so that it counts; how many had to be killed."""
    deadline = time.monotonic() + _ENDS_WITHIN
    killed: set[int] = set()
    while left := set(children(os.getpid())) - bystanders:
        for pid in left:
            if time.monotonic() > deadline and pid not in killed:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.01)
    return len(killed)


def kill_tree(pid: int) -> None:
    """End a process and all that descend from it."""
    for member in list(tree(pid)):
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)
