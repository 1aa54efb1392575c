# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a program in a world of its own: files that only it sees, and processes that end with it.

    apart.py MOUNT [MOUNT ...] -- PROGRAM [ARGUMENT ...]

A MOUNT is OURS=PLACE, two folders or two files: what the program sees at PLACE is OURS. libvirt
has one place for everything in a system; here each cloud's has its own. And its guests are no
children of it, but they are in its world: whichever way that ends, the kernel ends them as well.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

_NEW_MOUNTS, _NEW_PROCESSES = 0x00020000, 0x20000000
_ON_END_OF_PARENT = 1

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> int:
    split = sys.argv.index("--")
    mounts, command = sys.argv[1:split], sys.argv[split + 1 :]
    if _libc.unshare(_NEW_MOUNTS | _NEW_PROCESSES):
        error = os.strerror(ctypes.get_errno())
        sys.exit(f"no world of its own for {command[0]}: {error} (in a container: SYS_ADMIN)")
    # Whoever is forked now is the new world's first process.
    first = os.fork()
    if not first:
        # Else it would live on if this process were killed.
        _libc.prctl(_ON_END_OF_PARENT, signal.SIGKILL, 0, 0, 0)
        os._exit(_inside(mounts, command))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: os.kill(first, number))
    return os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])


def _inside(mounts: list[str], command: list[str]) -> int:
    _mount("--make-rprivate", "/")
    for mount in mounts:
        ours, _eq, place = mount.partition("=")
        if Path(ours).is_dir():
            Path(place).mkdir(parents=True, exist_ok=True)
        _mount("--bind", ours, place)
    _mount("-t", "proc", "proc", "/proc")
    server = subprocess.Popen(command)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: server.send_signal(number))
    # The first process inherits the guests, and has to take note when one ends: their manager
    # waits until no trace of them is left.
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == server.pid:
            return max(os.waitstatus_to_exitcode(status), 0)


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


if __name__ == "__main__":
    sys.exit(main())
