# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Where libguestfs is on this machine, and what to do where it is not, or does not start."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..errors import MissingTool

# The system's Python, under the names that it has on Debian and Red Hat.
_PYTHONS = ("/usr/bin/python3", "/usr/libexec/platform-python")
_SECONDS = 60
_PACKAGES = (
    "On Debian: apt-get install libguestfs-tools python3-guestfs. On Ubuntu: the same, and "
    "linux-image-generic where no kernel is installed. On Fedora, RHEL and their kin: dnf install "
    "guestfs-tools libguestfs python3-libguestfs."
)
_NO_KERNEL = re.compile(r"supermin|no (suitable )?kernel|failed to find a suitable kernel|vmlinuz")


@cache
def python_with_libguestfs() -> str:
    """A Python of this machine that has the binding of libguestfs."""
    for candidate in dict.fromkeys((sys.executable, *_PYTHONS)):
        if not candidate or not shutil.which(candidate):
            continue
        try:
            tried = subprocess.run(  # noqa: S603  # A Python, with words of ours.
                [candidate, "-I", "-c", "import guestfs"],
                check=False,
                capture_output=True,
                timeout=_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if tried.returncode == 0:
            return candidate
    raise MissingTool(
        "No Python on the host that runs the module has libguestfs, with which the disks of guests "
        f"are opened. {_PACKAGES}"
    )


def explain(error: str, said: str) -> str:
    """Why libguestfs does not run here, and what to do."""
    told = (
        f"libguestfs does not start on the host that runs the module: {last_line(said) or error}."
    )
    # Who names a kernel needs none of this host.
    named = os.environ.get("SUPERMIN_KERNEL")
    unreadable = [
        str(path)
        for path in (() if named else Path("/boot").glob("vmlinuz-*"))
        if not os.access(path, os.R_OK)
    ]
    if unreadable:
        return (
            f"{told} It boots a small machine with a kernel of this host, and may not read "
            f"{unreadable[0]} (Ubuntu keeps it from ordinary users). Run: sudo chmod 0644 "
            "/boot/vmlinuz-*; or run the task with become: true."
        )
    if _NO_KERNEL.search(f"{said} {error}"):
        return (
            f"{told} It boots a small machine with a kernel of this host, and found none. Install "
            "one (linux-image-amd64 on Debian, linux-image-generic on Ubuntu, kernel-core on "
            "Fedora and RHEL), or name one with the environment variables SUPERMIN_KERNEL and "
            "SUPERMIN_MODULES. It has to be started by nobody."
        )
    return f"{told} libguestfs-test-tool says more. {_PACKAGES}"


def environment(folder: Path, *, kvm: bool) -> Mapping[str, str]:
    """For who starts it: what the user says about kernels stays, and files come to our folder."""
    ours = {
        "LIBGUESTFS_BACKEND": "direct",
        "LIBGUESTFS_TMPDIR": str(folder),
        "LC_ALL": "C",
    }
    if not kvm:
        ours["LIBGUESTFS_BACKEND_SETTINGS"] = "force_tcg"
    return {**os.environ, **ours}


def last_line(said: str) -> str:
    """The last words of a program, as they fit into a message."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return "".join(c for c in (lines or [""])[-1] if c.isprintable())[:400].rstrip(".")
