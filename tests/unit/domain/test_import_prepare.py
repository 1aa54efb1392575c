# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done to an imported guest, and which hardware it gets for that."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.disk import DiskFacts
from ansible_collections.curator.glance.plugins.module_utils.domain.import_prepare import (
    preparation,
    read,
    with_drivers,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.machine import (
    Drive,
    GuestSystem,
    Machine,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.proposal import propose
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

GIB = 1 << 30


@pytest.mark.parametrize("given", ["auto", True, "true", ["as_needed"]])
def test_auto_does_what_the_guest_needs(given: Any) -> None:
    """However it is written on a command line or in a file."""
    assert preparation(read("prepare", given)) == {"operations": ["as_needed"]}


@pytest.mark.parametrize("given", [False, "false", "no", {}])
def test_nothing_is_done_unless_it_is_asked_for(given: Any) -> None:
    """Nobody looks into the guest then."""
    assert preparation(read("prepare", given)) == {}


@pytest.mark.parametrize("given", ["auto", False, {"operations": ["users"], "secrets": "fail"}])
def test_what_was_read_can_be_read_again(given: Any) -> None:
    """A machine is read once, and then handed on from play to play."""
    once = read("prepare", given)
    assert read("prepare", once) == once


def test_files_lie_where_the_list_is() -> None:
    """As the sources of its machines do."""
    told = read(
        "prepare",
        {"operations": [{"write": {"path": "/etc/motd", "src": "motd"}}], "secrets": "remove"},
        "/srv/lists",
    )
    assert told == {
        "operations": [{"write": {"path": "/etc/motd", "src": "/srv/lists/motd"}}],
        "secrets": "remove",
    }


@pytest.mark.parametrize(
    "given, why",
    [
        ("sometimes", "auto, a list of operations"),
        (["defragment"], "no operation 'defragment'"),
        ({"operations": ["sparsify"], "secret": "warn"}, "Write secrets"),
    ],
)
def test_what_cannot_be_meant_is_said_first(given: Any, why: str) -> None:
    """Before a source is fetched."""
    with pytest.raises(InvalidRequest, match=why):
        read("prepare", given)


def proposed(**drive: Any) -> dict[str, Any]:
    """What is proposed for a disk that nobody has looked into."""
    disk = DiskFacts(format="vmdk", virtual_size=GIB, file_size=1, member="1.vmdk")
    machine = Machine(disks=(Drive(number=1, member="1.vmdk", **drive),), networks=("vmxnet3",))
    result: dict[str, Any] = propose(disk, machine).as_result()
    return result


def kernel(*, blk: bool | None = True, has: bool = True, initramfs: str | None = "/i") -> Any:
    """What is told of a kernel, as the verdict has it."""
    virtio = {"blk": blk, "scsi": blk, "net": blk}
    return {"version": "6.1", "initramfs": initramfs, "has_virtio": has, "virtio": virtio}


def guest(
    state: str = "ready",
    *needs: str,
    done: tuple[str, ...] = (),
    kernels: tuple[Any, ...] = (kernel(),),
    **os: Any,
) -> Any:
    """What image_prepare says of a guest."""
    return {
        "inspection": {"os": {"type": "linux", **os}},
        "verdict": {"state": state, "needs": list(needs), "reasons": [], "kernels": list(kernels)},
        "operations": [{"name": name, "changed": True} for name in done],
    }


def test_drivers_that_were_found_count_more_than_what_it_ran_on() -> None:
    """It gets fast hardware at once, and the report does not speak of the slow one."""
    found = with_drivers(proposed(bus="scsi"), guest())
    assert found["profiles"] == ["virtio"]
    assert not {"hw_disk_bus", "hw_vif_model"} & found["properties"].keys()
    assert found["reasons"][0].startswith("Its kernels start with virtio")
    assert not any("IDE" in reason or "e1000" in reason for reason in found["reasons"])
    assert any("min_disk" in reason for reason in found["reasons"])


def test_drivers_that_were_put_in_count_as_well() -> None:
    """In check mode, too, where the verdict is of the guest as it stands."""
    without = (kernel(blk=False), kernel())
    found = with_drivers(proposed(), guest("needs", "virtio", done=("virtio",), kernels=without))
    assert found["profiles"] == ["virtio"]


def windows(state: str, *, done: bool = False, **virtio: bool) -> Any:
    """What image_prepare says of a Windows."""
    prepared = guest(state, *([] if state == "ready" else ["virtio"]), type="windows")
    prepared["verdict"]["virtio"] = {"blk": False, "scsi": False, "net": False, **virtio}
    prepared["operations"] = [{"name": "virtio", "changed": done}]
    return prepared


@pytest.mark.parametrize(
    "prepared, profiles",
    [
        (windows("ready", blk=True, scsi=True, net=True), ["windows"]),
        # The profile starts from virtio-scsi, for which there is no driver.
        (windows("ready", done=True, blk=True, net=True), ["windows", "virtio"]),
        # In check mode.
        (windows("needs", done=True), ["windows", "virtio"]),
    ],
)
@pytest.mark.parametrize("system", ["windows", None])
def test_a_windows_starts_from_the_bus_that_it_has_a_driver_for(
    prepared: Any, profiles: list[str], system: str | None
) -> None:
    """Whether its description says that it is one or not."""
    disk = DiskFacts(format="vmdk", virtual_size=GIB, file_size=1, member="1.vmdk")
    machine = Machine(
        disks=(Drive(number=1, member="1.vmdk", bus="scsi"),),
        networks=("e1000",),
        os=GuestSystem(type=system),
    )
    found = with_drivers(propose(disk, machine).as_result(), prepared)
    assert found["profiles"] == profiles
    assert not {"hw_disk_bus", "hw_vif_model"} & found["properties"].keys()
    assert f"the bus {'scsi' if profiles == ['windows'] else 'virtio'}" in found["reasons"][0]


@pytest.mark.parametrize(
    "prepared",
    [
        {},
        windows("needs"),
        windows("cannot"),
        guest("needs", "virtio", kernels=(kernel(blk=False),)),
        # One whose initramfs cannot be read here is no known one, whatever becomes of the others.
        guest(kernels=(kernel(blk=None),)),
        guest("needs", "virtio", done=("virtio",), kernels=(kernel(blk=False), kernel(blk=None))),
        guest(
            "needs", "virtio", done=("virtio",), kernels=(kernel(), kernel(blk=False, has=False))
        ),
        guest(kernels=(kernel(blk=False, initramfs=None),)),
        # After the operation, the kernels are those that there are now.
        guest(done=("virtio",), kernels=(kernel(blk=False),)),
        guest("cannot"),
        guest(type="windows"),
        guest(kernels=()),
    ],
)
def test_without_them_it_keeps_what_is_safe(prepared: Any) -> None:
    """Slow hardware starts it nearly always."""
    assert with_drivers(proposed(), prepared) == proposed()


def test_what_ran_on_virtio_is_left_as_it_was_proposed() -> None:
    """Nothing has to be found out for it."""
    assert with_drivers(proposed(bus="virtio"), guest()) == proposed(bus="virtio")
