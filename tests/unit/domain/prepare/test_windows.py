# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Windows: its drivers, and what is done about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.edits import Edit
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.fulfil import fulfil
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.inspecting import (
    inspect,
    judge,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.overlay import Overlay
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.wish import PrepareWish
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CheckFailed,
    CuratorError,
)

from support.paper_guest import SYSTEM, Files, PaperGuest

ISO = Files({"virtio-win.iso": b""})
STARTED, STAGED = "/Windows/System32/drivers", "/Windows/Drivers/VirtIO"


def _windows(*files: str, root: str | None = "/Windows") -> PaperGuest:
    system = replace(SYSTEM, type="windows", product="Windows Server 2022", windows=root)
    return PaperGuest(dict.fromkeys(files or (f"{STARTED}/disk.sys",), ""), system=system)


BARE = _windows()
WHOLE = _windows(f"{STARTED}/viostor.sys", f"{STARTED}/VioScsi.sys", f"{STARTED}/netkvm.sys")


def _wish(*operations: Any) -> PrepareWish:
    params = {
        **dict.fromkeys(("format", "member", "output_format", "cache_dir")),
        **dict.fromkeys(("in_place", "overwrite", "network"), False),
        "path": "/srv/windows.qcow2",
        "max_virtual_size": "2 TiB",
        "output": "/srv/ready.qcow2",
        "operations": list(operations),
        "secrets": "warn",
    }
    return PrepareWish.from_params(params)


def _done(guest: PaperGuest, *operations: Any, files: Files = ISO) -> dict[str, Any]:
    return fulfil(_wish(*operations), files, Overlay(guest), check=True)


@pytest.mark.parametrize(
    "guest, state, warns",
    [
        (WHOLE, "ready", False),
        # As virt-v2v leaves it: Windows finds the network's driver by itself.
        (_windows(f"{STARTED}/viostor.sys", f"{STAGED}/netkvm.sys"), "ready", True),
        (_windows("/Windows/system32/Drivers/VIOSTOR.SYS", f"{STAGED}/netkvm.sys"), "ready", True),
        # What is only there for later starts nothing.
        (_windows(f"{STAGED}/viostor.sys", f"{STAGED}/netkvm.sys"), "needs", False),
        (_windows(f"{STARTED}/viostor.sys"), "needs", True),
        (BARE, "needs", False),
        (_windows(root=None), "cannot", False),
    ],
)
def test_what_it_needs(guest: PaperGuest, state: str, *, warns: bool) -> None:
    """A driver to start from, and one for the network."""
    verdict = judge(guest)
    assert (verdict["state"], bool(verdict["warnings"])) == (state, warns)
    assert verdict["needs"] == (["virtio"] if state == "needs" else [])
    assert (state == "ready") == (verdict["reasons"] == [])
    assert not warns or "hw_disk_bus virtio" in verdict["warnings"][0]


def test_told() -> None:
    """Its version and its drivers; nothing of what only a Linux has."""
    told = inspect(WHOLE)
    assert told["windows"] == {
        "version": "12.5",
        "virtio": {"blk": True, "scsi": True, "net": True},
    }
    assert "kernels" not in told


@pytest.mark.parametrize("operation", ["as_needed", "virtio"])
def test_drivers_are_put_in(operation: str) -> None:
    """Where they and the program are; and not again where they are there."""
    assert _done(BARE, operation)["operations"] == [
        {"name": "virtio", "changed": True, "what": ["the drivers of virtio are put into Windows"]}
    ]
    assert not any(one["changed"] for one in _done(WHOLE, operation)["operations"])


def test_drivers_of_the_task() -> None:
    """They win over those that the host has."""
    files = Files({"/srv/other.iso": b""})
    assert _done(BARE, {"virtio": {"drivers": "/srv/other.iso"}}, files=files)["operations"]
    with pytest.raises(CuratorError, match=r"no virtio-win\.iso"):
        _done(BARE, "virtio", files=files)


def test_without_drivers_there_is_hardware_that_needs_none() -> None:
    """The error has the verdict, by which import_vm knows that."""
    with pytest.raises(CuratorError, match=r"no virtio-win\.iso") as caught:
        _done(BARE, "as_needed", files=Files())
    assert caught.value.facts["verdict"]["needs"] == ["virtio"]


class _Stubborn(Overlay):
    """One that virt-v2v does not get along with."""

    def apply(self, edit: Edit) -> bool:
        raise CheckFailed(f"It does not take {type(edit).__name__}.")


def test_what_cannot_be_put_in_leaves_that_hardware_too() -> None:
    """As where Windows is hibernated, or too old for the drivers."""
    with pytest.raises(CheckFailed, match="does not take PutDrivers") as caught:
        fulfil(_wish("as_needed"), ISO, _Stubborn(BARE), check=False)
    assert caught.value.facts["verdict"]["needs"] == ["virtio"]


def test_drivers_that_are_named_beside_what_is_needed() -> None:
    """They are the ones that are meant."""
    files = Files({"/srv/other.iso": b""})
    done = _done(BARE, "as_needed", {"virtio": {"drivers": "/srv/other.iso"}}, files=files)
    assert [(one["name"], one["changed"]) for one in done["operations"]] == [("virtio", True)]


@pytest.mark.parametrize("operation", ["users", {"run": "true"}, "sparsify", "network_dhcp"])
def test_what_is_for_linux(operation: Any) -> None:
    """Is refused before anything is done."""
    with pytest.raises(CuratorError, match=r"is for Linux guests, and this is Windows Server 2022"):
        _done(BARE, "virtio", operation)
