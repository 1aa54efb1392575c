# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What may be a trouble in a guest, and no operation takes away by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from . import cloud_init
from .guest import Guest, is_file, matching
from .kernels import DRIVERS, Kernel
from .network import ifcfg, ifupdown, netplan, network_manager, networkd
from .operations import device_names, network_dhcp, users

_LOADERS = (
    ("grub2", ("/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/boot/efi/EFI/*/grub.cfg")),
    (
        "systemd-boot",
        ("/boot/loader/loader.conf", "/boot/efi/loader/loader.conf", "/efi/loader/loader.conf"),
    ),
    ("extlinux", ("/boot/extlinux.conf", "/boot/extlinux/extlinux.conf", "/boot/syslinux/*.cfg")),
    ("grub", ("/boot/grub/menu.lst", "/boot/grub/grub.conf")),
)
# Of cloud-initramfs-growroot.
_IN_INITRAMFS = "/usr/share/initramfs-tools/scripts/local-bottom/growroot"
_WHOLE_DISK = re.compile(r"/dev/[a-z]+")
_BOOT_IT = "Boot it before anybody relies on it."


def boot_loader(guest: Guest) -> str | None:
    """What starts the kernel, as its settings tell."""
    return next(
        (name for name, paths in _LOADERS if any(matching(guest, path) for path in paths)), None
    )


def doubts(guest: Guest, kernels: Sequence[Kernel]) -> Iterator[str]:
    """A text for each."""
    if boot_loader(guest) is None:
        yield f"No settings of a boot loader that is known here were found. {_BOOT_IT}"
    if not kernels:
        yield f"There is no kernel with modules, as far as is known here. {_BOOT_IT}"
    yield from (said for kernel in kernels if (said := _of_kernel(kernel)))
    yield from _of_network(guest)
    yield from _of_growth(guest)
    for place in device_names.stuck(guest):
        yield (
            f"{place}, a name that may mean nothing on a cloud; it could not be told which UUID "
            "it has. Put a UUID or a label there."
        )
    for device in device_names.other_disks(guest):
        yield (
            f"/etc/fstab names {device}, a disk that is not in this image. The guest waits for it "
            "when it starts, and may give up; give its line the option nofail, or remove it."
        )
    if users.with_passwords(guest):
        yield "Users have passwords; the operation users takes them away."


def _of_kernel(kernel: Kernel) -> str | None:
    """What the operation virtio cannot help with, or cannot see."""
    if not kernel.has_virtio:
        return (
            f"The kernel {kernel.version} has no drivers for a disk of virtio. Remove it, or give "
            "the image the hardware profile legacy-ide."
        )
    finds_disk = kernel.uses(DRIVERS["blk"])
    if finds_disk is None:
        return (
            f"{kernel.initramfs} cannot be unpacked here: whether {kernel.version} starts with "
            f"drivers of virtio is not known. {_BOOT_IT}"
        )
    if not finds_disk and kernel.initramfs is None:
        return (
            f"The kernel {kernel.version} has its drivers of virtio as modules, and no initramfs "
            f"was found that holds them. {_BOOT_IT}"
        )
    return None


def _of_network(guest: Guest) -> Iterator[str]:
    if not network_dhcp.systems(guest) and not cloud_init.is_at_work(guest):
        yield (
            "Nothing that is known here sets up its network, and there is no cloud-init: it may "
            f"have no address on a cloud. {_BOOT_IT}"
        )
    systems = (netplan, ifupdown, networkd, network_manager, ifcfg)
    built = [where for system in systems for where in system.built(guest)]
    if built:
        yield (
            f"There are interfaces that are made of others: {', '.join(built)}. The operation "
            "network_dhcp removes them, with their addresses; write what is to be there instead."
        )


def _of_growth(guest: Guest) -> Iterator[str]:
    """What keeps the root file system as it is, although growpart is there."""
    if not cloud_init.is_at_work(guest) and not is_file(guest, _IN_INITRAMFS):
        yield (
            "Nothing makes its root file system larger when it starts: growpart alone does not, it "
            "has to be called, as cloud-init does it."
        )
    device = (guest.system.mounted or {}).get("/")
    if device is None or _WHOLE_DISK.fullmatch(device):
        return
    # Of a btrfs, a volume in it is told.
    device = device.removeprefix("btrfsvol:")
    partitions = guest.system.file_systems
    root = next((one for one in partitions if f"{device}/".startswith(f"{one.device}/")), None)
    if root is None:
        yield (
            f"The root file system is on {device}, which is no partition: cloud-init does not make "
            "LVM and the like larger. Do it in the guest when it runs, or with its user data."
        )
    elif any((one.start or 0) > (root.start or 0) for one in partitions) and root.start:
        yield (
            "Behind the partition of the root file system, there is another one on the disk: "
            f"{root.device} cannot become larger, whatever the flavor."
        )
