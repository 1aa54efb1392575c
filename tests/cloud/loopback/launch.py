# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record this process, then become the server. Run as a program of its own.

The record is written by the very process that will be the server, before it is one: whoever
started it may be killed at any instant, and the next run still finds what it left behind.

    launch.py LOCK RECORD DIGEST PROGRAM [ARGUMENT ...]
"""

from __future__ import annotations

import fcntl
import json
import os
import sys

# Running this file by its path puts its folder first in sys.path; nothing here is imported
# from it, so that a record can be written within a few milliseconds.


def started_at(pid: int) -> int:
    """The kernel's start time of a process, in clock ticks since boot."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
        # The program's name stands in brackets and may hold blanks and brackets itself.
        return int(stream.read().rpartition(")")[2].split()[19])


def boot() -> str:
    """Pids and start times begin anew with every boot."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="utf-8") as stream:
            return stream.read().strip()
    except OSError:
        return ""


def main() -> None:
    lock_path, record_path, digest, *command = sys.argv[1:]
    lock = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("another process of this service is alive; run `up` once more")
    # Held as long as the server, or any child of it, lives.
    os.set_inheritable(lock, True)
    record = {
        "pid": os.getpid(),
        "started_at": started_at(os.getpid()),
        "boot": boot(),
        "digest": digest,
    }
    draft = f"{record_path}.{os.getpid()}"
    with open(draft, "w", encoding="utf-8") as stream:
        json.dump(record, stream)
    os.replace(draft, record_path)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
