# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bonds, bridges and VLANs: they go with the adapters of which they are made, and that is said."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.inspecting import judge

from support.paper_guest import PaperGuest, content, done

NETWORKD = {"/etc/systemd/system/multi-user.target.wants/systemd-networkd.service": ""}
MANAGER = {"/etc/systemd/system/multi-user.target.wants/NetworkManager.service": ""}
_RED_HAT = "/etc/sysconfig/network-scripts/ifcfg-"
_SUSE = "/etc/sysconfig/network/ifcfg-"
_PROFILES = "/etc/NetworkManager/system-connections/"
_UNITS = "/etc/systemd/network/"
# RHEL 7: a VLAN on a bond of two adapters, as its installer writes them.
RED_HAT = {
    f"{_RED_HAT}bond0": (
        "DEVICE=bond0\nTYPE=Bond\nBONDING_MASTER=yes\nBONDING_OPTS='mode=active-backup'\n"
        "BOOTPROTO=none\nIPADDR=192.0.2.17\nPREFIX=24\nONBOOT=yes\n"
    ),
    f"{_RED_HAT}bond0.100": (
        "VLAN=yes\nDEVICE=bond0.100\nBOOTPROTO=none\nIPADDR=198.51.100.7\nPREFIX=24\nONBOOT=yes\n"
    ),
    f"{_RED_HAT}ens192": "TYPE=Ethernet\nDEVICE=ens192\nONBOOT=yes\nMASTER=bond0\nSLAVE=yes\n",
    f"{_RED_HAT}ens224": "TYPE=Ethernet\nDEVICE=ens224\nONBOOT=yes\nMASTER=bond0\nSLAVE=yes\n",
}
# RHEL 6 tells no type.
OLD = {
    f"{_RED_HAT}br0": "DEVICE=br0\nTYPE=Bridge\nBOOTPROTO=static\nIPADDR=192.0.2.17\n",
    f"{_RED_HAT}eth0": "DEVICE=eth0\nBRIDGE=br0\nONBOOT=yes\n",
    f"{_RED_HAT}eth0.7": "DEVICE=eth0.7\nVLAN=yes\nBOOTPROTO=none\nIPADDR=198.51.100.7\n",
}
SUSE = {
    f"{_SUSE}bond0": (
        "STARTMODE='auto'\nBOOTPROTO='static'\nIPADDR='192.0.2.17/24'\nBONDING_MASTER='yes'\n"
        "BONDING_SLAVE0='eth0'\nBONDING_SLAVE1='eth1'\n"
    ),
    f"{_SUSE}eth0": "STARTMODE='hotplug'\nBOOTPROTO='none'\n",
    f"{_SUSE}eth1": "STARTMODE='hotplug'\nBOOTPROTO='none'\n",
    f"{_SUSE}vlan7": "STARTMODE='auto'\nETHERDEVICE='bond0'\nIPADDR='198.51.100.7/24'\n",
}
PROFILES = {
    f"{_PROFILES}bond0.nmconnection": (
        "[connection]\nid=bond0\nuuid=3f1c53a9-17cd-4d8b-9c42-0a2f8e3c8f11\ntype=bond\n"
        "interface-name=bond0\n\n[bond]\nmode=active-backup\n\n"
        "[ipv4]\naddress1=192.0.2.17/24,192.0.2.1\nmethod=manual\n"
    ),
    f"{_PROFILES}bond0-port1.nmconnection": (
        "[connection]\nid=bond0-port1\ntype=ethernet\ninterface-name=ens192\n"
        "master=3f1c53a9-17cd-4d8b-9c42-0a2f8e3c8f11\nslave-type=bond\n"
    ),
    f"{_PROFILES}bond0.100.nmconnection": (
        "[connection]\nid=bond0.100\ntype=vlan\ninterface-name=bond0.100\n\n"
        "[vlan]\nid=100\nparent=bond0\n\n[ipv4]\naddress1=198.51.100.7/24\nmethod=manual\n"
    ),
}
UNITS = {
    f"{_UNITS}10-bond0.netdev": "[NetDev]\nName=bond0\nKind=bond\n",
    f"{_UNITS}20-ens192.network": "[Match]\nName=ens192\n\n[Network]\nBond=bond0\n",
    f"{_UNITS}30-bond0.network": (
        "[Match]\nName = bond0\n\n[Network]\nVLAN = vlan7\nAddress = 192.0.2.17/24\n"
    ),
    f"{_UNITS}40-vlan7.netdev": "[NetDev]\nName=vlan7\nKind=vlan\n\n[VLAN]\nId=7\n",
    f"{_UNITS}50-vlan7.network": "[Match]\nName=vlan7\n\n[Network]\nAddress=198.51.100.7/24\n",
}


@pytest.mark.parametrize(
    "enabled, files, made",
    [
        ({}, RED_HAT, ["ifcfg-bond0", "ifcfg-bond0.100"]),
        ({}, OLD, ["ifcfg-br0", "ifcfg-eth0.7"]),
        ({}, SUSE, ["ifcfg-bond0", "ifcfg-vlan7"]),
        (MANAGER, PROFILES, ["bond0.nmconnection", "bond0.100.nmconnection"]),
        (NETWORKD, UNITS, ["30-bond0.network", "50-vlan7.network", "40-vlan7.netdev"]),
    ],
)
def test_with_their_adapters(
    enabled: dict[str, str], files: dict[str, str], made: Iterable[str]
) -> None:
    """A bond without adapters would keep its address for nothing; none goes without a word."""
    guest = PaperGuest({**enabled, **files})
    told = " ".join(judge(guest)["warnings"])
    assert "made of others" in told
    after, _carried = done(guest, "network_dhcp")
    left = "".join(content(after, path) or "" for path in files)
    assert "192.0.2.17" not in left
    assert "198.51.100.7" not in left
    for name in made:
        assert f"/{name}" in told, name
    assert "made of others" not in " ".join(judge(after)["warnings"])
    assert not done(after, "network_dhcp")[1].changed


@pytest.mark.parametrize(
    "files",
    [
        {
            **NETWORKD,
            f"{_UNITS}br0.netdev": "[NetDev]\nName=br0\nKind=bridge\n",
            f"{_UNITS}br0.network": "[Match]\nName=br0\n[Network]\nAddress=10.0.0.1/24\n",
        },
        {**MANAGER, f"{_PROFILES}br0": "[connection]\ntype=bridge\n[ipv4]\nmethod=manual\n"},
        {f"{_RED_HAT}br0": "DEVICE=br0\nTYPE=Bridge\nIPADDR=10.0.0.1\n"},
        # An adapter that asks for its address, and a VLAN on it.
        {
            f"{_RED_HAT}eth0": "DEVICE=eth0\nBOOTPROTO=dhcp\nVLAN=no\n",
            f"{_RED_HAT}eth0.7": "DEVICE=eth0.7\nVLAN=yes\nIPADDR=198.51.100.7\n",
        },
    ],
)
def test_without_adapters_that_go(files: dict[str, str]) -> None:
    """Such as the bridge of a guest's own guests: it is not the hypervisor's doing."""
    guest = PaperGuest(dict(files))
    assert "made of others" not in " ".join(judge(guest)["warnings"])
    after, _carried = done(guest, "network_dhcp")
    for path, what in files.items():
        assert content(after, path) == what
