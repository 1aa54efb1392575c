# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Debians as they would come from another hypervisor: they start nowhere else.

Their disk is /dev/sda in fstab and for GRUB, the initramfs has drivers for IDE and SATA only, the
address is static, the adapter has a name for good, and cloud-init is not at work. Each is so in the
way of another system for its network, and of another program for its initramfs: dracut's is as near
as Debian's packages come to a guest of the RPM family.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guests.debian import LABEL, debian_disk
from guests.store import HERE, GuestError, ran

ROOT = "/dev/sda3"
ADDRESS = "192.0.2.17"
SECRET = "correct horse battery staple"
_ADAPTER = "ens192"
_MAC = "00:0c:29:aa:bb:cc"
# Of "secret", as an installer would have put it there.
_HASH = "$6$curator$dhBQ0EzDqIGVBIqQmW8e8XQ4Kfgo5LmF0uEvnlbGQh6vTD0wz9xYJp0kMXHkKQ1yCqJYqZ2mS7tYq0"
_OLD_DRIVERS = ("ata_piix", "ahci", "sd_mod", "ext4")
_NEW_DRIVERS = ("virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net")
_FILES = {
    "etc/fstab": f"# /etc/fstab\n{ROOT} / ext4 errors=remount-ro 0 1\n",
    "etc/udev/rules.d/70-persistent-net.rules": (
        f'SUBSYSTEM=="net", ACTION=="add", ATTR{{address}}=="{_MAC}", NAME="lan0"\n'
    ),
    "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "etc/ssh/ssh_host_ed25519_key": "-----BEGIN OPENSSH PRIVATE KEY-----\n",
    "root/.bash_history": f"mysql -p'{SECRET}'\n",
    "root/.ssh/authorized_keys": "ssh-ed25519 AAAA somebody@elsewhere\n",
}
# What an installer leaves that knew of no cloud.
_SWITCHED_OFF = {
    "etc/cloud/cloud-init.disabled": "",
    "etc/cloud/cloud.cfg.d/99-installer.cfg": "datasource_list: [None]\n",
    "etc/cloud/cloud.cfg.d/99-no-network.cfg": "network: {config: disabled}\n",
}


@dataclass(frozen=True)
class Spoiled:
    """One of them: its packages, beside those of all, and how its address is written down."""

    name: str
    groups: tuple[str, ...]
    network: Mapping[str, str] = field(hash=False)
    services: tuple[str, ...] = ()
    # Of its kernel.
    arguments: str = ""

    @property
    def has_cloud_init(self) -> bool:
        """Whether it is there at all."""
        return "cloud-init" in self.groups

    @property
    def files(self) -> dict[str, str]:
        """All that is not as it should be, by path."""
        off = _SWITCHED_OFF if self.has_cloud_init else {}
        return {**_FILES, **off, **self.network}


IFUPDOWN = Spoiled(
    "ifupdown",
    ("ifupdown",),
    {
        "etc/network/interfaces": (
            "auto lo\niface lo inet loopback\n\n"
            f"auto {_ADAPTER}\niface {_ADAPTER} inet static\n"
            f"  address {ADDRESS}/24\n  gateway 192.0.2.1\n"
        )
    },
)
NETPLAN = Spoiled(
    "netplan",
    ("netplan", "cloud-init"),
    {
        "etc/netplan/00-installer-config.yaml": (
            "network:\n  version: 2\n  renderer: networkd\n  ethernets:\n"
            f"    {_ADAPTER}:\n      addresses: [{ADDRESS}/24]\n"
            "      routes: [{to: default, via: 192.0.2.1}]\n"
        )
    },
    services=("systemd-networkd",),
)
DRACUT = Spoiled(
    "dracut",
    ("dracut", "NetworkManager", "cloud-init"),
    {
        "etc/NetworkManager/system-connections/lan.nmconnection": (
            "[connection]\nid=lan\nuuid=3f1c53a9-17cd-4d8b-9c42-0a2f8e3c8f11\ntype=ethernet\n"
            f"interface-name={_ADAPTER}\n\n[ethernet]\nmac-address={_MAC}\n\n"
            f"[ipv4]\nmethod=manual\naddress1={ADDRESS}/24,192.0.2.1\n"
        )
    },
    # Else it looks for its disk for minutes.
    arguments=" rd.retry=10",
)
ALL = (IFUPDOWN, NETPLAN, DRACUT)


def spoiled_guest(guest: Spoiled) -> Path:
    """The disk of the guest, a qcow2."""
    return debian_disk(
        f"spoiled-{guest.name}",
        guest.groups,
        lambda tree: _spoil(tree, guest),
        made_by=[HERE / "spoiled.py"],
    )


def _spoil(tree: Path, guest: Spoiled) -> None:
    for name in guest.services:
        ran("chroot", tree, "systemctl", "enable", name)
    for name, content in guest.files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        # Where it matters: keys, and profiles of NetworkManager.
        path.chmod(0o600 if "_key" in name or "connection" in name else 0o644)
    _replace(tree / "boot/grub/grub.cfg", f"root=LABEL={LABEL}", f"root={ROOT}")
    _replace(tree / "boot/grub/grub.cfg", " net.ifnames=0", guest.arguments)
    _replace(tree / "etc/shadow", r"^root:[^:]*:", f"root:{_HASH}:")
    _make_poor_initramfs(tree)


def _make_poor_initramfs(tree: Path) -> None:
    """As it would be made on a machine with an old controller, for nothing but that."""
    if (tree / "usr/bin/dracut").exists():
        version = next(tree.glob("boot/vmlinuz-*")).name.removeprefix("vmlinuz-")
        without = ["--no-hostonly", "--omit-drivers", " ".join(_NEW_DRIVERS)]
        made = f"/boot/initrd.img-{version}"
        ran("chroot", tree, "dracut", "--force", *without, made, version)
        return
    _replace(tree / "etc/initramfs-tools/initramfs.conf", r"^MODULES=.*$", "MODULES=list")
    modules = "".join(f"{name}\n" for name in _OLD_DRIVERS)
    (tree / "etc/initramfs-tools/modules").write_text(modules)
    ran("chroot", tree, "update-initramfs", "-u")


def _replace(path: Path, pattern: str, new: str) -> None:
    old = path.read_text()
    changed, times = re.subn(pattern, lambda _match: new, old, flags=re.MULTILINE)
    if not times:
        raise GuestError(f"{path.name} of the Debian guest has nothing like {pattern!r}.")
    path.write_text(changed)
