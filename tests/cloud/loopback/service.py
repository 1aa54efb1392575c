# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One service of one cloud: how it is started, how it is known to be well."""

from __future__ import annotations

import hashlib
import http.client
import json
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loopback import environment, files, ports, processes
from loopback.layout import HOST, CloudError, Rooms
from loopback.processes import Kept, Program
from loopback.waiting import wait_for

NAMES = ("keystone", "glance")
INSIDE = Path(__file__).resolve().parent / "inside"
# The request line as it came in: percent-encoded, so a field never holds a blank.
ACCESS_FORMAT = "%(m)s %({raw_uri}e)s %(s)s"
# Tests count requests; nothing else asks for this path.
HEALTH = "/healthcheck"
START_SECONDS = 120.0


@dataclass(frozen=True)
class Service:
    cloud: str
    name: str
    rooms: Rooms
    files: dict[Path, str]
    environment: environment.Environment
    # Tells the service where its files are. Part of the digest, so nothing of the shell.
    variables: Mapping[str, str]
    # Folders that it imports from besides its packages; in the first is its loader.
    imports: tuple[Path, ...] = (INSIDE,)
    hooks: Path = INSIDE / "gunicorn_conf.py"
    health: str = HEALTH

    @property
    def kept(self) -> Kept:
        return Kept(self.rooms.run, self.name)

    @property
    def title(self) -> str:
        return f"{self.cloud}.{self.name}"

    @property
    def log(self) -> Path:
        return self.rooms.log / f"{self.name}.log"

    @property
    def access_log(self) -> Path:
        return self.rooms.log / f"{self.name}-access.log"

    @property
    def request_log(self) -> Path:
        return self.rooms.log / f"{self.name}-requests.log"

    @property
    def port(self) -> int:
        return ports.remembered(self.rooms.ports).get(self.name, 0)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def command(self, descriptor: int | str) -> list[str]:
        options = {
            "name": self.title,
            "bind": f"fd://{descriptor}",
            "worker-class": "gthread",
            "workers": 1,
            "threads": 8,
            # An upload may take as long as it takes.
            "timeout": 0,
            "graceful-timeout": 5,
            # Pooled clients meet a reset connection if the server closes an idle one first.
            "keep-alive": 75,
            "worker-tmp-dir": self.rooms.run,
            "config": self.hooks,
            "access-logfile": self.access_log,
            "access-logformat": ACCESS_FORMAT,
            "pythonpath": ",".join(map(str, self.imports)),
        }
        given = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        python = str(self.environment.python)
        # Its control socket would be one and the same file for every gunicorn of the user.
        module = f"{self.name}_app:application"
        return [python, "-m", "gunicorn", *given, "--no-control-socket", module]

    def all_variables(self) -> dict[str, str]:
        return {"LOOPBACK_REQUEST_LOG": str(self.request_log), **self.variables}

    def digest(self) -> str:
        """Of everything that a running process would have to be restarted for."""
        source = [path.read_text() for path in sorted(self.imports[0].rglob("*.py"))]
        texts = {str(path): text for path, text in self.files.items()}
        parts = [self.command("N"), self.all_variables(), source, texts]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def current(self) -> bool:
        """Alive, and started with this very configuration."""
        record = processes.alive(self.kept)
        return record is not None and record.digest == self.digest()

    def healthy(self, seconds: float = 5.0) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=seconds)
        try:
            connection.request("GET", self.health)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def start(self, listener: int) -> subprocess.Popen[bytes]:
        """Start it on an open socket; what is left of an earlier one is ended first."""
        processes.end([self.kept])
        for path, text in self.files.items():
            files.write(path, text)
        programs = self.environment.python.parent
        shell = environment.plain_environment(self.all_variables())
        # Everything is on loopback: a proxy could only get in the way.
        shell = {name: value for name, value in shell.items() if "_proxy" not in name.lower()}
        shell["PATH"] = f"{programs}:{shell.get('PATH', '/usr/bin:/bin')}"
        shell["LC_ALL"] = "C.UTF-8"
        program = Program(self.command(listener), shell, self.log, self.digest())
        return processes.start(self.kept, program, listener)

    def wait_ready(self, process: subprocess.Popen[bytes]) -> None:
        def ready() -> bool:
            if (code := process.poll()) is not None:
                with suppress(OSError):
                    self.kept.record.unlink()
                end = environment.tail(self.log)
                raise CloudError(
                    f"{self.title} ended at once ({code}):\n{end}\nthe whole log: {self.log}"
                )
            return self.healthy(seconds=1.0)

        try:
            wait_for(ready, f"{self.title} does not answer (log: {self.log})", START_SECONDS)
        finally:
            # It lives on without us; Popen would complain about that.
            process.returncode = process.returncode if process.returncode is not None else 0
