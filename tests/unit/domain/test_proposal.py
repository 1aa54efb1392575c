# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which hardware is proposed for which guest, and why."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.disk import DiskFacts
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.checking import check
from ansible_collections.curator.glance.plugins.module_utils.domain.hardware.profiles import (
    combined,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.machine import (
    Drive,
    GuestSystem,
    Machine,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.proposal import (
    Proposal,
    propose,
)

LINUX = GuestSystem(type="linux", distro="debian", version="12", architecture="x86_64")
WINDOWS = GuestSystem(type="windows", distro="windows", version="2019", architecture="x86_64")
SATA = {"hw_disk_bus": "sata", "hw_cdrom_bus": "sata", "hw_machine_type": "q35"}


def disk(**facts: Any) -> DiskFacts:
    """A disk that nothing speaks against."""
    usual = {"format": "qcow2", "virtual_size": 5 << 29, "file_size": 1, "member": "1.vmdk"}
    return DiskFacts(**{**usual, **facts})


def machine(*networks: str, os: GuestSystem = GuestSystem(), **facts: Any) -> Machine:  # noqa: B008  # Frozen.
    """A machine with one disk, which is attached as the facts say."""
    where = {name: facts.pop(name, None) for name in ("bus", "controller")}
    first = Drive(number=1, member="1.vmdk", **where)
    return Machine(os=os, disks=(first,), networks=networks, **facts)


def hardware(proposal: Proposal) -> dict[str, str | None]:
    """The proposed properties without those that name the system."""
    return {name: value for name, value in proposal.properties.items() if name.startswith("hw_")}


def test_an_unknown_guest() -> None:
    """Devices that all guests know, and nothing more."""
    proposal = propose(disk(member=None), None)
    assert proposal.as_result() == {
        "profiles": ["legacy-ide"],
        "properties": {},
        "min_ram": None,
        "min_disk": 3,
        "reasons": list(proposal.reasons),
    }
    assert proposal.reasons[0].startswith("IDE, which nearly every guest has drivers for.")
    assert "curator.glance.switch_virtio" in proposal.reasons[1]


@pytest.mark.parametrize(
    "where, profile",
    [({"bus": "virtio"}, "virtio"), ({"bus": "scsi", "controller": "virtio-scsi"}, "virtio-scsi")],
)
def test_a_guest_that_ran_on_virtio(where: dict[str, str], profile: str) -> None:
    """It goes on so."""
    proposal = propose(disk(), machine("virtio", os=LINUX, **where))
    assert proposal.profiles == (profile,)
    assert hardware(proposal) == {}
    assert f"It ran on {profile}, and so has the drivers" in proposal.reasons[0]


@pytest.mark.parametrize(
    "where, profiles",
    [
        ({"bus": "scsi", "controller": "virtio-scsi"}, ("windows",)),
        # Its driver for one is not its driver for the other.
        ({"bus": "virtio"}, ("windows", "virtio")),
        ({"bus": "ide"}, ("windows-legacy",)),
        ({"bus": "scsi", "controller": "lsisas1068"}, ("windows-legacy",)),
    ],
)
def test_windows(where: dict[str, str], profiles: tuple[str, ...]) -> None:
    """It starts from nothing that it has no driver for."""
    assert propose(disk(), machine(os=WINDOWS, **where)).profiles == profiles


def test_linux_from_vmware() -> None:
    """A paravirtual device of another kind proves nothing about virtio."""
    proposal = propose(
        disk(), machine("vmxnet3", os=LINUX, bus="scsi", controller="pvscsi", memory=4096)
    )
    assert proposal.profiles == ("legacy-ide",)
    assert proposal.properties == {
        "os_type": "linux",
        "os_distro": "debian",
        "os_version": "12",
        "architecture": "x86_64",
    }
    assert (proposal.min_ram, proposal.min_disk) == (4096, 3)
    said = " ".join(proposal.reasons)
    assert "It ran on pvscsi; whether it could start from virtio, nothing shows." in said
    assert "Its network adapter was vmxnet3, which few clouds have: e1000" in said
    assert "min_ram is what the machine had, 4 GiB" in said


@pytest.mark.parametrize(
    "networks, model",
    [
        ((), None),
        (("e1000",), None),
        (("e1000e",), "e1000e"),
        (("pcnet",), "pcnet"),
        (("virtio",), "virtio"),
        (("vmxnet3",), None),
        (("vmxnet3", "e1000e"), "e1000e"),
    ],
)
def test_adapters_without_virtio_disks(networks: tuple[str, ...], model: str | None) -> None:
    """What the guest had, where a cloud has it; or what the profile brings."""
    found = hardware(propose(disk(), machine(*networks, bus="ide")))
    assert found == ({"hw_vif_model": model} if model else {})


@pytest.mark.parametrize(
    "networks, model", [((), None), (("virtio",), None), (("e1000",), "e1000"), (("x",), "e1000")]
)
def test_adapters_with_virtio_disks(networks: tuple[str, ...], model: str | None) -> None:
    """The same there, where the profile brings another one."""
    found = hardware(propose(disk(), machine(*networks, bus="virtio")))
    other = {"hw_vif_model": model, "hw_vif_multiqueue_enabled": None}
    assert found == (other if model else {})


@pytest.mark.parametrize(
    "told, seen, uefi",
    [
        (None, (), False),
        (None, ("bios",), False),
        (None, ("bios", "uefi"), False),
        (None, ("uefi",), True),
        ("bios", ("uefi",), True),
        ("bios", ("bios", "uefi"), False),
        ("uefi", (), True),
        ("uefi", ("bios", "uefi"), True),
        ("uefi", ("bios",), False),
    ],
)
def test_firmware(told: str | None, seen: tuple[str, ...], *, uefi: bool) -> None:
    """What the disk shows counts more than what is said; it may show nothing, or both."""
    proposal = propose(disk(firmware=seen), machine(firmware=told))
    assert proposal.profiles == (("legacy-ide", "uefi") if uefi else ("legacy-ide",))
    assert hardware(proposal) == (SATA if uefi else {})
    assert any("UEFI" in reason for reason in proposal.reasons) == (uefi or told == "uefi")


def test_secure_boot() -> None:
    """It stays, and a cloud that cannot is thought of."""
    proposal = propose(disk(), machine(firmware="uefi", secure_boot=True, bus="virtio"))
    assert proposal.profiles == ("virtio", "uefi-secureboot")
    assert any("cloud that cannot" in reason for reason in proposal.reasons)


def test_sata() -> None:
    """Proven, and found on every q35."""
    proposal = propose(disk(), machine("e1000", bus="sata", controller="ahci"))
    assert proposal.profiles == ("legacy-ide",)
    assert hardware(proposal) == SATA


def test_arm() -> None:
    """No machine of that kind has IDE."""
    system = GuestSystem(type="linux", architecture="aarch64")
    proposal = propose(disk(firmware=("uefi",)), machine("virtio", os=system, bus="nvme"))
    assert proposal.profiles == ("virtio",)
    assert hardware(proposal) == {"hw_firmware_type": "uefi"}
    assert proposal.properties["architecture"] == "aarch64"


def test_a_system_that_nova_has_no_word_for() -> None:
    """Only what it knows becomes a property; a version says nothing by itself."""
    bsd = GuestSystem(type="bsd", distro="freebsd", version="13")
    assert propose(disk(), machine(os=bsd)).properties == {
        "os_distro": "freebsd",
        "os_version": "13",
    }
    assert propose(disk(), machine(os=GuestSystem(type="other"))).properties == {}
    assert propose(disk(), machine(os=GuestSystem(type="linux", version="3"))).properties == {
        "os_type": "linux"
    }


def test_what_gets_no_hardware() -> None:
    """A disk that is refused, a disk for data, and an ISO."""
    refused = propose(disk(reasons=("It is a text.",)), machine())
    assert refused == Proposal(reasons=refused.reasons)
    assert "refused" in refused.reasons[0]

    both = machine(memory=1024, firmware="uefi", os=LINUX)
    two = Machine(disks=(*both.disks, Drive(number=2, member="2.vmdk")), memory=1024)
    data = propose(disk(member="2.vmdk"), two)
    assert data == Proposal(min_disk=3, reasons=data.reasons)
    assert "It is disk 2 of its machine" in data.reasons[0]

    iso = propose(disk(format="iso", member=None, firmware=("bios", "uefi")), None)
    assert iso == Proposal(reasons=iso.reasons)


def test_a_machine_whose_first_disk_is_empty() -> None:
    """Then it starts from the first one that is there."""
    disks = (Drive(number=1, member=None), Drive(number=2, member="1.vmdk", bus="virtio"))
    assert propose(disk(), Machine(disks=disks)).profiles == ("virtio",)


def test_sizes_are_whole_gib() -> None:
    """And none where nobody knows."""
    assert propose(disk(virtual_size=1 << 30), None).min_disk == 1
    assert propose(disk(virtual_size=(1 << 30) + 1), None).min_disk == 2
    assert propose(disk(virtual_size=None), None).min_disk is None


_BUSES = (
    (None, None),
    ("ide", None),
    ("sata", "ahci"),
    ("scsi", "lsilogic"),
    ("scsi", "pvscsi"),
    ("scsi", "virtio-scsi"),
    ("virtio", None),
    ("nvme", None),
)
_NETWORKS = ((), ("e1000",), ("e1000e",), ("pcnet",), ("virtio",), ("vmxnet3",))
_SYSTEMS = (
    GuestSystem(),
    LINUX,
    WINDOWS,
    replace(WINDOWS, version="2008 R2"),
    replace(LINUX, version="22.04"),
    GuestSystem(type="linux", architecture="aarch64"),
    GuestSystem(type="bsd", distro="freebsd"),
)
_BOOTS = ((None, None), ("bios", None), ("uefi", False), ("uefi", True))


@pytest.mark.parametrize("system", _SYSTEMS, ids=lambda system: f"{system.type} {system.version}")
@pytest.mark.parametrize("bus, controller", _BUSES)
def test_nothing_is_proposed_that_would_be_refused(
    system: GuestSystem, bus: str | None, controller: str | None
) -> None:
    """Neither by a value, nor by how values go together."""
    for networks, (firmware, secure_boot) in product(_NETWORKS, _BOOTS):
        guest = machine(
            *networks,
            os=system,
            bus=bus,
            controller=controller,
            firmware=firmware,
            secure_boot=secure_boot,
        )
        for seen in ((), ("bios",), ("uefi",)):
            proposal = propose(disk(firmware=seen), guest)
            named = combined(proposal.profiles, {}, proposal.properties)
            whole = {name: value for name, value in named.items() if value is not None}
            found = check(named, whole, hypervisor="kvm", definitions=None)
            assert not found, (guest, seen, proposal, found)
