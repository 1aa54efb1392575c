# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that outlive the run that started them, and are ended only if they are ours.

Each server leads a session of its own. Its record names pid and start time, so a pid that the
kernel has given to somebody else since then is never mistaken for it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loopback import files, launch

# Without one process less for so long, ending turns from asking to killing.
PATIENCE = 12.0


@dataclass(frozen=True)
class Kept:
    """The files that remember one server; `run` is also the folder it works in."""

    run: Path
    name: str

    @property
    def record(self) -> Path:
        return self.run / f"{self.name}.json"

    @property
    def lock(self) -> Path:
        return self.run / f"{self.name}.lock"


@dataclass(frozen=True)
class Record:
    pid: int
    started_at: int
    boot: str
    digest: str


def recorded(kept: Kept) -> Record | None:
    value = files.read_json(kept.record)
    try:
        return Record(
            int(value["pid"]), int(value["started_at"]), str(value["boot"]), str(value["digest"])
        )
    except (KeyError, TypeError, ValueError):
        return None


@dataclass(frozen=True)
class Program:
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    digest: str


def start(kept: Kept, program: Program, descriptor: int | None = None) -> subprocess.Popen[bytes]:
    """Start a server; it inherits the open socket `descriptor`, unless it opens its own."""
    launcher = [sys.executable, "-I", "-S", launch.__file__, kept.lock, kept.record]
    with program.log.open("ab") as output:
        return subprocess.Popen(
            [*map(str, launcher), program.digest, *program.command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=kept.run,
            env=dict(program.environment),
            pass_fds=() if descriptor is None else (descriptor,),
            start_new_session=True,
        )


def alive(kept: Kept) -> Record | None:
    """The record, if the server that it names still runs."""
    record = recorded(kept)
    if record is None or record.boot != launch.boot():
        return None
    found = _look(record.pid)
    return record if found and found.running and found.started_at == record.started_at else None


def members(kept: Kept) -> list[int]:
    """Everything alive of the server: itself, its workers, what these have started."""
    record = recorded(kept)
    if record is None or record.boot != launch.boot():
        return []
    leader = _look(record.pid)
    if leader is not None and leader.started_at != record.started_at:
        # The kernel gives a pid away only once no session of that number is left.
        return []
    pids = []
    for name in (entry.name for entry in Path("/proc").iterdir()):
        if not name.isdigit():
            continue
        found = _look(int(name))
        if found is None or not found.running or found.session != record.pid:
            continue
        if leader is not None or _works_in(int(name), kept.run):
            pids.append(int(name))
    return pids


def end(group: Sequence[Kept], *, at_once: bool = False) -> int:
    """End these servers, orderly unless `at_once`; returns how many of them were alive."""
    living = {kept: pids for kept in group if (pids := members(kept))}
    count = len(living)
    if not at_once:
        for kept, pids in living.items():
            record = alive(kept)
            # Workers without their leader have nobody left to close them in order.
            for pid in [record.pid] if record else pids:
                _send(pid, signal.SIGTERM)
                # A frozen process hears it only when it is woken.
                _send(pid, signal.SIGCONT)
        living = _settle(living)
    while living:
        for pids in living.values():
            for pid in pids:
                _send(pid, signal.SIGKILL)
        time.sleep(0.02)
        living = {kept: pids for kept in living if (pids := members(kept))}
    for kept in group:
        kept.record.unlink(missing_ok=True)
    return count


def signal_all(kept: Kept, number: signal.Signals) -> None:
    for pid in members(kept):
        _send(pid, number)


def _settle(living: dict[Kept, list[int]]) -> dict[Kept, list[int]]:
    """Wait as long as fewer and fewer are left; return what stays."""
    fewest = sum(map(len, living.values()))
    deadline = time.monotonic() + PATIENCE
    while living and time.monotonic() < deadline:
        time.sleep(0.05)
        living = {kept: pids for kept in living if (pids := members(kept))}
        if (left := sum(map(len, living.values()))) < fewest:
            fewest, deadline = left, time.monotonic() + PATIENCE
    return living


@dataclass(frozen=True)
class _Look:
    running: bool
    session: int
    started_at: int


def _look(pid: int) -> _Look | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    fields = text.rpartition(")")[2].split()
    # A zombie has ended; it only waits for its parent to notice.
    return _Look(fields[0] not in "ZX", int(fields[3]), int(fields[19]))


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:
        return False


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
