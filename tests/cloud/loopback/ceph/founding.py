# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Ceph needs before its daemons can run: keys, a map, two stores; and then a pool."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from loopback import environment
from loopback.layout import HOST

# Who may what. The monitor takes these keys in when its store is made.
_KEYS = {
    "mon.": {"mon": "allow *"},
    "client.admin": {"mon": "allow *", "osd": "allow *"},
    "client.glance": {"mon": "profile rbd", "osd": "profile rbd pool=images"},
    "osd.0": {"mon": "allow profile osd", "osd": "allow *"},
}
# Plenty for one store of objects.
_PLACEMENT_GROUPS = "8"
_ASKED_WITHIN = "120"


@dataclass(frozen=True)
class Founding:
    """The programs that make a node, each of which has to succeed."""

    root: Path
    conf: Path
    log: Path
    # Inherited by the programs: not even an orphan of one meets a second maker.
    lock: int

    @property
    def _monmap(self) -> Path:
        return self.root / "monmap"

    def make_monitor(self, fsid: str, port: int) -> None:
        """Make the keys, and the store of a monitor that knows them."""
        keyring = self.root / "keyring"
        create = ["--create-keyring"]
        for name, grants in _KEYS.items():
            caps = [word for grant in grants.items() for word in ("--cap", *grant)]
            self._run("ceph-authtool", keyring, *create, "--gen-key", "--name", name, *caps)
            create = []
        self._run("monmaptool", "--create", "--fsid", fsid, *_at(port), self._monmap)
        made = ("--monmap", self._monmap, "--keyring", keyring)
        self._run("ceph-mon", "-i", "a", "--mkfs", *made)

    def move_monitor(self, port: int) -> None:
        """Tell a monitor that is not running where it will be: it remembers its address itself."""
        self._run("ceph-mon", "-i", "a", "--extract-monmap", self._monmap)
        self._run("monmaptool", "--rm", "a", self._monmap)
        self._run("monmaptool", *_at(port), self._monmap)
        self._run("ceph-mon", "-i", "a", "--inject-monmap", self._monmap)

    def make_objects(self) -> None:
        """Make the store of the first daemon for objects, with the monitor's consent."""
        identity = str(uuid.uuid4())
        self._ask("osd", "new", identity)
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", identity)

    def make_pool(self, name: str) -> None:
        self._ask("osd", "pool", "create", name, _PLACEMENT_GROUPS)
        self._ask("osd", "pool", "application", "enable", name, "rbd")

    def _ask(self, *words: str) -> None:
        """Let the monitor do something.

        Bounded from outside: once connected, this program waits for a monitor that was killed for
        as long as it takes, and an orphan would keep the lock for ever.
        """
        within = ["timeout", "--foreground", "--kill-after=5", _ASKED_WITHIN]
        environment.run(self.log, self.lock, *within, "ceph", "--conf", self.conf, *words)

    def _run(self, program: str, *words: str | Path) -> None:
        environment.run(self.log, self.lock, program, "--conf", self.conf, *words)


def _at(port: int) -> tuple[str, str, str]:
    return ("--addv", "a", f"[v1:{HOST}:{port}]")
