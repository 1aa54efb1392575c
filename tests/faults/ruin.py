# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A loopback cloud of the tests' own, to be broken."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.cloud import LoopbackCloud
from support.house import ROOT

_TOOLS = ROOT / "tests" / "cloud"
_HANGS_AFTER = 600


@dataclass(frozen=True)
class Ruin:
    """Two clouds in a folder; only the first is broken."""

    folder: Path

    @property
    def cloud(self) -> LoopbackCloud:
        """The cloud as it is now, with fresh logins."""
        return LoopbackCloud(self.folder)

    def up(self, *, token_seconds: int | None = None) -> None:
        """From whatever state to whole."""
        life = [] if token_seconds is None else ["--token-seconds", str(token_seconds)]
        self._call("up", *life)

    def service(self, name: str, action: str) -> None:
        """Kill, stop, start, pause or resume keystone or glance."""
        self._call("service", f"first.{name}", action)

    def down(self) -> None:
        """Nothing is left of it."""
        self._call("down", "--purge")

    def _call(self, tool: str, *words: str) -> None:
        command = [str(_TOOLS / tool), str(self.folder), *words]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_HANGS_AFTER
        )
        assert done.returncode == 0, done.stderr
