# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses come from the cloud, whoever set up the network before."""

from __future__ import annotations

import pytest

from support.paper_guest import PaperGuest, content, done

IFUPDOWN = {"/sbin/ifup": "", "/sbin/init": ""}
UDEV = {"/lib/systemd/systemd-udevd": ""}
GRUB = {"/boot/grub/grub.cfg": "linux /vmlinuz root=LABEL=r\n"}
CLOUD_INIT = {"/usr/bin/cloud-init": ""}
STATIC = """\
auto lo
iface lo inet loopback
auto ens192
iface ens192 inet static
  address 192.0.2.5/24
"""
NETWORKD = {"/etc/systemd/system/multi-user.target.wants/systemd-networkd.service": ""}
MANAGER = {"/etc/systemd/system/multi-user.target.wants/NetworkManager.service": ""}
STATIC_PROFILE = "[connection]\ntype=ethernet\n[ipv4]\nmethod=manual\naddress1=192.0.2.5/24\n"


def test_ifupdown() -> None:
    """The first adapter asks for an address, under the name that the kernel gives it."""
    guest = PaperGuest({"/etc/network/interfaces": STATIC, **IFUPDOWN, **UDEV, **GRUB})
    after, _carried = done(guest, "network_dhcp")
    assert "iface eth0 inet dhcp" in (content(after, "/etc/network/interfaces") or "")
    assert "192.0.2.5" not in (content(after, "/etc/network/interfaces") or "")
    assert "net.ifnames=0" in (content(after, "/boot/grub/grub.cfg") or "")


def test_ifupdown_with_cloud_init() -> None:
    """What cloud-init sets up is left to it, and stale files of earlier instances go."""
    guest = PaperGuest(
        {
            "/etc/network/interfaces": STATIC,
            "/etc/network/interfaces.d/50-cloud-init": "iface ens3 inet dhcp\n",
            **IFUPDOWN,
            **UDEV,
            **GRUB,
            **CLOUD_INIT,
        }
    )
    after, _carried = done(guest, "network_dhcp")
    interfaces = content(after, "/etc/network/interfaces") or ""
    assert "iface lo inet loopback" in interfaces
    assert "source /etc/network/interfaces.d/*" in interfaces
    assert "eth0" not in interfaces
    assert content(after, "/etc/network/interfaces.d/50-cloud-init") is None
    assert content(after, "/boot/grub/grub.cfg") == GRUB["/boot/grub/grub.cfg"]


def test_netplan() -> None:
    """Every adapter asks; files that name one, or an address, go."""
    guest = PaperGuest(
        {
            "/usr/sbin/netplan": "",
            "/etc/netplan/00-installer.yaml": (
                "network:\n  ethernets:\n    ens160:\n      addresses: [192.0.2.5/24]\n"
            ),
        }
    )
    after, _carried = done(guest, "network_dhcp")
    assert content(after, "/etc/netplan/00-installer.yaml") is None
    assert "dhcp4: true" in (content(after, "/etc/netplan/90-ethernet.yaml") or "")
    standing = after.standing("/etc/netplan/90-ethernet.yaml")
    assert standing is not None
    assert standing.mode == 0o600


# As Debian 12 is released for clouds.
STOCK = """\
network:
    version: 2
    ethernets:
        all-en:
            match:
                name: en*
            dhcp4: true
            dhcp4-overrides:
                use-domains: true
            dhcp6: true
        all-eth:
            match:
                name: eth*
            dhcp4: true
"""


@pytest.mark.parametrize(
    "file, stays",
    [
        (STOCK, True),
        (STOCK.replace("dhcp6: true", "addresses: [192.0.2.5/24]"), False),
        (STOCK.replace("name: en*", "macaddress: 00:0c:29:00:00:01"), False),
        (STOCK.replace("name: en*", "name: ens160"), False),
        (f"{STOCK}    bonds:\n        bond0: {{interfaces: [all-en]}}\n", False),
    ],
)
def test_netplan_beside_cloud_init(file: str, *, stays: bool) -> None:
    """What lets any adapter ask is in nobody's way."""
    path = "/etc/netplan/90-default.yaml"
    guest = PaperGuest({"/usr/sbin/netplan": "", path: file, **CLOUD_INIT})
    after, _carried = done(guest, "network_dhcp")
    assert (content(after, path) is not None) == stays


@pytest.mark.parametrize(
    "file, stays",
    [
        ("[Match]\nName=ens192\n[Network]\nDHCP=yes\n", False),
        ("[Match]\nName=en*\n[Network]\nAddress=192.0.2.5/24\n", False),
        ("[Match]\nMACAddress=00:0c:29:00:00:01\n[Network]\nDHCP=yes\n", False),
        ("[Match]\nType=ether\n[Network]\nDHCP=yes\n", True),
        ("[Match]\nName=en*\n[Network]\nDHCP=yes\n", True),
        ("[Match]\nName=br0\n[Network]\nAddress=10.0.0.1/24\n", True),
        ("[Match]\nName = en*\n\n[Network]\nAddress = 192.0.2.5/24\n", False),
        ("[Match]\nName=*\n[Network]\nGateway=192.0.2.1\n", False),
        ("[Match]\nName=!lo\n[Network]\nGateway=192.0.2.1\n", False),
        ("[Match]\nName=lo\n[Network]\nAddress=192.0.2.9/32\n", True),
        ("[Match]\nName=e*\n[Network]\nDHCP=yes\n", True),
    ],
)
def test_networkd(file: str, *, stays: bool) -> None:
    """What holds for one adapter or network only goes; in the end something asks for addresses."""
    guest = PaperGuest({"/etc/systemd/network/10-lan.network": file, **NETWORKD})
    after, _carried = done(guest, "network_dhcp")
    assert (content(after, "/etc/systemd/network/10-lan.network") is not None) == stays
    ours = content(after, "/etc/systemd/network/90-ethernet.network")
    assert (ours is None) == ("DHCP=yes" in file and stays)


@pytest.mark.parametrize(
    "file, serves",
    [
        ("[Match]\nName=docker0\n[Network]\nDHCP=no\n", False),
        ("[Match]\nName=docker0\n[Network]\nDHCP=yes\n", False),
        ("[Match]\nName=en*\n[Network]\nDHCP=no\n", False),
        ("[Match]\nName=en*\n[Network]\n#DHCP=yes\n", False),
        ("[Match]\nName=en*\n[Network]\nDHCP=ipv6\n", False),
        ("[Match]\nType=wlan\n[Network]\nDHCP=yes\n", False),
        ("[Match]\nName = en* eth*\n[Network]\nDHCP = ipv4\n", True),
        ("[Network]\nDHCP=both\n", True),
    ],
)
def test_networkd_that_serves(file: str, *, serves: bool) -> None:
    """Only what asks for an address on any adapter spares ours."""
    guest = PaperGuest({"/etc/systemd/network/10-lan.network": file, **NETWORKD})
    after, _carried = done(guest, "network_dhcp")
    ours = content(after, "/etc/systemd/network/90-ethernet.network")
    assert (ours is None) == serves


def test_network_manager() -> None:
    """A profile for one address goes; a Wi-Fi's stays."""
    folder = "/etc/NetworkManager/system-connections"
    guest = PaperGuest(
        {
            f"{folder}/lan.nmconnection": STATIC_PROFILE,
            f"{folder}/home.nmconnection": "[connection]\ntype=wifi\n",
            **MANAGER,
        }
    )
    after, _carried = done(guest, "network_dhcp")
    assert content(after, f"{folder}/lan.nmconnection") is None
    assert content(after, f"{folder}/home.nmconnection") is not None
    assert "method=auto" in (content(after, f"{folder}/ethernet.nmconnection") or "")


def test_ifcfg() -> None:
    """One file asks for an address; bridges stay."""
    folder = "/etc/sysconfig/network-scripts"
    guest = PaperGuest(
        {
            f"{folder}/ifcfg-lo": "DEVICE=lo\n",
            f"{folder}/ifcfg-ens192": "TYPE=Ethernet\nBOOTPROTO=none\nIPADDR=192.0.2.5\n",
            f"{folder}/ifcfg-br0": "TYPE=Bridge\nIPADDR=10.0.0.1\n",
        }
    )
    after, _carried = done(guest, "network_dhcp")
    assert content(after, f"{folder}/ifcfg-ens192") is None
    assert content(after, f"{folder}/ifcfg-br0") is not None
    assert "BOOTPROTO=dhcp" in (content(after, f"{folder}/ifcfg-eth0") or "")


def test_ifcfg_that_asks() -> None:
    """As images for clouds of CentOS 7 have it: it is in nobody's way."""
    path = "/etc/sysconfig/network-scripts/ifcfg-eth0"
    stock = (
        'BOOTPROTO="dhcp"\nDEVICE="eth0"\nONBOOT="yes"\nTYPE="Ethernet"\nUSERCTL="yes"\n'
        'PEERDNS="yes"\nIPV6INIT="no"\nPERSISTENT_DHCLIENT="1"\n'
    )
    guest = PaperGuest({path: stock, **CLOUD_INIT})
    assert not done(guest, "network_dhcp")[1].changed
    after, _carried = done(PaperGuest({path: f"{stock}HWADDR=a\n", **CLOUD_INIT}), "network_dhcp")
    assert content(after, path) is None


@pytest.mark.parametrize(
    "files",
    [
        {"/etc/network/interfaces": STATIC, **IFUPDOWN, **UDEV, **GRUB},
        {"/etc/network/interfaces": STATIC, **IFUPDOWN, **CLOUD_INIT},
        {"/usr/sbin/netplan": "", "/etc/netplan/a.yaml": "network:\n  ethernets: {}\n"},
        {"/etc/systemd/network/a.network": "[Network]\nAddress=192.0.2.5/24\n", **NETWORKD},
        MANAGER,
        {"/etc/sysconfig/network-scripts/ifcfg-ens3": "IPADDR=192.0.2.5\n"},
        {"/etc/sysconfig/network/ifcfg-eth0": "BOOTPROTO='static'\nIPADDR='192.0.2.5/24'\n"},
    ],
)
def test_second_time(files: dict[str, str]) -> None:
    """What was done is not done again."""
    after, first = done(PaperGuest(dict(files)), "network_dhcp")
    _again, second = done(after, "network_dhcp")
    assert first.changed
    assert not second.changed
