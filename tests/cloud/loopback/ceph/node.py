# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Ceph of one node, from whatever state it is in to one that stores images.

A monitor and one daemon for objects: images need no more. Both run as whoever runs `up`.
"""

from __future__ import annotations

import shutil
import subprocess
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from string import Template

from loopback import environment, files, ports, processes, system
from loopback.ceph.daemon import Daemon
from loopback.ceph.founding import Founding
from loopback.layout import HOST, Rooms
from loopback.waiting import wait_for

POOL, USER = "images", "glance"
_PACKAGES = Path(__file__).with_name("packages.txt")
_TEMPLATE = Path(__file__).with_name("ceph.conf")
_PORT = "ceph-mon"
# A sparse file: as long as nothing is stored in it, it takes nothing.
_BLOCK_BYTES = 32 << 30
_START_SECONDS = 120.0


def need_packages() -> None:
    """Have Ceph's programs, and its Python modules for Glance."""
    system.ensure(_PACKAGES, "--ceph")


@dataclass(frozen=True)
class Node:
    """The Ceph in which one cloud keeps its images."""

    rooms: Rooms

    @property
    def root(self) -> Path:
        return self.rooms.ceph

    @property
    def conf(self) -> Path:
        return self.root / "ceph.conf"

    @property
    def bindings(self) -> Path:
        """The folder from which Glance imports Ceph's Python modules."""
        return self.root / "python"

    @property
    def _founded(self) -> Path:
        return self.root / "founded"

    @property
    def _monitor(self) -> Daemon:
        return Daemon("ceph-mon", "a", self.rooms, self.conf)

    @property
    def _objects(self) -> Daemon:
        return Daemon("ceph-osd", "0", self.rooms, self.conf)

    def bring_up(self) -> bool:
        """Make it store images; says whether there was anything to do."""
        if self._founded.exists() and self._current() and self._stores():
            return False
        need_packages()
        lock = self.rooms.run / "ceph-founding.lock"
        with files.locked(lock, f"waiting for another run that makes {self.root}") as held:
            # Not sooner: a program of a run that was killed may still be asking this monitor, and
            # without it would ask on, with the lock.
            self.end()
            founding = Founding(self.root, self.conf, self.rooms.log / "ceph.log", held)
            if self._founded.exists():
                self._start(founding)
            else:
                self._found(founding)
        system.link_bindings(self.bindings, "rados", "rbd")
        return True

    def _start(self, founding: Founding) -> None:
        founding.move_monitor(self._configure())
        monitor = self._monitor.start()
        self._wait_ready(monitor, self._objects.start())

    def _found(self, founding: Founding) -> None:
        """Make everything anew; what an interrupted run has left is of no use."""
        self._clear()
        founding.make_monitor(self._fsid, self._configure())
        monitor = self._monitor.start()
        founding.make_objects()
        objects = self._objects.start()
        founding.make_pool(POOL)
        self._wait_ready(monitor, objects)
        files.write(self._founded, "")

    def _clear(self) -> None:
        # The folder itself stays: that it is there says where the cloud keeps its images.
        for path in self.root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in ("mon", "osd"):
            (self.root / name).mkdir()

    def end(self) -> int:
        """End the daemons; how many were alive."""
        # The monitor last: the other one tells it that it leaves, and would wait for an answer.
        return sum(processes.end([daemon.kept]) for daemon in (self._objects, self._monitor))

    @property
    def _fsid(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.root.as_uri()))

    def _current(self) -> bool:
        port = ports.remembered(self.rooms.ports).get(_PORT, 0)
        if not self.conf.exists() or self.conf.read_text() != self._configuration(port):
            return False
        return self._monitor.current() and self._objects.current()

    def _configure(self) -> int:
        """Write the configuration for a port that is free; the monitor opens it itself."""
        with ports.open_remembered(self.rooms.ports, _PORT) as listener:
            port = int(listener.getsockname()[1])
        files.write(self.conf, self._configuration(port))
        return port

    def _configuration(self, port: int) -> str:
        values = {
            "fsid": self._fsid,
            "host": HOST,
            "port": port,
            "root": self.root,
            "block_bytes": _BLOCK_BYTES,
        }
        return Template(_TEMPLATE.read_text()).substitute(values)

    def _stores(self) -> bool:
        """Whether the pool answers; where an object cannot be read, this takes until the limit."""
        command: list[str | Path] = ["rbd", "--conf", self.conf, "--pool", POOL, "ls"]
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=10,
                env=environment.plain_environment(),
            )
            return done.returncode == 0
        return False

    def _wait_ready(self, *started: subprocess.Popen[bytes]) -> None:
        daemons = (self._monitor, self._objects)

        def ready() -> bool:
            for daemon, process in zip(daemons, started, strict=True):
                daemon.check(process)
            return self._stores()

        try:
            wait_for(ready, f"Ceph does not answer (logs: {self.rooms.log})", _START_SECONDS)
        finally:
            for process in started:
                # It lives on without us; Popen would complain about that.
                process.returncode = process.returncode if process.returncode is not None else 0
