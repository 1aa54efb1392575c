# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tiny guest: a real kernel and a small Linux; and siblings that are each broken in one way.

It reads a config drive for its addresses, its name and the key of the user `tiny`, grows its root
file system to its disk, starts an ssh server, and shows a login prompt on the serial console.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guests import grub
from guests.kernel import Kernel, latest_kernel
from guests.store import HERE, fingerprint, kept, ran

USER = "tiny"
# Drivers for what Nova and libvirt can give to a guest, and the file systems that it reads.
VIRTIO = ("virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net", "virtio_rng")
OTHERS = (
    *("ata_piix", "ahci", "sym53c8xx", "sd_mod", "sr_mod", "e1000", "8139cp"),
    *("ext4", "isofs", "vfat"),
)
_FOLDERS = (
    *("boot/grub", "dev", "etc/dropbear", "proc", "root", "seed", "sys"),
    *("usr/bin", "usr/sbin"),
)
_PROGRAMS = ("/usr/sbin/dropbear", "/usr/bin/dropbearkey", "/sbin/resize2fs")
_SECTOR = 512
_FIRST = 2048
_MIB = 48
_LABEL = "tiny-root"

_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\ntiny:x:1000:1000:tiny:/home/tiny:/bin/sh\n",
    "etc/shadow": "root:*:19000:0:99999:7:::\ntiny:*:19000:0:99999:7:::\n",
    "etc/group": "root:x:0:\ntty:x:5:\ntiny:x:1000:\n",
    "etc/shells": "/bin/sh\n",
    "etc/nsswitch.conf": "passwd: files\n",
    "etc/hostname": "tiny\n",
    "etc/os-release": "NAME=Tiny\nID=tiny\nVERSION_ID=1\n",
    "etc/inittab": "::sysinit:/etc/rc\nttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100\n",
}
# From the folder tiny: where each file stands in the guest.
_SCRIPTS = {
    "rc": "etc/rc",
    "network.sh": "etc/network.sh",
    "cloud-init.sh": "etc/cloud-init.sh",
    "udhcpc.sh": "etc/udhcpc.sh",
    "cloud-init": "usr/bin/cloud-init",
}
# What the guest is made of, beside a kernel.
MADE_OF = (
    *(HERE / name for name in ("tiny.py", "grub.py", "kernel.py", "store.py")),
    *(HERE / "tiny").iterdir(),
)


@dataclass(frozen=True)
class Variant:
    """The guest, or a sibling of it."""

    name: str
    # What it does without, in the words of its scripts.
    without: str = ""
    starts: bool = True


WHOLE = Variant("whole")
NO_BOOT_LOADER = Variant("no-boot-loader", starts=False)
NO_VIRTIO = Variant("no-virtio", without="virtio")
NO_CLOUD_INIT = Variant("no-cloud-init", without="cloud-init")
NO_NETWORK = Variant("no-network", without="network")
VARIANTS = (WHOLE, NO_BOOT_LOADER, NO_VIRTIO, NO_CLOUD_INIT, NO_NETWORK)


def tiny_guest(variant: Variant = WHOLE) -> Path:
    """The disk of the guest, a qcow2 of about 20 MB, built where it is missing: in seconds."""
    kernel = latest_kernel()
    name = f"tiny-{fingerprint(MADE_OF, kernel.version)}"
    return kept(name, lambda folder: _build(kernel, folder)) / f"{variant.name}.qcow2"


def _build(kernel: Kernel, folder: Path) -> None:
    """All variants at once: they have all but a few bytes in common."""
    with tempfile.TemporaryDirectory(dir=folder) as work:
        tree = Path(work, "tree")
        fill(tree)
        shutil.copy(kernel.image, tree / "boot/vmlinuz")
        drivers = (*VIRTIO, *OTHERS)
        (tree / "boot/initrd").write_bytes(initramfs(kernel, drivers, Path(work, "initramfs")))
        for variant in VARIANTS:
            configure_grub(tree, "initrd", f"tiny.without={variant.without}")
            disk = Path(work, "disk.raw")
            write_disk(disk, tree, starts=variant.starts)
            ran("qemu-img", "convert", "-O", "qcow2", disk, folder / f"{variant.name}.qcow2")


def configure_grub(tree: Path, initrd: str, arguments: str) -> None:
    """Start the kernel with this initramfs and these arguments, beside those that tests need."""
    (tree / "boot/grub/grub.cfg").write_text(
        "set timeout=0\n"
        "menuentry tiny {\n"
        f" linux /boot/vmlinuz console=ttyS0 net.ifnames=0 quiet {arguments}\n"
        f" initrd /boot/{initrd}\n"
        "}\n"
    )


def write_disk(disk: Path, tree: Path, *, starts: bool = True) -> None:
    """A raw disk of a root file system, with a boot loader if it shall start."""
    disk.unlink(missing_ok=True)
    disk.touch()
    os.truncate(disk, _MIB << 20)
    blocks = ((_MIB << 20) - _FIRST * _SECTOR) // 1024
    features = "^has_journal,^metadata_csum_seed,^orphan_file"
    ran(
        *("mke2fs", "-q", "-t", "ext4", "-b", "1024", "-L", _LABEL, "-m", "0", "-d", tree),
        *("-O", features, "-E", f"root_owner=0:0,offset={_FIRST * _SECTOR}", disk, str(blocks)),
    )
    if starts:
        table = f"label: dos\nstart={_FIRST}, type=83, bootable\n"
        ran("sfdisk", "-q", "--wipe=never", disk, stdin=table.encode())
        grub.install(disk, at=1, room=_FIRST - 1, label=_LABEL)


def fill(tree: Path) -> None:
    """The root file system, without a kernel."""
    for name in _FOLDERS:
        (tree / name).mkdir(parents=True)
    for name, text in _FILES.items():
        (tree / name).write_text(text)
    for name, place in _SCRIPTS.items():
        shutil.copy(HERE / "tiny" / name, tree / place)
        (tree / place).chmod(0o755)
    _copy(tree, shutil.which("busybox") or "/bin/busybox", "/bin/busybox")
    for applet in ran("busybox", "--list-full").split():
        link = tree / applet
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.exists():
            link.symlink_to("/bin/busybox")
    for program in _PROGRAMS:
        (tree / program[1:]).unlink(missing_ok=True)
        _copy(tree, program, program)
        for library in re.findall(r"/\S+\.so\S*", ran("ldd", program)):
            _copy(tree, library, library)
    names = next(Path("/").glob("lib/*-linux-gnu/libnss_files.so.2"))
    _copy(tree, str(names), str(names))


def _copy(tree: Path, source: str, place: str) -> None:
    target = tree / place[1:]
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def initramfs(kernel: Kernel, drivers: Sequence[str], folder: Path) -> bytes:
    """One that has these drivers; the folder is where it is made."""
    (folder / "bin").mkdir(parents=True)
    (folder / "modules").mkdir()
    _copy(folder, shutil.which("busybox") or "/bin/busybox", "/bin/busybox")
    script = (HERE / "tiny/initramfs-init").read_text()
    (folder / "init").write_text(f"#!/bin/busybox sh\n{script}")
    (folder / "init").chmod(0o755)
    order = kernel.modules(drivers)
    for module in order:
        shutil.copy(module, folder / "modules" / module.name)
    (folder / "modules/order").write_text("".join(f"{module.name}\n" for module in order))
    names = "".join(f"{path.relative_to(folder)}\n" for path in sorted(folder.rglob("*")))
    archive = folder.with_suffix(".cpio")
    ran(
        *("cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0", "-F", archive),
        cwd=folder,
        stdin=names.encode(),
    )
    # As quick to make as to unpack.
    return gzip.compress(archive.read_bytes(), compresslevel=1, mtime=0)
