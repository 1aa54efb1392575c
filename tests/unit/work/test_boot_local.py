# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What check mode tells of a boot on this machine."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.machine import machine_for
from ansible_collections.curator.glance.plugins.module_utils.errors import MissingTool
from ansible_collections.curator.glance.plugins.module_utils.guest import firmware
from ansible_collections.curator.glance.plugins.module_utils.guest import (
    programs as guest_programs,
)
from ansible_collections.curator.glance.plugins.module_utils.guest.ssh import Key
from ansible_collections.curator.glance.plugins.module_utils.progress import NoProgress
from ansible_collections.curator.glance.plugins.module_utils.work.boot_local import LocalPlace
from ansible_collections.curator.glance.plugins.module_utils.work.boot_place import Errand
from ansible_collections.curator.glance.plugins.module_utils.work.watching import Stop

from unit.domain.boot.wishes import expect, wish

PROGRAMS = ("qemu-system-x86_64", "qemu-img", "setpriv", "genisoimage", "ssh")


def _place(folder: Path, *, ssh: bool = True, firmware_type: str = "bios") -> LocalPlace:
    errand = Errand(
        wish=wish(path="/srv/disk.raw", expect=expect(ssh=ssh)),
        key=Key(path=folder / "key", public="ssh-ed25519 AAAA"),
        folder=folder,
        cache=folder,
        progress=NoProgress(),
        stop=Stop(),
    )
    disk = SimpleNamespace(facts=SimpleNamespace(virtual_size=1 << 30, format="raw"))
    machine = machine_for({"hw_firmware_type": firmware_type})
    return LocalPlace(errand=errand, disk=disk, machine=machine)  # type: ignore[arg-type]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with every program that there is."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in PROGRAMS:
        (folder / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(guest_programs, "_ALSO_IN", ())
    return folder


@pytest.mark.parametrize("missing", PROGRAMS)
def test_a_program_that_is_missing(missing: str, programs: Path, tmp_path: Path) -> None:
    """It is told before the check is run."""
    _place(tmp_path).foresee()
    (programs / missing).unlink()
    with pytest.raises(MissingTool, match=missing):
        _place(tmp_path).foresee()


@pytest.mark.usefixtures("programs")
def test_firmware_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for where the guest needs it."""
    monkeypatch.setattr(firmware, "_FOLDERS", ())
    _place(tmp_path).foresee()
    with pytest.raises(MissingTool, match="UEFI firmware"):
        _place(tmp_path, firmware_type="uefi").foresee()


def test_nobody_needs_ssh_to_look_at_a_console(programs: Path, tmp_path: Path) -> None:
    """What is not used need not be there."""
    (programs / "ssh").unlink()
    _place(tmp_path, ssh=False).foresee()
