# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that opens its own socket: no service of OpenStack's, but what one of them stands on."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loopback import environment, files, processes
from loopback.layout import CloudError
from loopback.processes import Kept, Program
from loopback.waiting import wait_for

START_SECONDS = 60.0


@dataclass(frozen=True)
class Daemon:
    kept: Kept
    command: tuple[str, ...]
    # What it reads, apart from its command: path and text.
    files: tuple[tuple[Path, str], ...]
    log: Path
    # Where it listens, once it is ready.
    socket: Path

    def bring_up(self) -> bool:
        """Make it run with this very configuration; says whether there was anything to do."""
        record = processes.alive(self.kept)
        if record and record.digest == self._digest() and answers(self.socket):
            return False
        processes.end([self.kept])
        self.socket.unlink(missing_ok=True)
        for path, text in self.files:
            files.write(path, text)
        shell = environment.plain_environment({"LC_ALL": "C.UTF-8"})
        self._await(
            processes.start(self.kept, Program(self.command, shell, self.log, self._digest()))
        )
        return True

    def _digest(self) -> str:
        parts = [self.command, [(str(path), text) for path, text in self.files]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        name = self.kept.name

        def ready() -> bool:
            if (code := process.poll()) is not None:
                end = environment.tail(self.log)
                raise CloudError(
                    f"{name} ended at once ({code}):\n{end}\nthe whole log: {self.log}"
                )
            return answers(self.socket)

        try:
            wait_for(ready, f"{name} does not answer (log: {self.log})", START_SECONDS)
        finally:
            # It lives on without us; Popen would complain about that.
            process.returncode = process.returncode if process.returncode is not None else 0


def answers(path: Path) -> bool:
    """Whether somebody listens on a socket, however long its path: an address holds 107 bytes."""
    with suppress(OSError):
        folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
        try:
            with socket.socket(socket.AF_UNIX) as caller:
                caller.settimeout(1)
                caller.connect(f"/proc/self/fd/{folder}/{path.name}")
                return True
        finally:
            os.close(folder)
    return False
