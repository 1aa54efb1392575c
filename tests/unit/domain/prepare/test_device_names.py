# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of disks become UUIDs, wherever they stand, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.prepare.operations import (
    device_names,
)

from support.paper_guest import (
    PARTITION_UUID,
    ROOT_UUID,
    SWAP_UUID,
    SYSTEM,
    PaperGuest,
    content,
    done,
)

GRUB = """\
set timeout=5
menuentry 'Debian' {
\tlinux\t/boot/vmlinuz-6.1 root=/dev/sda1 ro  quiet resume=/dev/sda5
\tinitrd\t/boot/initrd.img-6.1
}
menuentry 'Rescue' {
\tlinux\t/boot/vmlinuz-6.1 root=/dev/sda1 single
}
"""


@pytest.mark.parametrize(
    "device", ["/dev/sda1", "/dev/hda1", "/dev/vda1", "/dev/xvda1", "/dev/nvme0n1p1"]
)
def test_fstab(device: str) -> None:
    """A partition is found whichever bus its name is of; columns and comments stay."""
    guest = PaperGuest({"/etc/fstab": f"# was on {device}\n{device}  /\text4 defaults 0 1\n"})
    after, carried = done(guest, "device_names")
    assert content(after, "/etc/fstab") == (
        f"# was on {device}\nUUID={ROOT_UUID}  /\text4 defaults 0 1\n"
    )
    assert carried.changed


@pytest.mark.parametrize(
    "line",
    [
        "LABEL=root / ext4 defaults 0 1",
        "UUID=1234 / ext4 defaults 0 1",
        "/dev/mapper/vg-root / ext4 defaults 0 1",
        "/dev/sda3 /data ext4 defaults 0 2",
        "/dev/sdb1 /data ext4 defaults 0 2",
        "#/dev/sda1 / ext4 defaults 0 1",
        "proc /proc proc defaults 0 0",
        "",
    ],
)
def test_others_stay(line: str) -> None:
    """What moves to no other name, or is not on this disk, stays as it is."""
    _after, carried = done(PaperGuest({"/etc/fstab": f"{line}\n"}), "device_names")
    assert not carried.changed


def test_swap_and_crypttab() -> None:
    """Swap and encrypted volumes have UUIDs as well; in crypttab they are in the second column."""
    guest = PaperGuest(
        {
            "/etc/fstab": "/dev/sda5 none swap sw 0 0",
            "/etc/crypttab": "sda5_crypt /dev/sda5 none luks\n",
            "/etc/initramfs-tools/conf.d/resume": "RESUME=/dev/sda5\n",
        }
    )
    after, _carried = done(guest, "device_names")
    assert content(after, "/etc/fstab") == f"UUID={SWAP_UUID} none swap sw 0 0"
    assert content(after, "/etc/crypttab") == f"sda5_crypt UUID={SWAP_UUID} none luks\n"
    assert content(after, "/etc/initramfs-tools/conf.d/resume") == f"RESUME=UUID={SWAP_UUID}\n"


def test_grub() -> None:
    """Without an initramfs the kernel knows no UUIDs of file systems: the partition's is named."""
    guest = PaperGuest(
        {
            "/boot/grub/grub.cfg": GRUB,
            "/boot/grub/device.map": "(hd0) /dev/sda\n",
            "/etc/default/grub": (
                'GRUB_DISABLE_LINUX_UUID=true\nGRUB_CMDLINE_LINUX="root=/dev/sda1"\n'
            ),
        }
    )
    after, _carried = done(guest, "device_names")
    lines = (content(after, "/boot/grub/grub.cfg") or "").splitlines()
    assert lines[2] == (
        f"\tlinux\t/boot/vmlinuz-6.1 root=UUID={ROOT_UUID} ro quiet resume=UUID={SWAP_UUID}"
    )
    assert lines[6] == f"\tlinux\t/boot/vmlinuz-6.1 root=PARTUUID={PARTITION_UUID} single"
    assert content(after, "/etc/default/grub") == (
        f'#GRUB_DISABLE_LINUX_UUID=true\nGRUB_CMDLINE_LINUX="root=UUID={ROOT_UUID}"\n'
    )
    assert content(after, "/boot/grub/device.map") is None


def test_other_boot_loaders() -> None:
    """Entries of systemd, extlinux, GRUB's environment, and old GRUB."""
    guest = PaperGuest(
        {
            "/boot/loader/entries/a.conf": ("title A\ninitrd /i\noptions root=/dev/sda1 ro\n"),
            "/boot/extlinux/extlinux.conf": ("LABEL a\n  INITRD /i\n  APPEND root=/dev/sda1 rw\n"),
            "/boot/grub/menu.lst": (
                "# kopt=root=/dev/hda1 ro\nkernel /vmlinuz root=/dev/hda1 ro\ninitrd /i\n"
            ),
            "/boot/grub2/grubenv": f"# GRUB\nkernelopts=root=/dev/sda1 ro\n{'#' * 993}",
            "/etc/kernel/cmdline": "root=/dev/sda1\n",
        }
    )
    after, _carried = done(guest, "device_names")
    wanted = f"root=UUID={ROOT_UUID}"
    assert content(after, "/boot/loader/entries/a.conf") == (
        f"title A\ninitrd /i\noptions {wanted} ro\n"
    )
    assert content(after, "/boot/extlinux/extlinux.conf") == (
        f"LABEL a\n  INITRD /i\n  APPEND {wanted} rw\n"
    )
    assert content(after, "/boot/grub/menu.lst") == (
        f"# kopt={wanted} ro\nkernel /vmlinuz {wanted} ro\ninitrd /i\n"
    )
    environment = content(after, "/boot/grub2/grubenv") or ""
    assert environment.startswith(f"# GRUB\nkernelopts={wanted} ro\n#")
    assert len(environment) == 1024
    assert content(after, "/etc/kernel/cmdline") == f"{wanted}\n"


def test_second_time() -> None:
    """What was done is not done again."""
    guest = PaperGuest({"/etc/fstab": "/dev/sda1 / ext4 ro 0 1\n", "/boot/grub/grub.cfg": GRUB})
    after, _carried = done(guest, "device_names")
    _again, carried = done(after, "device_names")
    assert not carried.changed


@pytest.mark.parametrize(
    "path, old",
    [
        ("/boot/extlinux.conf", "LABEL a\n  APPEND root=/dev/sda1 rw\nLABEL b\n  INITRD /i\n"),
        ("/boot/loader/entries/a.conf", "title A\noptions root=/dev/sda1 rw\n"),
        ("/boot/grub/menu.lst", "title A\nkernel /k root=/dev/sda1 rw\ntitle B\ninitrd /i\n"),
    ],
)
def test_entries_without_an_initramfs(path: str, old: str) -> None:
    """They are told by each entry, whichever boot loader has it; another's does not count."""
    after, _carried = done(PaperGuest({path: old}), "device_names")
    assert content(after, path) == old.replace("/dev/sda1", f"PARTUUID={PARTITION_UUID}")


def test_an_initramfs_among_the_arguments() -> None:
    """Extlinux may name it there."""
    old = "LABEL a\n  APPEND initrd=/i root=/dev/sda1 rw\n"
    after, _carried = done(PaperGuest({"/boot/extlinux.conf": old}), "device_names")
    assert f"root=UUID={ROOT_UUID}" in (content(after, "/boot/extlinux.conf") or "")


def test_a_partition_without_a_name() -> None:
    """What the kernel could not find at all stays as it is."""
    (root, swap) = SYSTEM.file_systems
    system = replace(SYSTEM, file_systems=(replace(root, partition_uuid=None), swap))
    old = "LABEL a\n  APPEND root=/dev/sda1 rw\n"
    _after, carried = done(PaperGuest({"/boot/extlinux.conf": old}, system), "device_names")
    assert not carried.changed


VMWARE = "/dev/disk/by-id/scsi-36000c29a1b2c3d4e5f60718293a4b5c6"
OTHER = "/dev/disk/by-id/scsi-36000c29ffffffffffffffffffffffffff"
SLOT = "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:0"


@pytest.mark.parametrize("disk", [VMWARE, SLOT, "/dev/disk/by-id/ata-QEMU_HARDDISK_QM00001"])
def test_names_of_udev(disk: str) -> None:
    """What the guest starts from tells which disk has this name; SUSE's installer wrote them."""
    guest = PaperGuest(
        {
            "/etc/fstab": f"{disk}-part1 / ext4 acl 1 1\n{disk}-part5 swap swap defaults 0 0\n",
            "/boot/grub2/grub.cfg": f"linux /k root={disk}-part1 resume={disk}-part5\ninitrd /i\n",
        }
    )
    after, carried = done(guest, "device_names")
    assert content(after, "/etc/fstab") == (
        f"UUID={ROOT_UUID} / ext4 acl 1 1\nUUID={SWAP_UUID} swap swap defaults 0 0\n"
    )
    assert content(after, "/boot/grub2/grub.cfg") == (
        f"linux /k root=UUID={ROOT_UUID} resume=UUID={SWAP_UUID}\ninitrd /i\n"
    )
    assert carried.changed
    assert device_names.stuck(guest) == []
    assert any(disk in place for place in device_names.moving_names(guest))


def test_names_of_udev_that_are_another_disks() -> None:
    """Its first partition is not ours; nor can be told what a whole disk is. That is said."""
    fstab = f"{SLOT}-part1 / ext4 acl 1 1\n{OTHER}-part1 /data xfs defaults 0 0\n{SLOT} /b xfs ro\n"
    after, _carried = done(PaperGuest({"/etc/fstab": fstab}), "device_names")
    assert (content(after, "/etc/fstab") or "").splitlines()[1:] == fstab.splitlines()[1:]
    assert device_names.stuck(after) == [
        f"/etc/fstab names {OTHER}-part1",
        f"/etc/fstab names {SLOT}",
    ]


@pytest.mark.parametrize(
    "device",
    [
        "/dev/disk/by-id/dm-name-vg-root",
        "/dev/disk/by-id/dm-uuid-part1-mpath-36000c29a1b2c3d4e",
        "/dev/disk/by-id/md-uuid-3a1f:9c2b",
        f"/dev/disk/by-uuid/{ROOT_UUID}",
        "/dev/disk/by-label/root",
    ],
)
def test_names_of_udev_that_last(device: str) -> None:
    """What is in a disk is there on a cloud, too."""
    guest = PaperGuest({"/etc/fstab": f"{device} / ext4 acl 1 1\n"})
    assert not done(guest, "device_names")[1].changed
    assert device_names.stuck(guest) == device_names.moving_names(guest) == []


EMBEDDED = {"/etc/initramfs-tools/conf.d/resume": "RESUME=/dev/sda5\n"}
INITRAMFS = "/boot/initrd.img-6.1.0-18-amd64"


@pytest.mark.parametrize(
    "files, modules, made",
    [
        (EMBEDDED, {"virtio_pci", "virtio_blk", "virtio_scsi"}, True),
        ({"/etc/crypttab": "swap /dev/sda5 /dev/urandom swap\n"}, {"virtio_pci"}, True),
        # The operation virtio makes it in any case.
        (EMBEDDED, set[str](), False),
        ({"/etc/fstab": "/dev/sda5 none swap sw 0 0\n"}, {"virtio_pci"}, False),
    ],
)
def test_what_an_initramfs_has_a_copy_of(
    files: dict[str, str], modules: set[str], *, made: bool
) -> None:
    """It would wait for the old name when it starts."""
    names = ("virtio_pci",) if modules <= {"virtio_pci"} else ("virtio_pci", "virtio_blk")
    guest = PaperGuest(
        {
            **files,
            INITRAMFS: "…",
            "/usr/sbin/update-initramfs": "",
            "/lib/modules/6.1.0-18-amd64/modules.dep": "".join(f"k/{n}.ko:\n" for n in names),
        },
        initramfs={INITRAMFS: frozenset(modules)},
    )
    after, carried = done(guest, "device_names")
    assert ("make the initramfs of 6.1.0-18-amd64" in carried.outcomes[0].what) == made
    assert not done(after, "device_names")[1].changed


@pytest.mark.parametrize(
    "options, waits", [("defaults", True), ("defaults,nofail", False), ("noauto,ro", False)]
)
def test_disks_that_a_guest_waits_for(options: str, *, waits: bool) -> None:
    """Nobody is told to do what was done."""
    guest = PaperGuest({"/etc/fstab": f"/dev/sdb1 /data ext4 {options} 0 2\n"})
    assert device_names.other_disks(guest) == (["/dev/sdb1"] if waits else [])
