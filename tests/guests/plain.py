# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small guest in the manner of Alpine, as it would come from another hypervisor.

It is BusyBox with a kernel: BusyBox's init and ifup, extlinux' settings beside GRUB's, and neither
a package tool nor a program to make an initramfs with. Its root file system is on /dev/sda1, its
address is static, and cloud-init is switched off. It is made in seconds, and boots in as many.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from guests import tiny
from guests.kernel import Kernel, latest_kernel
from guests.store import HERE, fingerprint, kept, ran

ROOT = "/dev/sda1"
ADDRESS = "192.0.2.17"
# Beside the one that has all drivers, one whose initramfs has those of an old controller only.
WHOLE, OLD_DRIVERS = "whole", "old-drivers"
_DRIVERS = {WHOLE: (*tiny.VIRTIO, *tiny.OTHERS), OLD_DRIVERS: tiny.OTHERS}
FILES = {
    "etc/alpine-release": "3.19.1\n",
    "etc/os-release": 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\n',
    "etc/fstab": f"{ROOT} / ext4 rw,relatime 0 1\n",
    "etc/network/interfaces": (
        "auto lo\niface lo inet loopback\n\n"
        f"auto eth0\niface eth0 inet static\n  address {ADDRESS}\n  netmask 255.255.255.0\n"
    ),
    "etc/cloud/cloud-init.disabled": "",
    "boot/extlinux.conf": (
        "DEFAULT tiny\nLABEL tiny\n  LINUX vmlinuz\n  INITRD {initramfs}\n"
        f"  APPEND root={ROOT} modules=ext4 quiet\n"
    ),
}


def plain_guest(variant: str = WHOLE) -> Path:
    """The disk of the guest, a qcow2 of about 20 MB."""
    kernel = latest_kernel()
    name = f"plain-{fingerprint([HERE / 'plain.py', *tiny.MADE_OF], kernel.version)}"
    return kept(name, lambda folder: _build(kernel, folder)) / f"{variant}.qcow2"


def _build(kernel: Kernel, folder: Path) -> None:
    # As Alpine calls it: by the kernel's flavor, with which its version ends.
    initramfs = f"initramfs-{kernel.version.rpartition('-')[2]}"
    with tempfile.TemporaryDirectory(dir=folder) as work:
        tree = Path(work, "tree")
        tiny.fill(tree)
        shutil.copy(kernel.image, tree / "boot/vmlinuz")
        _name_modules(kernel, tree)
        for name, content in FILES.items():
            path = tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content.replace("{initramfs}", initramfs))
        tiny.configure_grub(tree, initramfs, f"root={ROOT} tiny.without=")
        for variant, drivers in _DRIVERS.items():
            made = tiny.initramfs(kernel, drivers, Path(work, variant))
            (tree / "boot" / initramfs).write_bytes(made)
            disk = Path(work, "disk.raw")
            tiny.write_disk(disk, tree)
            ran("qemu-img", "convert", "-O", "qcow2", disk, folder / f"{variant}.qcow2")


def _name_modules(kernel: Kernel, tree: Path) -> None:
    """The lists of its modules; the modules that it loads are in its initramfs."""
    lists = Path("lib/modules", kernel.version)
    (tree / lists).mkdir(parents=True)
    for name in ("modules.dep", "modules.builtin"):
        shutil.copy(kernel.folder / lists / name, tree / lists / name)
