# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make what a customer would export from VMware: an OVA with a streamOptimized VMDK in it.

PYTHONPATH=tests python -m demo.export FILE [boots]

The machine has a file system with some files. With `boots`, it is a guest that really starts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from guests.tiny import tiny_guest
from support.disks import Workshop, qemu_img
from support.linux_disk import linux_disk
from support.ovas import vmware_ova

# What a machine has that has run for years where it was installed.
_LIVED_IN = {
    "/etc/fstab": "/dev/sda1 / ext4 errors=remount-ro 0 1\n",
    "/etc/udev/rules.d/70-persistent-net.rules": (
        'SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="00:50:56:aa:bb:cc", NAME="lan0"\n'
    ),
    "/root/.bash_history": "mysql --user=accounting --password=secret\n",
}
# Where the file system of the guest begins.
_OFFSET = 1 << 20


def main(target: Path, *, boots: bool) -> None:
    """Write the OVA."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = _lived_in(Path(folder)) if boots else linux_disk()
        disk = Workshop(Path(folder)).disk("vmdk-streamOptimized", data)
        # The demo's cloud gives a server little.
        vmware_ova(target, [disk], name="accounting", memory=256 if boots else 1024)


def _lived_in(folder: Path) -> bytes:
    """The disk of a guest that starts, with what years left on it."""
    disk = folder / "disk.raw"
    qemu_img("convert", "-O", "raw", tiny_guest(), disk)
    orders = ["mkdir /etc/udev", "mkdir /etc/udev/rules.d"]
    for number, (path, text) in enumerate(_LIVED_IN.items()):
        content = folder / str(number)
        content.write_text(text)
        orders.append(f"write {content} {path}")
    # It is not on everybody's PATH.
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    subprocess.run(
        ["debugfs", "-w", "-f", "-", f"{disk}?offset={_OFFSET}"],
        check=True,
        input="\n".join(orders),
        text=True,
        capture_output=True,
        env={**os.environ, "PATH": path},
    )
    return disk.read_bytes()


if __name__ == "__main__":
    main(Path(sys.argv[1]), boots="boots" in sys.argv[2:])
