# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_prepare on real Debians that were spoiled: each boots afterwards, and did not before.

The one with dracut and NetworkManager is as near as this comes to a guest of the RPM family: a root
file system of that family is not to be had from the registries that the tests may use.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guests.debian import USER
from guests.debian_root import packages
from guests.partitioned import ROOT_AT
from guests.spoiled import ADDRESS, ALL, SECRET, Spoiled, spoiled_guest
from support.appliances import counted
from support.boot_checks import assert_passed
from support.guest_disk import read
from support.running import run_module

MODULE = "image_prepare"
# To make an initramfs, and to boot, takes an emulated processor its time.
HANGS_AFTER = 1800


@pytest.mark.long
@pytest.mark.parametrize("guest", ALL, ids=lambda guest: guest.name)
def test_a_guest_of_another_hypervisor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guest: Spoiled
) -> None:
    """What it needs is found and done in one start; then it boots, with virtio, as any other."""
    appliances = counted(tmp_path, monkeypatch)
    spoiled, mended = spoiled_guest(guest), tmp_path / "mended.qcow2"
    before = _boot(spoiled, tmp_path)
    assert before["failed"]
    assert "root" in before["msg"]

    # One of them has no cloud-init at all, and gets it from files, with all that it needs.
    files = [] if guest.has_cloud_init else [str(path) for path in packages("cloud-init")]
    given = [{"cloud_init": {"files": files}}] if files else []
    result = run_module(
        MODULE,
        path=str(spoiled),
        output=str(mended),
        operations=[*given, "as_needed", "users", "serial_console"],
        secrets="remove",
        hangs_after=HANGS_AFTER,
    )
    assert not result.get("failed"), result
    assert appliances.started == 1
    assert result["inspection"]["verdict"]["needs"] == [
        *("cloud_init", "device_names", "virtio", "udev_net_rules"),
        *("network_dhcp", "machine_identity"),
    ]
    (kernel,) = result["inspection"]["kernels"]
    assert kernel["virtio"] == dict.fromkeys(("blk", "scsi", "net"), False)
    assert result["verdict"]["state"] == "ready", result["verdict"]
    assert result["secrets"] == []
    assert SECRET not in str(result)
    assert [path for path in guest.files if SECRET in _text(mended, path)] == []
    assert [path for path in guest.files if ADDRESS in _text(mended, path)] == []
    assert "/dev/sda" not in _text(mended, "etc/fstab") + _text(mended, "boot/grub/grub.cfg")

    assert_passed(_boot(mended, tmp_path))

    everything = [one["name"] for one in result["operations"] if one["name"] != "secrets"]
    options: dict[str, Any] = {"path": str(mended), "in_place": True, "operations": everything}
    again = run_module(MODULE, **options, hangs_after=HANGS_AFTER)
    assert not again["changed"], again["operations"]


def _boot(disk: Path, folder: Path) -> dict[str, Any]:
    # On a busy machine, an emulated guest says nothing for long.
    options: dict[str, Any] = {
        "path": str(disk),
        "user": USER,
        "cache_dir": str(folder),
        "timeout": 600,
    }
    return run_module("image_boot_check", **options, hangs_after=HANGS_AFTER)


def _text(disk: Path, path: str) -> str:
    """A file of the guest, by debugfs; nothing where it is none any more."""
    return (read(disk, path, "qcow2", first_sector=ROOT_AT) or b"").decode()
