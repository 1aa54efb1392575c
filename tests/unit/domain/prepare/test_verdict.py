# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cloud can run a guest, and what it is told to be."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.guest import (
    Kind,
    data,
    matching,
    text,
    users,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.inspecting import (
    NoFiles,
    hindrance,
    inspect,
    judge,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.network.netplan import (
    OURS,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.table import needed
from ansible_collections.curator.glance.plugins.module_utils.errors import RefusedDisk

from support.paper_guest import Link, Odd, PaperGuest, content, done

READY: dict[str, Any] = {
    "/usr/bin/cloud-init": "",
    "/usr/bin/growpart": "",
    "/etc/cloud/cloud.cfg": "datasource_list: [ConfigDrive, OpenStack, None]\n",
    "/etc/fstab": "LABEL=root / ext4 defaults 0 1\n",
    "/etc/machine-id": "",
    "/sbin/init": Link("/lib/systemd/systemd"),
    "/lib/systemd/systemd": "",
    "/etc/systemd/system/cloud-init.target.wants/cloud-init.service": "",
    "/boot/grub/grub.cfg": "linux /boot/vmlinuz root=LABEL=root ro\ninitrd /boot/initrd\n",
    "/lib/modules/6.1/modules.builtin": "kernel/virtio_blk.ko\nkernel/virtio_pci.ko\n",
}
_WITHOUT_CLOUD_INIT, _carried = done(PaperGuest({"/usr/sbin/netplan": ""}), "network_dhcp")
NETPLAN_WITHOUT_CLOUD_INIT = {OURS: content(_WITHOUT_CLOUD_INIT, OURS) or ""}


def test_ready() -> None:
    """A guest that is as clouds want it needs nothing."""
    assert judge(PaperGuest(dict(READY))) == {
        "state": "ready",
        "needs": [],
        "reasons": [],
        "warnings": [],
        "kernels": [
            {
                "version": "6.1",
                "initramfs": None,
                "has_virtio": True,
                "virtio": {"blk": True, "scsi": False, "net": False},
            }
        ],
    }


def test_image_of_a_maker() -> None:
    """CentOS 7 as it is released for clouds: nobody's operations are needed."""
    stock = {
        **READY,
        "/etc/cloud/cloud.cfg": "users:\n - default\n\ndisable_root: 1\nssh_pwauth: 0\n",
        "/etc/machine-id": "uninitialized\n",
        "/etc/selinux/config": "SELINUX=enforcing\nSELINUXTYPE=targeted\n",
        "/etc/sysconfig/network-scripts/ifcfg-eth0": (
            'BOOTPROTO="dhcp"\nDEVICE="eth0"\nONBOOT="yes"\nTYPE="Ethernet"\nUSERCTL="yes"\n'
        ),
        "/etc/sysconfig/network-scripts/ifcfg-lo": "DEVICE=lo\nIPADDR=127.0.0.1\n",
    }
    verdict = judge(PaperGuest(stock))
    assert (verdict["state"], verdict["reasons"]) == ("ready", [])


@pytest.mark.parametrize(
    "spoiled, said",
    [
        ({"/boot/grub/grub.cfg": None}, "boot loader"),
        ({"/lib/modules/6.1/modules.builtin": None}, "no kernel"),
        ({"/usr/bin/cloud-init": None}, "sets up its network"),
        ({"/etc/fstab": "/dev/sda9 /data ext4 defaults 0 2\n"}, "/etc/fstab names /dev/sda9"),
        ({"/boot/grub/grub.cfg": "linux /k root=/dev/sda9\n"}, "root=/dev/sda9"),
    ],
)
def test_doubts(spoiled: dict[str, str | None], said: str) -> None:
    """Nobody calls a guest ready without a word that may not start, or not be reached."""
    files = {path: what for path, what in {**READY, **spoiled}.items() if what is not None}
    warnings = judge(PaperGuest(files))["warnings"]
    assert any(said in warning for warning in warnings), warnings


@pytest.mark.parametrize(
    "spoiled, needs",
    [
        ({"/etc/fstab": "/dev/sda1 / ext4 defaults 0 1\n"}, "device_names"),
        ({"/etc/machine-id": "0123\n"}, "machine_identity"),
        ({"/etc/ssh/ssh_host_rsa_key": "k"}, "machine_identity"),
        ({"/etc/udev/rules.d/70-persistent-net.rules": "r"}, "udev_net_rules"),
        ({"/etc/cloud/cloud-init.disabled": ""}, "cloud_init"),
        ({"/var/lib/cloud/seed/nocloud-net/meta-data": "instance-id: i\n"}, "cloud_init"),
        # An address that it asks for as long as cloud-init does not.
        (
            {
                "/etc/cloud/cloud-init.disabled": "",
                "/usr/sbin/netplan": "",
                **NETPLAN_WITHOUT_CLOUD_INIT,
            },
            "network_dhcp",
        ),
        (
            {"/etc/cloud/cloud.cfg.d/90-installer-network.cfg": "network:\n  version: 2\n"},
            "cloud_init",
        ),
        (
            {"/usr/sbin/netplan": "", "/etc/netplan/a.yaml": "network:\n  ethernets:\n"},
            "network_dhcp",
        ),
        ({"/etc/cloud/cloud.cfg.d/a.cfg": "growpart: {mode: off}\n"}, "grow_root"),
    ],
)
def test_needs(spoiled: dict[str, str], needs: str) -> None:
    """What is not so names the operation that mends it; and that one does."""
    guest = PaperGuest({**READY, **spoiled})
    verdict = judge(guest)
    assert verdict["state"] == "needs"
    assert needs in verdict["needs"]
    after, _carried = done(guest, *verdict["needs"])
    assert judge(after)["state"] == "ready"


def test_labels_of_what_is_written() -> None:
    """With SELinux, files without labels would be of no use; where none is written, all is well."""
    selinux = {**READY, "/etc/selinux/config": "SELINUX=enforcing\n"}
    assert judge(PaperGuest(dict(selinux)))["needs"] == []
    guest = PaperGuest({**selinux, "/etc/machine-id": "0123\n"})
    verdict = judge(guest)
    assert verdict["needs"] == ["machine_identity", "selinux_relabel"]
    after, _carried = done(guest, *verdict["needs"])
    assert content(after, "/.autorelabel") == ""
    assert judge(after)["state"] == "ready"


def test_what_it_can_do_without() -> None:
    """Without a package tool, a guest runs on a cloud all the same; what it lacks is said."""
    without = {path: what for path, what in READY.items() if path != "/usr/bin/growpart"}
    verdict = judge(PaperGuest(without))
    assert (verdict["state"], verdict["needs"]) == ("needs", ["grow_root"])
    assert "none of the package tools" in verdict["reasons"][0]


def test_what_an_operation_lacks() -> None:
    """A package tool, or a network to fetch with; nothing where nothing has to be installed."""
    grow = needed("grow_root", NoFiles())
    without = {path: what for path, what in READY.items() if path != "/usr/bin/growpart"}
    assert "package tools" in (hindrance(grow, PaperGuest(without), network=True) or "")
    debian = PaperGuest({**without, "/usr/bin/apt-get": ""})
    assert "Say network: true" in (hindrance(grow, debian, network=False) or "")
    assert hindrance(grow, debian, network=True) is None
    assert hindrance(grow, PaperGuest(dict(READY)), network=False) is None


def test_cannot() -> None:
    """A kernel without drivers of virtio is beyond help here."""
    old = {path: what for path, what in READY.items() if "/modules/" not in path}
    guest = PaperGuest({**old, "/lib/modules/2.6/modules.dep": "kernel/ide.ko:\n"})
    verdict = judge(guest)
    assert verdict["state"] == "cannot"
    assert "2.6" in verdict["reasons"][0]


def test_second_disk() -> None:
    """A disk that is not in the image is a warning: the guest would wait for it."""
    guest = PaperGuest({**READY, "/etc/fstab": "/dev/sdb1 /data ext4 defaults 0 2\n"})
    assert "/dev/sdb1" in judge(guest)["warnings"][0]


def test_told() -> None:
    """What is told of a guest, in plain values."""
    told = inspect(PaperGuest(dict(READY)))
    assert told["os"]["distro"] == "debian"
    assert told["init"] == "systemd"
    assert told["boot_loader"] == "grub2"
    assert told["kernel_arguments"] == [["root=LABEL=root", "ro"]]
    assert told["cloud_init"]["datasources"] == ["ConfigDrive", "OpenStack", "None"]
    assert told["fstab"] == [{"device": "LABEL=root", "mount_point": "/", "type": "ext4"}]


@pytest.mark.parametrize("path", ["/etc/fstab", "/boot/grub/grub.cfg", "/etc/passwd"])
@pytest.mark.parametrize("odd", [Odd(), Odd(kind=Kind.FILE, size=10 << 30)])
def test_hostile_files(path: str, odd: Odd) -> None:
    """A pipe or a file without end, where a text should be, is never read."""
    guest = PaperGuest({**READY, path: odd})
    if path == "/boot/grub/grub.cfg" and odd.kind is Kind.OTHER:
        assert judge(guest)["state"] == "ready"
        return
    with pytest.raises(RefusedDisk, match=path):
        data(guest, path)
    with pytest.raises(RefusedDisk, match=path):
        users(guest) if path == "/etc/passwd" else inspect(guest)


def test_links_stay_inside() -> None:
    """A link is followed in the guest, and to nowhere else."""
    guest = PaperGuest({"/etc/fstab": Link("/etc/passwd"), "/etc/passwd": "the guest's\n"})
    assert text(guest, "/etc/fstab") == "the guest's\n"


def test_patterns() -> None:
    """Stars stay in their folder; dots are meant only where they are said."""
    guest = PaperGuest({"/a/b/c": "", "/a/.d/c": "", "/a/e": "", "/a/b/f/c": ""})
    assert matching(guest, "/a/*/c") == ["/a/b/c"]
    assert matching(guest, "/a/.*/c") == ["/a/.d/c"]
    assert matching(guest, "/a/e") == ["/a/e"]
    assert matching(guest, "/x/*") == []
