# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines that are booted on this host before a byte of them is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guests.tiny import NO_BOOT_LOADER, NO_VIRTIO, WHOLE, Variant, tiny_guest
from support.cloud import LoopbackCloud
from support.importing import Imported, Importer, tried

HERE = {"where": "local", "ram": 256}


@pytest.fixture
def bring(cloud: LoopbackCloud, tmp_path: Path) -> Importer:
    return Importer(cloud, tmp_path)


def _import(bring: Importer, guest: Variant, **options: Any) -> Imported:
    machine: dict[str, Any] = {
        "source": str(tiny_guest(guest)),
        "name": bring.name(),
        "profile": ["virtio"],
    }
    given = {"boot_check": HERE, **machine, **options}
    return bring.run(hangs_after=900, **given)


@pytest.mark.slow
def test_what_does_not_boot_is_not_sent(bring: Importer) -> None:
    """With a bus that is named, there is no other to try; nothing of it is in the cloud."""
    done = _import(bring, NO_BOOT_LOADER, properties={"hw_disk_bus": "virtio"})
    assert done.status != 0
    told = done.machine(bring.name())["message"]
    assert told.startswith("It does not boot with virtio. The firmware finds no boot loader")
    assert bring.left_of(bring.name()) == []


def test_how_it_is_booted_is_read_first(bring: Importer) -> None:
    """What cannot be meant is said before anything is looked at."""
    done = bring.run(source="/nowhere", name=bring.name(), boot_check={"flavour": "x"})
    assert done.status != 0
    assert "import_vm_boot_check has no key 'flavour'. Write flavor." in done.output
    assert "/nowhere" not in str(done.machines)


@pytest.mark.slow
def test_the_next_safer_hardware(bring: Importer) -> None:
    """The image is sent once, with the hardware that boots, and the next run boots nothing."""
    consoles = bring.folder / "consoles"
    consoles.mkdir()
    done = _import(bring, NO_VIRTIO, console_folder=str(consoles))
    assert done.status == 0, done.output
    expected = {"virtio": False, "virtio-scsi": False, "legacy-ide": True}
    assert tried(done, bring.name()) == expected
    told = done.machine(bring.name())["chosen"]["tried"]
    kept = [Path(one["console_log"]) for one in told if one["console_log"]]
    assert sorted(kept) == sorted(consoles.iterdir())
    assert ["root" in log.read_text() for log in kept] == [True, True]
    image = bring.standing(bring.name())
    assert (image["hw_disk_bus"], image["import_vm_boots_with"]) == ("ide", "legacy-ide")
    assert image["import_vm_booted_as"].startswith("local ")
    again = _import(bring, NO_VIRTIO)
    assert (again.status, again.changed) == (0, 0), again.output
    assert tried(again, bring.name()) == {}


@pytest.mark.slow
def test_what_boots_is_not_tried_further(bring: Importer) -> None:
    """The hardware that was chosen stays, and there is no mark of another."""
    done = _import(bring, WHOLE)
    assert done.status == 0, done.output
    assert tried(done, bring.name()) == {"virtio": True}
    image = bring.standing(bring.name())
    assert image["hw_disk_bus"] == "virtio"
    assert "import_vm_boots_with" not in image


@pytest.mark.slow
def test_what_has_its_name_unbooted(bring: Importer) -> None:
    """It is booted once somebody asks for that; where it does not boot, nothing is changed."""
    machine: dict[str, Any] = {"profile": ["legacy-ide"], "min_ram": 1500}
    first = _import(bring, NO_BOOT_LOADER, boot_check=False, **machine)
    assert first.status == 0, first.output
    before = bring.standing(bring.name())

    consoles = bring.folder / "consoles"
    asked = {"boot_check": {"where": "local"}, "console_folder": str(consoles), **machine}
    nowhere = _import(bring, NO_BOOT_LOADER, **asked)
    assert nowhere.status != 0
    assert f"import_vm_console_folder is {consoles}, and there is no such" in nowhere.output

    consoles.mkdir()
    failed = _import(bring, NO_BOOT_LOADER, **asked)
    assert failed.status != 0
    told = failed.machine(bring.name())["message"]
    assert told.startswith("It does not boot with legacy-ide. The firmware finds no boot loader")
    (log,) = consoles.iterdir()
    assert told.endswith(f"Its console is in {log}.")
    assert "boot" in log.read_text().lower()
    booted = failed.played.result_of("Boot | Boot it here")
    # What its machine had.
    assert booted["invocation"]["module_args"]["ram"] == machine["min_ram"]
    assert bring.standing(bring.name()) == before
