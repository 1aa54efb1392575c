# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Release a guest that really boots, or a broken one, with its checksum: FOLDER, and which."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

from guests.tiny import VARIANTS, tiny_guest

_DISK = "demo-linux-tiny.qcow2"
_MIB = 1 << 20


def main(folder: Path, name: str) -> None:
    """Write the disk, with a size that no other release has: each is another one."""
    folder.mkdir(parents=True, exist_ok=True)
    (variant,) = (variant for variant in VARIANTS if variant.name == name)
    disk = folder / _DISK
    convert = ["qemu-img", "convert", "-O", "qcow2", str(tiny_guest(variant)), str(disk)]
    subprocess.run(convert, check=True)
    more = 1 + int(time.time()) % 100
    subprocess.run(["qemu-img", "resize", "-q", str(disk), f"+{more * _MIB}"], check=True)
    digest = hashlib.sha512(disk.read_bytes()).hexdigest()
    (folder / "SHA512SUMS").write_text(f"{digest}  {_DISK}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
