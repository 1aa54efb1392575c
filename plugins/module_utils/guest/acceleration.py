# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Whether guests run on the processor itself (KVM), or have to be emulated.

A /dev/kvm that opens proves nothing: nested and paravirtual ones take a guest and never get it
through its first instructions. So a guest of a few instructions is really run.
"""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_DEVICE = Path("/dev/kvm")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# A boot sector, in the real mode that every BIOS guest begins in: mov al, 0x2a; mov dx, 0xf4;
# out dx, al; hlt; and a step back, should it wake up.
_SECTOR = bytes.fromhex("b02abaf400eef4ebfd").ljust(510, b"\0") + b"\x55\xaa"
# What the device at that port makes of the number as QEMU's exit status.
_EXIT = 0x2A << 1 | 1
# Enough by far for hardware; what takes longer is no faster than emulation, or busy just now.
_SECONDS = 4
# So a no is asked for again, when it is so old.
_DOUBTED_AFTER = 3600
_YES, _NO = "works", "does not work"

# The guest of a few instructions is one for these.
CAN_TELL = platform.machine() in {"x86_64", "AMD64"}


def kvm_works(qemu: str, cache: Path) -> bool:
    """Whether KVM runs guests here; a yes holds until this machine starts anew."""
    if not os.access(_DEVICE, os.R_OK | os.W_OK):
        return False
    known = cache / f"kvm-{_this_start()}"
    with suppress(OSError):
        answer = known.read_text()
        if answer == _YES or time.time() - known.stat().st_mtime < _DOUBTED_AFTER:
            return answer == _YES
    works = _runs(qemu)
    with suppress(OSError):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in cache.glob("kvm-*"):
            old.unlink(missing_ok=True)
        known.write_text(_YES if works else _NO)
    return works


def _runs(qemu: str) -> bool:
    with tempfile.NamedTemporaryFile() as disk:
        disk.write(_SECTOR)
        disk.flush()
        command = [
            *(qemu, "-machine", "pc,accel=kvm", "-cpu", "host", "-m", "16", "-nodefaults"),
            *("-display", "none", "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"),
            *("-drive", f"file={disk.name},format=raw,if=ide,read-only=off,snapshot=on"),
        ]
        try:
            done = subprocess.run(  # noqa: S603  # Words of our own.
                command, check=False, capture_output=True, timeout=_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == _EXIT


def _this_start() -> str:
    with suppress(OSError):
        return _BOOT_ID.read_text().strip()
    return "unknown"
