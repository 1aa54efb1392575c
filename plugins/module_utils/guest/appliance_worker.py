# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The process that holds libguestfs, and does for ours what it says, one line at a time.

Its text is handed to whichever Python of the host has the binding, which is that of the system: it
is seldom the one that runs the module, and may be as old as 3.8. So it imports nothing of ours. It
knows a few calls and no others, and every value that comes out of a guest goes through it as plain
data.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import queue
import signal
import sys
import threading
from typing import Any

# Calls of libguestfs that may be asked for.
CALLS = frozenset(
    {
        *("add_drive_opts", "set_network", "set_smp", "launch", "sync", "shutdown"),
        *("inspect_os", "inspect_get_mountpoints", "inspect_list_applications2"),
        *("inspect_get_type", "inspect_get_distro", "inspect_get_product_name"),
        *("inspect_get_major_version", "inspect_get_minor_version", "inspect_get_arch"),
        *("inspect_get_package_format", "inspect_get_windows_systemroot"),
        *("list_partitions", "blkid", "part_list"),
        *("pread_device", "pwrite_device"),
        *("mount", "mount_ro", "umount_all", "mountable_device", "statvfs", "fstrim"),
        *("e2fsck", "resize2fs_M", "resize2fs_size", "tune2fs_l"),
        *("statns", "lstatns", "pread", "readlink", "realpath", "ls", "find", "download"),
        *("mkdir_p", "write", "pwrite", "upload", "ln_sf", "rm_rf", "chmod", "chown", "utimens"),
        *("command", "case_sensitive_path"),
    }
)
# Those who asked are gone: what is left is ended within this time.
_SECONDS_TO_END = 60


def as_plain(value: Any) -> Any:
    """A value of libguestfs as JSON can hold it."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, str):
        # Names in a guest need not be text.
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {as_plain(key): as_plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(inner) for inner in value]
    return value


def from_plain(value: Any) -> Any:
    """The other way round."""
    if isinstance(value, dict) and set(value) == {"base64"}:
        return base64.b64decode(value["base64"])
    return value


def answer(handle: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Do one call, and say what came of it."""
    name = asked["call"]
    if name not in CALLS:
        return {"error": f"there is no call {name}"}
    try:
        arguments = [from_plain(argument) for argument in asked["arguments"]]
        result = getattr(handle, name)(*arguments, **asked["options"])
    except Exception as error:  # noqa: BLE001  # Whatever it is, it is told to who asked.
        return {"error": str(error)}
    return {"result": as_plain(result)}


def listen(lines: queue.Queue[str]) -> None:
    """Read what is asked; once nobody can ask any more, end the appliance in whatever it does.

    The call that was on its way then fails, and libguestfs can remove what it keeps in files.
    """
    for line in sys.stdin:
        lines.put(line)
    lines.put("")
    os.killpg(0, signal.SIGTERM)
    threading.Event().wait(_SECONDS_TO_END)
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    # Not where the module runs.
    import guestfs  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    # The group is told to end, and we come after it.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    handle = guestfs.GuestFS(python_return_dict=True)
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=listen, args=(lines,), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        while line := lines.get():
            sys.stdout.write(json.dumps(answer(handle, json.loads(line))) + "\n")
            sys.stdout.flush()
    handle.close()
    # Nothing of the interpreter is worth waiting for, the thread above least of all.
    os._exit(0)


if __name__ == "__main__":
    main()
