# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What it takes to put drivers into a Windows, and what is said where it is not there."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CheckFailed,
    Interrupted,
    MissingTool,
)
from ansible_collections.curator.glance.plugins.module_utils.guest import windows
from ansible_collections.curator.glance.plugins.module_utils.guest.windows import (
    find_drivers,
    put_drivers,
)

FAILS = """[   1.0] Opening the source
virt-v2v-in-place: error: inspection could not detect the source guest
(or physical machine).

If reporting bugs, run virt-v2v-in-place with debugging enabled
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, beside the shell's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/bin")
    monkeypatch.setattr(windows, "_PROGRAM", "v2v-for-tests")
    monkeypatch.setattr(windows, "_NBDKIT", "nbdkit-for-tests")
    monkeypatch.setattr(windows, "_USUAL", (str(tmp_path / "virtio-win.iso"),))
    monkeypatch.delenv("VIRTIO_WIN", raising=False)
    return folder


def _program(folder: Path, name: str, text: str = "exit 0") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def test_what_is_missing_is_named_first(programs: Path, tmp_path: Path) -> None:
    """Program by program, and then the drivers."""
    with pytest.raises(MissingTool, match=r"no v2v-for-tests\. Install the packages virt-v2v"):
        find_drivers(None)
    _program(programs, "v2v-for-tests")
    with pytest.raises(MissingTool, match="no nbdkit-for-tests"):
        find_drivers(None)
    _program(programs, "nbdkit-for-tests")
    with pytest.raises(MissingTool, match=r"not at .*virtio-win.iso, or where .* VIRTIO_WIN says"):
        find_drivers(None)
    with pytest.raises(MissingTool, match=r"not at /nowhere\.iso on the host"):
        find_drivers("/nowhere.iso")
    (tmp_path / "virtio-win.iso").touch()
    assert find_drivers(None) == str(tmp_path / "virtio-win.iso")


def test_the_variable_of_virt_v2v(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wins over the usual place, and a task over both."""
    _program(programs, "v2v-for-tests")
    _program(programs, "nbdkit-for-tests")
    for name in ("virtio-win.iso", "mine.iso", "told.iso"):
        (tmp_path / name).touch()
    monkeypatch.setenv("VIRTIO_WIN", str(tmp_path / "mine.iso"))
    assert find_drivers(None) == str(tmp_path / "mine.iso")
    assert find_drivers(str(tmp_path / "told.iso")) == str(tmp_path / "told.iso")


def _put(tmp_path: Path, *, stops_after: int | None = None) -> None:
    looks = itertools.count()

    def check() -> None:
        if next(looks) == stops_after:
            raise Interrupted("stopped")

    put_drivers("/srv/w.iso", tmp_path / "layer", tmp_path, kvm=False, check=check)


def test_why_it_failed(programs: Path, tmp_path: Path) -> None:
    """In the words of virt-v2v, on one line."""
    (tmp_path / "said").write_text(FAILS)
    _program(programs, "nbdkit-for-tests")
    _program(
        programs, "v2v-for-tests", f"[ $1 = --help ] || {{ cat {tmp_path}/said >&2; exit 1; }}"
    )
    with pytest.raises(
        CheckFailed, match=r"put in|could not .* source guest \(or physical machine"
    ):
        _put(tmp_path)


@pytest.mark.parametrize("knows", [True, False])
def test_the_bus_is_chosen_where_it_can_be(programs: Path, tmp_path: Path, *, knows: bool) -> None:
    """Earlier versions have no choice."""
    said = "echo --block-driver" if knows else "echo nothing"
    _program(programs, "nbdkit-for-tests")
    write = f'echo "$@ $VIRTIO_WIN" >{tmp_path}/words'
    _program(programs, "v2v-for-tests", f"if [ $1 = --help ]; then {said}; else {write}; fi")
    _put(tmp_path)
    words = (tmp_path / "words").read_text().split()
    assert words[:4] == ["-i", "disk", "-if", "qcow2"]
    assert words[-2:] == [str(tmp_path / "layer"), "/srv/w.iso"]
    assert ("virtio-scsi" in words) == knows


def test_it_ends_with_the_task(programs: Path, tmp_path: Path) -> None:
    """And so does all that it has started."""
    _program(programs, "nbdkit-for-tests")
    slow = f"(sleep 30; touch {tmp_path}/late) & sleep 30"
    _program(programs, "v2v-for-tests", f"[ $1 = --help ] || {{ {slow}; }}")
    began = time.monotonic()
    with pytest.raises(Interrupted):
        _put(tmp_path, stops_after=1)
    assert time.monotonic() - began < 20
