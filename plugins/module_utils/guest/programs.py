# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Programs that make, run and enter guests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ..errors import MissingTool

# Where each program is, in Debian's and in Red Hat's packages.
_PACKAGES = {
    "qemu-system-x86_64": "qemu-system-x86 (Debian, Ubuntu), or qemu-kvm (Red Hat, SUSE)",
    "qemu-img": "qemu-utils (Debian, Ubuntu), or qemu-img (Red Hat, SUSE)",
    "ssh": "openssh-client (Debian, Ubuntu), or openssh-clients (Red Hat, SUSE)",
    "ssh-keygen": "openssh-client (Debian, Ubuntu), or openssh-clients (Red Hat, SUSE)",
    "genisoimage": "genisoimage (Debian, Ubuntu), or xorriso (Red Hat, SUSE)",
    "setpriv": "util-linux",
}
# Some packages keep their program from those who might call it by mistake.
_ALSO_IN = ("/usr/libexec",)
_SECONDS = 60
_SAID_AT_MOST = 400


def path_of(*names: str) -> str:
    """Where a program is; of several that do the same, the first that is there."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *_ALSO_IN))
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    raise MissingTool(
        f"The program {names[0]} is not installed on the host that runs the module. Install "
        f"{_PACKAGES[names[0]]}."
    )


def run(program: str, *words: str | Path, files: Sequence[int] = ()) -> str:
    """What a program says that has one small thing to do."""
    try:
        done = subprocess.run(  # noqa: S603  # The programs of this room, with its own words.
            [program, *map(str, words)],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            pass_fds=files,
            env=environment(),
        )
    except subprocess.TimeoutExpired as late:
        raise MissingTool(f"{program} did not end within {_SECONDS} s.") from late
    said = done.stdout.decode(errors="replace").strip()
    if done.returncode:
        raise MissingTool(f"{program} does not work here: {said[:_SAID_AT_MOST]}")
    return said


def environment() -> dict[str, str]:
    """Ours, in which programs speak one language."""
    return {**os.environ, "LC_ALL": "C"}
