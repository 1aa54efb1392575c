# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cloud that stores its images in Ceph, and what there is in that Ceph, read without Glance."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.cloud import LoopbackCloud
from support.house import ROOT

TOOLS = ROOT / "tests" / "cloud"
# What it needs may have to be installed first.
STARTS_WITHIN = 600
_ANSWERS_WITHIN = 60
# The modules for Ceph are made for this one, and a cloud runs with the Python that starts it.
_PYTHON = Path("/usr/bin/python3")
# Glance takes it when it has all bytes, and protects it.
_SNAPSHOT = "snap"


def command(tool: str, folder: Path, *words: str) -> list[str]:
    """How one of the cloud's tools is run."""
    python = str(_PYTHON) if _PYTHON.exists() else sys.executable
    return [python, str(TOOLS / tool), str(folder), *words]


def call(tool: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one of the cloud's tools."""
    return subprocess.run(
        command(tool, folder, *words),
        check=False,
        capture_output=True,
        text=True,
        timeout=STARTS_WITHIN,
    )


def start(folder: Path) -> LoopbackCloud:
    """Bring a cloud with a Ceph up.

    Who may not install Ceph does without these tests, and is told; where the project itself is
    tested (CI is set), nothing is left out.
    """
    done = call("up", folder, "--ceph")
    if "lacks what --ceph needs" in done.stderr and not os.environ.get("CI"):
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return LoopbackCloud(folder)


def end(folder: Path, *words: str) -> None:
    """End it."""
    done = call("down", folder, *words)
    assert done.returncode == 0, done.stderr


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for a cloud that is gone in the end.

    Not where temporary files are: that may be memory, which Ceph cannot write to as to a disk.
    """
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="ceph-", dir=build))
    try:
        yield folder
    finally:
        # One that was never up is no cloud, and down leaves it alone.
        call("down", folder, "--purge")
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Pool:
    """The pool that a cloud's images are in, as Ceph's own client shows it."""

    conf: Path
    name: str

    def images(self) -> set[str]:
        return set(self._asked("ls"))

    def used(self, image_id: str) -> int:
        """Bytes that an image takes in the pool."""
        shown = self._asked("du", image_id)
        return int(sum(part["used_size"] for part in shown["images"]))

    def is_protected(self, image_id: str) -> bool:
        """Whether Glance has finished an image, so that servers' disks can be clones of it."""
        snapshots = self._asked("snap", "ls", image_id)
        return [(one["name"], one["protected"]) for one in snapshots] == [(_SNAPSHOT, "true")]

    def sha512(self, image: str) -> str:
        """What the bytes that are stored hash to."""
        command = self._command("export", "--no-progress", image, "-")
        with subprocess.Popen(command, stdout=subprocess.PIPE) as export:
            assert export.stdout is not None
            digest = hashlib.sha512()
            while piece := export.stdout.read(1 << 20):
                digest.update(piece)
        assert export.returncode == 0
        return digest.hexdigest()

    def trash(self) -> set[str]:
        """Images that are gone, but for what their clones still need."""
        return {one["name"] for one in self._asked("trash", "ls")}

    @contextmanager
    def clone(self, image_id: str, *, version: int) -> Iterator[str]:
        """A disk that shares an image's bytes, as Nova and Cinder make them."""
        name = f"{image_id}_disk"
        snapshot = f"{self.name}/{image_id}@{_SNAPSHOT}"
        as_asked = f"--rbd-default-clone-format={version}"
        self._do("clone", as_asked, snapshot, f"{self.name}/{name}")
        try:
            yield name
        finally:
            self._do("rm", "--no-progress", name)

    def _asked(self, *words: str) -> Any:
        shown = self._do(*words, "--format", "json")
        return json.loads(shown)

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            self._command(*words),
            check=False,
            capture_output=True,
            text=True,
            timeout=_ANSWERS_WITHIN,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _command(self, *words: str) -> list[str]:
        return ["rbd", "--conf", str(self.conf), "--pool", self.name, *words]


def pool_of(cloud: LoopbackCloud) -> Pool:
    store = cloud.description["clouds"]["first"]["store"]
    assert store["kind"] == "rbd"
    return Pool(Path(store["conf"]), store["pool"])
