# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_prepare on a Windows: drivers put in by the real virt-v2v, and the original whole.

The disk has the registry and the folders of one, by which virt-v2v takes it for a Windows Server;
whether one would start with these drivers, it cannot show.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from guests.windows import virtio_win, windows_disk
from support.appliances import counted
from support.running import run_module

MODULE = "image_prepare"


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Windows as it comes from somewhere else, and what it takes to put drivers into it."""
    for name, value in {
        "LIBGUESTFS_BACKEND": "direct",
        "LIBGUESTFS_BACKEND_SETTINGS": "force_tcg",
        "VIRTIO_WIN": str(virtio_win(tmp_path / "virtio-win")),
    }.items():
        monkeypatch.setenv(name, value)
    counted(tmp_path, monkeypatch)
    (tmp_path / "disks").mkdir()
    shutil.copy(windows_disk(), tmp_path / "disks" / "windows.raw")
    return tmp_path / "disks" / "windows.raw"


@pytest.mark.slow
def test_drivers_come_into_a_windows(disk: Path, tmp_path: Path) -> None:
    """They are in its folders and in its registry; a second run has nothing to do."""
    before = hashlib.sha512(disk.read_bytes()).hexdigest()
    output = disk.with_name("ready.qcow2")
    options: dict[str, Any] = {
        "path": str(disk),
        "output": str(output),
        "output_format": "qcow2",
        "operations": ["as_needed"],
    }
    foreseen = run_module(MODULE, check=True, **options)
    assert foreseen["changed"]
    assert foreseen["verdict"]["needs"] == ["virtio"]
    assert sorted(disk.parent.iterdir()) == [disk]

    made = run_module(MODULE, **options)
    assert [(one["name"], one["changed"]) for one in made["operations"]] == [("virtio", True)]
    assert (made["verdict"]["state"], made["verdict"]["virtio"]["blk"]) == ("ready", True)
    assert made["inspection"]["os"]["product"] == "Windows Server 2019 Standard"
    assert hashlib.sha512(disk.read_bytes()).hexdigest() == before
    assert [path.name for path in sorted(disk.parent.iterdir())] == [
        "ready.qcow2",
        "ready.qcow2.prepared.json",
        "windows.raw",
    ]
    script = (
        "cat /Windows/System32/Drivers/viostor.sys\n"
        "cat /Windows/Drivers/VirtIO/netkvm.inf\n"
        f"download /Windows/System32/Config/SYSTEM {tmp_path}/SYSTEM\n"
    )
    said = subprocess.run(
        ["guestfish", "--ro", "-i", "--format=qcow2", "-a", output],
        input=script,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert said.split() == ["viostor.sys", "NetKVM.inf"]
    registry = subprocess.run(
        ["hivexregedit", "--export", tmp_path / "SYSTEM", r"\ControlSet001\Services\viostor"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert '"Start"=dword:00000000' in registry

    assert not run_module(MODULE, **options)["changed"]
    again = run_module(MODULE, path=str(output), in_place=True, operations=["virtio"])
    assert not again["changed"]


@pytest.mark.long
def test_drivers_for_another_windows(
    disk: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """virt-v2v finds none, and says that all is well: the guest itself is asked."""
    other = virtio_win(tmp_path / "other", "xp")
    monkeypatch.setenv("VIRTIO_WIN", str(other))
    before = hashlib.sha512(disk.read_bytes()).hexdigest()
    failed = run_module(MODULE, path=str(disk), in_place=True, operations=["virtio"])
    assert failed["failed"], failed
    assert f"no drivers for disks and the network in {other}" in failed["msg"]
    assert hashlib.sha512(disk.read_bytes()).hexdigest() == before
    assert sorted(disk.parent.iterdir()) == [disk]
