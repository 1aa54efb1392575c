# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which operating system a label means, and which it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.machine import (
    Drive,
    GuestSystem,
    Machine,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.ovf.description import describe

from support.ovas import Disk, OVirt, VirtualBox, VMware, description

_DISKS = [Disk(name="disk.vmdk", size=1, capacity=1 << 30)]


def system(writer: VMware | VirtualBox | OVirt) -> tuple[str | None, ...]:
    """Type, distribution, version and architecture."""
    found = describe(description(writer, _DISKS), "").machine.os
    return found.type, found.distro, found.version, found.architecture


@pytest.mark.parametrize(
    "label, expected",
    [
        ("debian12_64Guest", ("linux", "debian", "12", "x86_64")),
        ("debian6Guest", ("linux", "debian", "6", None)),
        ("ubuntu64Guest", ("linux", "ubuntu", None, "x86_64")),
        ("rhel9_64Guest", ("linux", "rhel", "9", "x86_64")),
        ("centos64Guest", ("linux", "centos", None, "x86_64")),
        ("centos8_64Guest", ("linux", "centos", "8", "x86_64")),
        ("oracleLinux8_64Guest", ("linux", "ol", "8", "x86_64")),
        ("almalinux_64Guest", ("linux", "almalinux", None, "x86_64")),
        ("rockylinux_64Guest", ("linux", "rocky", None, "x86_64")),
        ("sles15_64Guest", ("linux", "sles", "15", "x86_64")),
        ("opensuse64Guest", ("linux", "opensuse", None, "x86_64")),
        ("fedora64Guest", ("linux", "fedora", None, "x86_64")),
        ("other3xLinux64Guest", ("linux", None, None, "x86_64")),
        ("vmwarePhoton64Guest", ("linux", None, None, "x86_64")),
        ("amazonlinux2_64Guest", ("linux", None, None, "x86_64")),
        ("windows2022srvNext_64Guest", ("windows", "windows", "2025", "x86_64")),
        ("windows2019srvNext_64Guest", ("windows", "windows", "2022", "x86_64")),
        ("windows2019srv_64Guest", ("windows", "windows", "2019", "x86_64")),
        ("windows9Server64Guest", ("windows", "windows", "2016", "x86_64")),
        # Also 2012 R2.
        ("windows8Server64Guest", ("windows", "windows", None, "x86_64")),
        ("windows7Server64Guest", ("windows", "windows", "2008 R2", "x86_64")),
        ("windows9_64Guest", ("windows", "windows", "10", "x86_64")),
        ("windows11_64Guest", ("windows", "windows", "11", "x86_64")),
        # Also 8.1.
        ("windows8_64Guest", ("windows", "windows", None, "x86_64")),
        ("windows7Guest", ("windows", "windows", "7", None)),
        ("winNetEnterprise64Guest", ("windows", "windows", "2003", "x86_64")),
        ("winXPProGuest", ("windows", "windows", "XP", None)),
        ("freebsd13_64Guest", ("bsd", "freebsd", "13", "x86_64")),
        ("solaris11_64Guest", ("other", None, None, "x86_64")),
        ("darwin21_64Guest", ("other", None, None, "x86_64")),
    ],
)
def test_labels_of_vmware(label: str, expected: tuple[str | None, ...]) -> None:
    """The version only where one entry of the list is one version."""
    assert system(VMware(guest=label, cim=1, version=None)) == expected


@pytest.mark.parametrize(
    "label, expected",
    [
        ("Debian_64", ("linux", "debian", None, "x86_64")),
        ("Debian12_64", ("linux", "debian", "12", "x86_64")),
        ("Debian_arm64", ("linux", "debian", None, "aarch64")),
        ("Ubuntu22_LTS_64", ("linux", "ubuntu", "22.04", "x86_64")),
        ("Ubuntu23_64", ("linux", "ubuntu", None, "x86_64")),
        # Chosen for AlmaLinux and others as well.
        ("RedHat_64", ("linux", None, None, "x86_64")),
        ("RedHat9_64", ("linux", None, None, "x86_64")),
        ("Oracle9_64", ("linux", "ol", "9", "x86_64")),
        ("OpenSUSE_Leap_64", ("linux", "opensuse", None, "x86_64")),
        ("SUSE_LE_64", ("linux", None, None, "x86_64")),
        ("ArchLinux_64", ("linux", "arch", None, "x86_64")),
        ("Linux26_64", ("linux", None, None, "x86_64")),
        ("Windows10_64", ("windows", "windows", "10", "x86_64")),
        ("Windows81_64", ("windows", "windows", "8.1", "x86_64")),
        ("Windows2019_64", ("windows", "windows", "2019", "x86_64")),
        # Also 2012 R2.
        ("Windows2012_64", ("windows", "windows", None, "x86_64")),
        ("WindowsXP", ("windows", "windows", "XP", None)),
        ("WindowsNT", ("windows", "windows", None, None)),
        ("OpenBSD_64", ("bsd", "openbsd", None, "x86_64")),
        ("Other", (None, None, None, None)),
    ],
)
def test_labels_of_virtualbox(label: str, expected: tuple[str | None, ...]) -> None:
    """Its list has no entry for most relatives of Red Hat."""
    assert system(VirtualBox(guest=label, cim=1)) == expected


@pytest.mark.parametrize(
    "number, cim, expected",
    [
        (27, 121, ("windows", "windows", "10", "x86_64")),
        (25, 116, ("windows", "windows", "2012 R2", "x86_64")),
        (1252, 94, ("linux", "ubuntu", "12.04", None)),
        (24, 80, ("linux", None, None, "x86_64")),
        # Numbers that it has learnt since: the standard's number says enough.
        (4711, 94, ("linux", "ubuntu", None, "x86_64")),
        (4711, 122, ("windows", "windows", None, None)),
    ],
)
def test_numbers_of_ovirt(number: int, cim: int, expected: tuple[str | None, ...]) -> None:
    """Its own, and beside them those of the standard."""
    assert system(OVirt(guest=number, cim=cim)) == expected


@pytest.mark.parametrize(
    "words, expected",
    [
        ("Microsoft Windows 11 (64-bit)", "windows"),
        ("Red Hat Enterprise Linux 9.x x64", "linux"),
        ("FreeBSD Pre-11 versions", "bsd"),
        ("Something else", None),
    ],
)
def test_words(words: str, expected: str | None) -> None:
    """Where no number helps; they tell no more than the family."""
    assert system(OVirt(guest=4711, cim=1, described=words)) == (expected, None, None, None)


def test_a_version_of_its_own() -> None:
    """Some write it beside the number; without a distribution it would say nothing."""
    assert system(VMware(guest="", cim=96, version="11")) == ("linux", "debian", "11", "x86_64")
    assert system(VMware(guest="", cim=101, version="4")) == ("linux", None, None, "x86_64")


def test_the_result() -> None:
    """Plain values, however deep."""
    machine = Machine(
        name="web01",
        os=GuestSystem(type="linux"),
        disks=(Drive(number=1, member=None, bus="ide"),),
        networks=("e1000",),
    )
    assert replace(machine, cpus=2).as_result() == {
        "name": "web01",
        "os": {
            "type": "linux",
            "distro": None,
            "version": None,
            "described_as": None,
            "architecture": None,
        },
        "firmware": None,
        "secure_boot": None,
        "cpus": 2,
        "memory": None,
        "disks": [
            {
                "number": 1,
                "member": None,
                "capacity": None,
                "bus": "ide",
                "controller": None,
                "address": None,
            }
        ],
        "networks": ["e1000"],
        "notes": [],
    }
