# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cloud that runs of tests share, those that run at the same time too."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.cloud import cloud_dir
from support.house import ROOT

TOOLS = ROOT / "tests" / "cloud"
_STARTS_WITHIN = 900
# The modules of libvirt are made for this one, and a cloud runs with the Python that starts it.
_SYSTEM_PYTHON = Path("/usr/bin/python3")
_BY_HAND = "started by hand"
# What `up` is told for a cloud of each kind.
_WORDS = {"fake": ("--compute", "fake"), "libvirt": ("--compute", "libvirt", "--volumes")}


def call(tool: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of the cloud's tools."""
    python = _SYSTEM_PYTHON if "libvirt" in words and _SYSTEM_PYTHON.exists() else sys.executable
    command = [str(python), str(TOOLS / tool), *map(str, words)]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=_STARTS_WITHIN
    )


@contextmanager
def shared_cloud(kind: str) -> Iterator[Path]:
    """The folder of a cloud with this compute: the first who needs it starts it, the last ends it.

    One that was started by hand goes on running: tests/cloud/up .cloud-compute --compute --volumes
    saves time. Where the system does not allow it, tests do without and are told; where the project
    itself is tested (CI is set), nothing is left out.
    """
    if (reason := _impossible(kind)) and not os.environ.get("CI"):
        pytest.skip(reason)
    suffix = "-compute" if kind == "libvirt" else f"-compute-{kind}"
    folder = cloud_dir().with_name(cloud_dir().name + suffix)
    with folder.with_name(f"{folder.name}.users").open("a+") as users:
        _join(users.fileno(), folder)
        try:
            done = call("up", folder, *_WORDS[kind])
            assert done.returncode == 0, done.stderr
            yield folder
        finally:
            _leave(users.fileno(), folder)


def _impossible(kind: str) -> str:
    """Why there cannot be such a cloud, or nothing."""
    if os.geteuid() == 0:
        return ""
    if kind == "libvirt":
        return "guests need network interfaces and mounts, which only root may make"
    installed = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin")
    return "" if installed else "MariaDB is missing, and only root may install it"


def _join(users: int, folder: Path) -> None:
    """Be one of those who need the cloud; the first one says how it was before."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        os.ftruncate(users, 0)
        os.write(users, _BY_HAND.encode() if _is_up(folder) else b"")
    fcntl.flock(users, fcntl.LOCK_SH)


def _leave(users: int, folder: Path) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        # Somebody still needs it, and will be the last.
        return
    if os.pread(users, 100, 0).decode() != _BY_HAND:
        call("down", folder, "--purge")


def _is_up(folder: Path) -> bool:
    """Whether its first service runs; records outlive what they tell of."""
    status = call("service", folder, "first.keystone", "status")
    return status.returncode == 0 and status.stdout.startswith("running")
