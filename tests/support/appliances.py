# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""libguestfs in tests: with a kernel of its own, and every start of its machine written down."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from guests.kernel import latest_kernel

# Its first words are asked of QEMU without a machine, to learn what it can.
_COUNTING = """\
#!/bin/sh
case " $* " in *" -kernel "*) echo "$PPID" >>"{log}" ;; esac
exec {qemu} "$@"
"""


@dataclass(frozen=True)
class Appliances:
    """The machines that libguestfs has started."""

    log: Path

    @property
    def started(self) -> int:
        """How many there were."""
        return len(self.log.read_text().splitlines())


def kernel_environment() -> dict[str, str]:
    """By which libguestfs finds a kernel, where none is installed."""
    kernel = latest_kernel()
    # It is asked for, and may be empty.
    Path("/lib/modules").mkdir(parents=True, exist_ok=True)
    return {
        "SUPERMIN_KERNEL": str(kernel.image),
        "SUPERMIN_KERNEL_VERSION": kernel.version,
        "SUPERMIN_MODULES": str(kernel.folder / "lib" / "modules" / kernel.version),
    }


def counted(folder: Path, patch: pytest.MonkeyPatch) -> Appliances:
    """Let libguestfs run with a kernel that is made for tests, and count its machines."""
    for name, value in kernel_environment().items():
        patch.setenv(name, value)
    log = folder / "appliances"
    log.touch()
    wrapper = folder / "qemu"
    qemu = shutil.which("qemu-system-x86_64") or "qemu-system-x86_64"
    wrapper.write_text(_COUNTING.format(log=log, qemu=qemu))
    wrapper.chmod(0o755)
    patch.setenv("LIBGUESTFS_HV", str(wrapper))
    return Appliances(log)


def alive(marker: str) -> list[int]:
    """The processes among whose words this stands, ours left out."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and int(process.name) != os.getpid():
            try:
                words = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if marker.encode() in words:
                found.append(int(process.name))
    return found
