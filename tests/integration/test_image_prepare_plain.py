# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_prepare on a guest in the manner of Alpine, which has few programs to help with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guests.plain import ADDRESS, OLD_DRIVERS, WHOLE, plain_guest
from guests.tiny import USER
from support.appliances import Appliances, counted
from support.boot_checks import assert_passed
from support.guest_disk import read
from support.running import run_module

MODULE = "image_prepare"
# What the profile legacy-ide asks for.
OLD_HARDWARE = {"hw_disk_bus": "ide", "hw_cdrom_bus": "ide", "hw_vif_model": "e1000"}


@pytest.fixture
def appliances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Appliances:
    """libguestfs, ready to be started; each start is counted."""
    return counted(tmp_path, monkeypatch)


@pytest.mark.slow
def test_a_guest_with_few_programs(tmp_path: Path, appliances: Appliances) -> None:
    """It boots afterwards, and did not before; what it has to do without is said."""
    spoiled, mended = plain_guest(WHOLE), tmp_path / "mended.qcow2"
    before = _boot(spoiled, tmp_path)
    assert before["failed"]
    assert "/dev/sda1" in before["msg"]

    result = run_module(MODULE, path=str(spoiled), output=str(mended), operations=["as_needed"])
    assert not result.get("failed"), result
    found = result["inspection"]
    assert (found["os"]["distro"], found["init"]) == ("alpinelinux", "busybox")
    assert found["network"] == ["ifupdown"]
    changed = {one["name"]: one["changed"] for one in result["operations"]}
    assert changed == dict.fromkeys(("cloud_init", "device_names", "network_dhcp"), True)
    # Its root file system grows by other means. What growpart comes with, it could not install.
    assert result["verdict"]["needs"] == ["grow_root"]
    assert any("grow_root is needed, and was left out" in told for told in result["warnings"])
    assert ADDRESS not in (read(mended, "etc/network/interfaces", "qcow2") or b"").decode()
    for path in ("etc/fstab", "boot/extlinux.conf", "boot/grub/grub.cfg"):
        assert "UUID=" in (read(mended, path, "qcow2") or b"").decode()

    assert_passed(_boot(mended, tmp_path))

    again = run_module(MODULE, path=str(mended), in_place=True, operations=["as_needed"])
    assert not again["changed"], again
    assert appliances.started == 2


@pytest.mark.long
def test_an_initramfs_that_nobody_can_make(tmp_path: Path, appliances: Appliances) -> None:
    """Without a program to make one, the verdict says what is missing, and what to do instead."""
    spoiled, output = plain_guest(OLD_DRIVERS), tmp_path / "mended.qcow2"
    result = run_module(MODULE, path=str(spoiled), output=str(output), operations=["as_needed"])
    assert result["failed"]
    assert result["verdict"]["state"] == "cannot"
    for word in ("virtio_blk", "mkinitfs", "operation run", "legacy-ide"):
        assert word in result["msg"]
    assert not output.exists()
    assert appliances.started == 1
    # As it says: with that hardware, and names that hold on it, the guest boots.
    named = run_module(
        MODULE,
        path=str(spoiled),
        output=str(output),
        operations=["cloud_init", "device_names", "network_dhcp"],
    )
    assert not named.get("failed"), named
    assert_passed(_boot(output, tmp_path, properties=OLD_HARDWARE))


def _boot(disk: Path, folder: Path, **options: Any) -> dict[str, Any]:
    return run_module(
        "image_boot_check", path=str(disk), user=USER, cache_dir=str(folder), **options
    )
