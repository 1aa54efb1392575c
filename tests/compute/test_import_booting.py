# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines that are booted before their images get their names, in a cloud whose guests boot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guests.tiny import NO_BOOT_LOADER, NO_VIRTIO, WHOLE, tiny_guest
from support.boot_checks import CONSOLE, NEVER
from support.compute import ComputeCloud
from support.disks import Workshop
from support.importing import Imported, Importer, tried
from support.linux_disk import linux_disk

SILENT = "wrote nothing on its console (no boot loader, or no serial console)"


@pytest.mark.long
def test_the_next_safer_hardware(compute_cloud: ComputeCloud, tmp_path: Path) -> None:
    """A guest without virtio ends with IDE and stays so; one that has it is not slowed down."""
    bring = Importer(compute_cloud.cloud, tmp_path)
    old, new, broken = (bring.name(label) for label in ("old", "new", "broken"))
    guests = {old: NO_VIRTIO, new: WHOLE, broken: NO_BOOT_LOADER}
    machines = [{"name": name, "source": str(tiny_guest(guest))} for name, guest in guests.items()]
    network = compute_cloud.facts["network"]["name"]
    how: dict[str, Any] = {
        "profile": ["virtio"],
        "boot_check": {"network": network, "timeout": 120},
    }

    done = bring.run(list=machines, hangs_after=600, **how)
    assert done.status != 0
    assert tried(done, old) == {"virtio": False, "virtio-scsi": False, "legacy-ide": True}
    assert tried(done, new) == {"virtio": True}
    assert "boots with legacy-ide" in done.output
    image = bring.standing(old)
    assert (image["hw_disk_bus"], image["import_vm_boots_with"]) == ("ide", "legacy-ide")
    assert image["curator_verified_at"]
    assert "curator_verify_failed" not in image
    image = bring.standing(new)
    assert image["hw_disk_bus"] == "virtio"
    assert "import_vm_boots_with" not in image
    # No hardware mends what is not there.
    told = done.machine(broken)["message"]
    assert "does not boot with virtio, nor with virtio-scsi, nor with legacy-ide" in told
    # Whoever imports is no administrator, whom Nova tells what a silent guest has read.
    assert SILENT in told
    (staged,) = bring.staged(broken)
    assert (staged["visibility"], staged["name"] == broken) == ("private", False)
    assert SILENT in staged["curator_verify_failed"]

    for options in (how, {"profile": ["virtio"]}):
        again = bring.run(list=machines[:2], **options)
        assert (again.status, again.changed) == (0, 0), again.output


@pytest.mark.slow
def test_what_another_run_left_staged(fake_compute_cloud: ComputeCloud, tmp_path: Path) -> None:
    """A run that boots here does so with what is in the cloud already, and has no name yet."""
    bring = Importer(fake_compute_cloud.cloud, tmp_path)
    name = bring.name()
    machine: dict[str, Any] = {
        "source": str(tiny_guest(NO_BOOT_LOADER)),
        "name": name,
        "profile": ["virtio"],
        # With a bus that is named, there is no other to try.
        "properties": {"hw_disk_bus": "virtio"},
    }
    there = bring.run(boot_check={"flavor": "none"}, hangs_after=900, **machine)
    assert "There is no flavor 'none'" in there.machine(name)["message"]
    (staged,) = bring.staged(name)

    here = {"where": "local", "ram": 256}
    done = bring.run(boot_check=here, hangs_after=900, **machine)
    assert done.status != 0
    assert "The firmware finds no boot loader" in done.machine(name)["message"]
    assert bring.staged(name) == [staged]


@pytest.mark.long
def test_other_hardware_for_what_has_its_name(
    fake_compute_cloud: ComputeCloud, tmp_path: Path
) -> None:
    """It is booted with that, and is as it was where it fails; so is what never was booted."""
    bring = Importer(fake_compute_cloud.cloud, tmp_path)
    name = bring.name()
    disk = Workshop(tmp_path).disk("qcow2", linux_disk())
    consoles = tmp_path / "consoles"
    consoles.mkdir()

    def run(profile: str, *, boot_check: dict[str, Any] | bool, **options: Any) -> Imported:
        machine: dict[str, Any] = {"source": str(disk), "name": name, "profile": [profile]}
        return bring.run(boot_check=boot_check, hangs_after=900, **machine, **options)

    def image() -> dict[str, Any]:
        return {**bring.standing(name), "updated_at": None}

    first = run("legacy-ide", boot_check=False)
    assert first.status == 0, first.output
    before = image()

    # Nobody had asked for a check so far.
    later = run("legacy-ide", boot_check={"flavor": "none"})
    assert "There is no flavor 'none'" in later.machine(name)["message"]
    assert image() == before

    never = {"expect": NEVER, "timeout": 15}
    failed = run("virtio", boot_check=never, console_folder=str(consoles))
    assert failed.status != 0
    told = failed.machine(name)["message"]
    assert NEVER["console"] in told
    (log,) = consoles.iterdir()
    assert f"Its console is in {log}. The image that has the name is as it was before." in told
    assert "login:" in log.read_text()
    assert image() == before

    done = run("virtio", boot_check={"expect": CONSOLE}, console_folder=str(consoles))
    assert done.status == 0, done.output
    assert list(consoles.iterdir()) == []
    after = image()
    assert (after["id"], after["hw_disk_bus"]) == (before["id"], "virtio")
    assert after["curator_verified_at"]
    again = run("virtio", boot_check={"flavor": "none"})
    assert (again.status, again.changed) == (0, 0), again.output
    assert image() == after
