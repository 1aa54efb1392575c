# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A play that runs beside the test, whose processes can be killed at a chosen instant."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.scene import MODULE
from support.running import Played, play
from support.waiting import until

# In the environment of every process of one run: those that lost their parents are found, too.
_MARK = "CURATOR_TEST_RUN"


@dataclass(frozen=True)
class Run:
    """An ansible-playbook on its way, with all that it has started."""

    mark: str
    played: Future[Played]

    def processes(self) -> list[int]:
        """All of them that live, the oldest first."""
        sign = f"{_MARK}={self.mark}".encode()
        pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
        return sorted(pid for pid in pids if sign in _read(pid, "environ").split(b"\0"))

    def kill_all(self) -> None:
        """Everything at once, as when the machine goes down; nothing of it can clean up."""
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in self.processes():
                _send(pid, number)
        until(lambda: not self._kill_rest(), "all processes are gone")

    def kill_ansible(self) -> None:
        """The main process alone: the worker and the module live on, and nobody waits for them."""
        _send(self._main(), signal.SIGKILL)

    def interrupt(self) -> None:
        """Ctrl-C: the terminal tells the main process; workers have sessions of their own."""
        _send(self._main(), signal.SIGINT)

    def terminate_module(self) -> None:
        """Ask the module to stop, as a process is asked."""
        _send(max(self.running(f"AnsiballZ_{MODULE}")), signal.SIGTERM)

    def running(self, program: str) -> list[int]:
        """Those whose command line names a program."""
        return [pid for pid in self.processes() if program.encode() in _read(pid, "cmdline")]

    def _main(self) -> int:
        (main,) = (pid for pid in self.processes() if _parent(pid) == os.getpid())
        return main

    def _kill_rest(self) -> list[int]:
        rest = self.processes()
        for pid in rest:
            _send(pid, signal.SIGKILL)
        return rest


def beside(task: dict[str, Any], **env: str) -> AbstractContextManager[Run]:
    """Run a task in a play, as a user does, and leave nothing of it running."""
    plays = [{"hosts": "localhost", "gather_facts": False, "tasks": [{"name": "task", **task}]}]
    return plays_beside(plays, **env)


@contextmanager
def plays_beside(plays: list[dict[str, Any]] | str, *arguments: str, **env: str) -> Iterator[Run]:
    """Run plays, or a playbook by its name, and leave nothing of it running."""
    mark = uuid.uuid4().hex
    with ThreadPoolExecutor(1) as pool:
        run = Run(mark, pool.submit(play, plays, *arguments, env={_MARK: mark, **env}))
        try:
            yield run
        finally:
            run.kill_all()


def upload_beside(options: dict[str, Any], **env: str) -> AbstractContextManager[Run]:
    """Run the module in a play."""
    return beside({f"curator.glance.{MODULE}": options}, **env)


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        # It ended meanwhile.
        return b""


def _parent(pid: int) -> int:
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    # None where it has ended.
    return int(fields[1]) if fields else 0


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
