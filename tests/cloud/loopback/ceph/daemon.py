# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One of Ceph's servers, which opens its ports itself."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from loopback import environment, processes
from loopback.layout import CloudError, Rooms
from loopback.processes import Kept, Program


@dataclass(frozen=True)
class Daemon:
    """How it is started, and what shows that it is well."""

    name: str
    number: str
    rooms: Rooms
    conf: Path

    @property
    def kept(self) -> Kept:
        return Kept(self.rooms.run, self.name)

    @property
    def log(self) -> Path:
        return self.rooms.log / f"{self.name}.log"

    def _command(self) -> list[str]:
        # In the foreground it stays the process that was started, and logs where its output goes.
        manner = ["-f", "--log-to-stderr=true"]
        return [str(shutil.which(self.name)), *manner, "-i", self.number, "--conf", str(self.conf)]

    def _digest(self) -> str:
        text = self.conf.read_text()
        return hashlib.sha256(repr((self._command(), text)).encode()).hexdigest()

    def current(self) -> bool:
        """Alive, and started with this very configuration."""
        record = processes.alive(self.kept)
        return record is not None and record.digest == self._digest()

    def start(self) -> subprocess.Popen[bytes]:
        program = Program(
            self._command(), environment.plain_environment(), self.log, self._digest()
        )
        return processes.start(self.kept, program)

    def check(self, process: subprocess.Popen[bytes]) -> None:
        """Raise if it has ended."""
        if (code := process.poll()) is not None:
            end = environment.tail(self.log)
            raise CloudError(f"{self.name} ended at once ({code}):\n{end}\nthe log: {self.log}")
