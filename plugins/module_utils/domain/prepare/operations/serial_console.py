# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""serial_console: the kernel and a login prompt speak where the cloud's console log listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..edits import Edit, Write
from ..guest import Guest, encoded, text
from ..kernel_arguments import Change, changed
from ..options import LocalFiles, Options

_LINE = "ttyS0"
# Where the machines of clouds have another one.
_LINES = {"aarch64": "ttyAMA0", "arm": "ttyAMA0"}
_INITTAB = "/etc/inittab"
_GETTY = {
    True: "{0}::respawn:/sbin/getty -L 115200 {0} vt100",
    False: "T0:2345:respawn:/sbin/getty -L {0} 115200 vt100",
}


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    line = _LINES.get(guest.system.architecture, _LINE)
    spoken = f"console={line},115200"

    def other_speeds(word: str, _initramfs: bool) -> str | None:  # noqa: FBT001  # As Change calls it.
        return None if word.startswith(f"console={line}") and word != spoken else word

    # The last one is what programs in the guest mean by its console.
    yield from changed(guest, Change(each=other_speeds, add=("console=tty0", spoken)))
    # systemd starts a prompt wherever the kernel's console is. Others are told.
    old = text(guest, _INITTAB)
    lines = (old or "").splitlines()
    if old and not any(_prompts(one, line) for one in lines):
        is_busybox = any(one.startswith("::") for one in lines)
        yield Write(
            path=_INITTAB, data=encoded(f"{old.rstrip()}\n{_GETTY[is_busybox].format(line)}\n")
        )


def _prompts(entry: str, line: str) -> bool:
    """Whether this entry of an inittab has a prompt on the serial line."""
    runlevels, _respawn, command = entry.partition(":respawn:")
    return "#" not in runlevels and line in command
