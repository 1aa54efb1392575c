# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks of a boot check, and what contradicts itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.config_drive import (
    ConfigDrive,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.machine import (
    machine_for,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.patience import (
    Waiting,
    give_up,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.seen import Answer
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.signs import (
    Reading,
    read_console,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

from unit.domain.boot.wishes import expect, wish

UP = read_console("x login: ")


def test_where_follows_from_what() -> None:
    """An image is booted in its cloud, a file here."""
    assert wish(image="Debian 12").where == "cloud"
    assert wish(path="/srv/disk.qcow2").where == "local"
    assert wish(path="/srv/disk.qcow2", where="local").where == "local"


@pytest.mark.parametrize(
    "options, told",
    [
        ({"image": None}, "Give one of image and path"),
        ({"image": "a", "path": "/b"}, "Give one of image and path"),
        ({"image": "a", "where": "local"}, "an image is booted in its cloud"),
        ({"path": "/b", "where": "cloud"}, "a file is booted on this machine"),
        ({"path": "/b", "flavor": "tiny", "jump_host": "x"}, "flavor, jump_host has no meaning"),
        (
            {"image": "a", "properties": {"hw_disk_bus": "ide"}},
            "properties has no meaning where an",
        ),
        ({"temporary_network": True, "network": ["a"]}, "network names one that is there"),
        ({"temporary_network": True}, "No way leads into the network"),
        (
            {"temporary_network": True, "expect": expect(ssh=False, rdp=True)},
            "No way leads into the network",
        ),
        ({"jump_host": "a", "expect": expect(rdp=True)}, "only ssh goes through jump_host"),
        ({"ram": 0}, "ram is 0"),
        ({"time_limit": -1}, "time_limit is -1"),
        ({"expect": expect(console="(")}, "no regular expression"),
        ({"expect": expect(console=".*")}, "on an empty console already"),
        ({"expect": expect(ssh=False, cloud_init=True)}, "expect.cloud_init is read in the guest"),
        ({"expect": expect(ssh=False, ipv4=True)}, "nothing is expected to answer"),
        ({"expect": expect(interfaces=2, single_nic=True)}, "expect.interfaces is 2"),
        ({"expect": expect(ssh=False, rdp=True, ipv6=True)}, "only ssh is tried over IPv6"),
    ],
)
def test_what_contradicts_itself(options: dict[str, Any], told: str) -> None:
    """It is refused before anything starts."""
    with pytest.raises(InvalidRequest, match=told):
        wish(**options)


@pytest.mark.parametrize(
    "options", [{"floating_network": "internet"}, {"expect": expect(ssh=False)}]
)
def test_a_network_of_its_own(options: dict[str, Any]) -> None:
    """Where a way leads in, or nobody goes there."""
    assert wish(temporary_network=True, **options).temporary_network


def test_expectations_follow_from_the_way_in() -> None:
    """What nobody can see is not expected, unless it was named."""
    alone = wish(expect=expect(ssh=False)).expected
    assert alone.console_only
    assert (alone.ipv4, alone.cloud_init, alone.interfaces) == (False, False, None)
    desktop = wish(expect=expect(ssh=False, rdp=True)).expected
    assert (desktop.ipv4, desktop.ipv6, desktop.clock) == (True, False, False)
    two = wish(expect=expect(interfaces=2, grown=False)).expected
    assert (two.interfaces, two.grown, two.cloud_init) == (2, False, True)


def test_the_user() -> None:
    """The task's, or the image's; and no word that ssh would take for an option."""
    assert wish(user="debian").login_user({}) == "debian"
    assert wish().login_user({"image_original_user": "ubuntu"}) == "ubuntu"
    assert wish().login_user({"os_admin_user": "root"}) == "root"
    for user in ("-oProxyCommand=reboot", "a b", "a'b", "a@b"):
        with pytest.raises(InvalidRequest, match="cannot be the name"):
            wish(user=user).login_user({})
    with pytest.raises(InvalidRequest, match="As whom is nobody to log in"):
        wish().login_user({})


def test_the_machine_is_what_nova_would_choose() -> None:
    """Board, bus, controller, card and firmware for the properties that decide them."""
    usual = machine_for({})
    assert (usual.board, usual.disk, usual.network) == ("pc", "virtio-blk-pci", "virtio-net-pci")
    old = machine_for({"hw_disk_bus": "ide", "hw_vif_model": "e1000"})
    assert (old.disk, old.seed, old.network) == ("ide-hd,bus=ide.0", "ide-cd,bus=ide.1", "e1000")
    scsi = machine_for({"hw_disk_bus": "scsi", "hw_scsi_model": "virtio-scsi"})
    assert scsi.controller == "virtio-scsi-pci,id=scsi"
    assert machine_for({"hw_disk_bus": "scsi"}).controller == "lsi53c895a,id=scsi"
    windows = machine_for(
        {"hw_machine_type": "q35", "hw_firmware_type": "uefi", "os_type": "windows"}
    )
    assert (windows.board, windows.uefi, windows.local_time) == ("q35", True, True)


@pytest.mark.parametrize(
    "properties, told",
    [
        ({"hw_disk_bus": "ide", "hw_machine_type": "q35"}, "q35 has no IDE"),
        ({"hw_disk_bus": "xen"}, "hw_disk_bus is xen"),
        ({"hw_vif_model": "sriov"}, "hw_vif_model is sriov"),
        ({"architecture": "aarch64"}, "only guests for x86_64"),
        ({"hw_machine_type": "virt"}, "hw_machine_type is virt"),
    ],
)
def test_machines_that_qemu_cannot_be_here(properties: dict[str, str], told: str) -> None:
    """Each with what it can be."""
    with pytest.raises(InvalidRequest, match=told):
        machine_for(properties)


def test_the_config_drive() -> None:
    """Key, name and network, in each version that guests look for."""
    files = ConfigDrive(uuid="u", key="ssh-ed25519 AAAA", mac="52:54:00:00:00:01").files()
    meta = json.loads(files["openstack/latest/meta_data.json"])
    assert list(meta["public_keys"].values()) == ["ssh-ed25519 AAAA"]
    network = json.loads(files["openstack/latest/network_data.json"])
    assert network["links"][0]["ethernet_mac_address"] == "52:54:00:00:00:01"
    assert {each["type"] for each in network["networks"]} == {"ipv4_dhcp", "ipv6_slaac"}


WAITING: dict[str, Any] = {"elapsed": 20.0, "quiet": 1.0, "answer": Answer.SILENT}


@pytest.mark.parametrize(
    "waiting, told",
    [
        ({"console": Reading()}, None),
        ({"console": Reading(fatal="it is over")}, "it is over"),
        ({"console": Reading(), "trouble": "it is off"}, "it is off"),
        ({"console": Reading(), "answer": Answer.NO_WAY, "no_way": 21.0}, "no way to the guest"),
        ({"console": Reading(), "elapsed": 1801.0}, "more than 1800 s"),
        ({"console": Reading(), "quiet": 181.0}, "nothing happened for 180 s"),
        # It read a boot sector, and has been idle since.
        ({"console": Reading(), "read": 2560, "since_read": 11.0}, "finds no boot loader"),
        ({"console": Reading(), "read": 2560, "since_read": 9.0}, None),
        # A guest without a serial console that reads is on its way, and so is one that answers.
        ({"console": Reading(), "read": 90 << 20, "since_read": 60.0}, None),
        ({"console": Reading(), "read": 0, "since_read": 60.0, "answer": Answer.DENIED}, None),
        # Up for some seconds, and nobody let in.
        ({"console": UP, "up_at": 15.0}, None),
        ({"console": UP, "up_at": 12.0}, "it was up after 12 s"),
        ({"console": UP, "up_at": 40.0, "elapsed": 55.0}, None),
        ({"console": UP, "up_at": 40.0, "elapsed": 55.0, "answer": Answer.DENIED}, "8 s later"),
        ({"console": UP, "up_at": 12.0, "awaits_console": True}, None),
        ({"console": UP, "up_at": 12.0, "answer": None}, None),
    ],
)
def test_how_long_a_guest_is_waited_for(waiting: dict[str, Any], told: str | None) -> None:
    """As long as anything is to be expected."""
    why = give_up(Waiting(**{**WAITING, **waiting}), patience=180.0, time_limit=1800.0)
    assert (told is None and why is None) or (told is not None and told in (why or "")), why
