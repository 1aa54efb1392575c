# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tests/cloud/up --ceph: what the tests beside this one stand on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from support.ceph import STARTS_WITHIN, Pool, call, command, end, scratch, start
from support.cloud import LoopbackCloud
from support.waiting import until

pytestmark = pytest.mark.slow

_GOES_ON_WITHIN = 300


def daemons(folder: Path) -> set[int]:
    """The processes of the Ceph in a folder."""
    records = (folder / "first" / "run").glob("ceph-*.json")
    return {json.loads(record.read_text())["pid"] for record in records}


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in {"Z", "X"}


def addresses(pid: int) -> set[str]:
    """Where a process listens, as the kernel writes it."""
    sockets = {
        name
        for descriptor in Path(f"/proc/{pid}/fd").iterdir()
        for name in re.findall(r"socket:\[(\d+)\]", str(descriptor.readlink()))
    }
    listening = "0A"
    return {
        fields[1].partition(":")[0]
        for table in ("tcp", "tcp6")
        for fields in map(str.split, Path(f"/proc/net/{table}").read_text().splitlines()[1:])
        if fields[3] == listening and fields[9] in sockets
    }


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a cloud of the test's own, which is gone when the test is."""
    with scratch() as path:
        yield path


def test_it_listens_on_loopback_only(running_cloud: LoopbackCloud) -> None:
    """Both daemons do listen, and nowhere else."""
    pids = daemons(running_cloud.folder)
    assert len(pids) == 2
    for pid in pids:
        assert addresses(pid) == {"0100007F"}


def test_up_again_changes_nothing(running_cloud: LoopbackCloud) -> None:
    """The same daemons, whether Ceph is asked for again or not."""
    before = daemons(running_cloud.folder)
    assert call("up", running_cloud.folder).returncode == 0
    assert call("up", running_cloud.folder, "--ceph").returncode == 0
    assert daemons(running_cloud.folder) == before


def test_killed_daemons_are_repaired(cloud: LoopbackCloud, pool: Pool) -> None:
    """With what was stored before."""
    image = cloud.new_image(data=b"curator" * 100_000)
    for pid in daemons(cloud.folder):
        os.kill(pid, signal.SIGKILL)
    start(cloud.folder)
    assert pool.sha512(f"{image['id']}@snap") == image["os_hash_value"]
    assert cloud.new_image()["status"] == "active"


def at_work(step: str, folder: Path) -> list[int]:
    """The programs with these words that make this cloud; what only watches one is none."""
    found = []
    for words in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            line = words.read_bytes().replace(b"\0", b" ").decode()
            if step in line and str(folder) in line and not line.startswith("timeout"):
                found.append(int(words.parent.name))
    return found


def start_and_die(folder: Path, step: str) -> list[int]:
    """Kill a start in a step; the step's programs are left, and stand still."""
    starting = subprocess.Popen(
        command("up", folder, "--ceph"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until(lambda: at_work(step, folder), step, within=STARTS_WITHIN)
    orphans = at_work(step, folder)
    for pid in orphans:
        os.kill(pid, signal.SIGSTOP)
    starting.kill()
    assert starting.wait() == -signal.SIGKILL
    return orphans


# Steps to die in: each is a program that outlives its starter, with the lock. The last two need the
# monitor, which the next run ends.
@pytest.mark.parametrize("step", ["-i a --mkfs", "osd new", "osd pool create"])
def test_an_interrupted_start_is_repaired(folder: Path, step: str, tmp_path: Path) -> None:
    """Killed wherever it was; the next one ends in a whole cloud, and nothing is left over."""
    orphans = start_and_die(folder, step)
    said = tmp_path / "said"
    with said.open("w") as stream:
        starting = subprocess.Popen(
            command("up", folder, "--ceph"), stdout=subprocess.DEVNULL, stderr=stream
        )
    try:
        until(lambda: "waiting for another run" in said.read_text(), "it waits for the orphan")
        for pid in orphans:
            os.kill(pid, signal.SIGCONT)
        assert starting.wait(_GOES_ON_WITHIN) == 0, said.read_text()
    finally:
        starting.kill()
    cloud = LoopbackCloud(folder)
    assert cloud.new_image()["stores"] == "ceph"
    pids = daemons(folder)
    end(folder)
    assert len(pids) == 2
    assert not any(map(is_alive, pids))


def test_files_do_not_become_ceph(tmp_path: Path) -> None:
    """Images would not move along, so it is refused, and nothing is changed."""
    (tmp_path / "first").mkdir()
    (tmp_path / ".loopback-cloud").touch()
    (tmp_path / "first" / "ports.json").write_text("{}")
    refused = call("up", tmp_path, "--ceph")
    assert refused.returncode == 1
    assert "stores its images in files already" in refused.stderr
    assert not (tmp_path / "first" / "ceph").exists()
