# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken out of a guest: which file that is, and what becomes of its bytes."""

from __future__ import annotations

import stat
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.guest import System
from ansible_collections.curator.glance.plugins.module_utils.guest import removing
from ansible_collections.curator.glance.plugins.module_utils.guest.appliance import CallFailed
from ansible_collections.curator.glance.plugins.module_utils.guest.removing import (
    overwrite,
    put_link,
    remove,
)
from ansible_collections.curator.glance.plugins.module_utils.guest.room import places

HISTORY = "/data/home/web/.bash_history"


class _Appliance:
    """One that knows a few files, and a home that is a link; it tells what it was asked to do."""

    def __init__(self, files: dict[str, tuple[int, int]]) -> None:
        self._files = files
        self.asked: list[tuple[Any, ...]] = []

    def call(self, name: str, *arguments: Any, **_options: Any) -> Any:
        if name == "realpath":
            if arguments[0] == "/nowhere":
                raise CallFailed("realpath: /nowhere: No such file or directory")
            return arguments[0].replace("/home/", "/data/home/")
        if name == "lstatns":
            if arguments[0] not in self._files:
                raise CallFailed(f"lstatns: {arguments[0]}: No such file or directory")
            mode, size = self._files[arguments[0]]
            return {"st_mode": mode, "st_size": size}
        if name == "find":
            above = f"{arguments[0]}/"
            return [path.removeprefix(above) for path in self._files if path.startswith(above)]
        self.asked.append((name, *arguments))
        return len(arguments[1]) if name == "pwrite" else None


def test_behind_a_linked_folder() -> None:
    """What removes it is not in the guest, and would follow a link out of it."""
    machine = _Appliance({HISTORY: (stat.S_IFREG, 5)})
    remove(machine.call, "/home/web/.bash_history")
    assert machine.asked == [("rm_rf", HISTORY)]


def test_a_link_in_a_linked_folder() -> None:
    """It is put where the guest will look for it."""
    machine = _Appliance({})
    put_link(machine.call, "/home/web/now", "then")
    assert machine.asked[1:] == [
        ("rm_rf", "/data/home/web/now"),
        ("ln_sf", "then", "/data/home/web/now"),
    ]


def test_no_such_folder() -> None:
    """Nothing is to be removed there."""
    machine = _Appliance({})
    remove(machine.call, "/nowhere/x")
    assert machine.asked == []


def test_what_is_secret_is_overwritten() -> None:
    """And is on the disk as zeros before it goes: what is only in memory would go with it."""
    machine = _Appliance({HISTORY: (stat.S_IFREG, 5)})
    remove(machine.call, "/home/web/.bash_history", secret=True)
    assert machine.asked == [("pwrite", HISTORY, bytes(5), 0), ("sync",), ("rm_rf", HISTORY)]


def test_a_folder_of_secrets() -> None:
    """Each file in it; a link in it is no file, and what it leads to stays."""
    machine = _Appliance(
        {
            "/i": (stat.S_IFDIR, 4096),
            "/i/user-data": (stat.S_IFREG, 3),
            "/i/link": (stat.S_IFLNK, 9),
        }
    )
    remove(machine.call, "/i", secret=True)
    assert machine.asked == [("pwrite", "/i/user-data", bytes(3), 0), ("sync",), ("rm_rf", "/i")]


def test_a_secret_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hole of any size takes no more room than a secret could."""
    monkeypatch.setattr(removing, "_OVERWRITTEN_AT_MOST", 3 << 20)
    machine = _Appliance({"/huge": (stat.S_IFREG, 10 << 30)})
    overwrite(machine.call, "/huge")
    assert [(name, rest[2]) for name, *rest in machine.asked[:-1]] == [
        ("pwrite", 0),
        ("pwrite", 1 << 20),
        ("pwrite", 2 << 20),
    ]


def test_subvolumes_share_their_file_system() -> None:
    """What is in use in a btrfs is counted once."""
    mounted = {
        "/": "btrfsvol:/dev/sda2/@/.snapshots/1/snapshot",
        "/home": "btrfsvol:/dev/sda2/@/home",
        "/boot/efi": "/dev/sda1",
    }

    def call(name: str, mountable: str) -> str:
        assert name == "mountable_device"
        assert mountable.startswith("btrfsvol:/dev/sda2/")
        return "/dev/sda2"

    assert places(call, System(mounted=mounted)) == ["/", "/boot/efi"]
