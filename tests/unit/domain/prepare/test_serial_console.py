# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guest says is where the cloud listens, and it listens there."""

from __future__ import annotations

from dataclasses import replace

from support.paper_guest import SYSTEM, PaperGuest, content, done

GUEST = {
    "/boot/grub/grub.cfg": "linux /vmlinuz root=LABEL=r console=ttyS0 quiet\n",
    "/etc/default/grub": 'GRUB_CMDLINE_LINUX=""\n',
    "/etc/inittab": "id:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 tty1\n",
}


def test_serial_console() -> None:
    """The serial line is the last console, and the screen one besides; a prompt is on it."""
    after, _carried = done(PaperGuest({**GUEST}), "serial_console")
    assert content(after, "/boot/grub/grub.cfg") == (
        "linux /vmlinuz root=LABEL=r quiet console=tty0 console=ttyS0,115200\n"
    )
    assert content(after, "/etc/default/grub") == (
        'GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200"\n'
    )
    assert "ttyS0" in (content(after, "/etc/inittab") or "")


def test_serial_console_of_arm() -> None:
    """The line has another name there."""
    guest = PaperGuest(
        {"/boot/grub/grub.cfg": "linux /k root=LABEL=r\n", "/etc/inittab": "::sysinit:/rc\n"},
        system=replace(SYSTEM, architecture="aarch64"),
    )
    after, _carried = done(guest, "serial_console")
    assert content(after, "/boot/grub/grub.cfg") == (
        "linux /k root=LABEL=r console=tty0 console=ttyAMA0,115200\n"
    )
    assert "ttyAMA0::respawn:/sbin/getty -L 115200 ttyAMA0 vt100" in (
        content(after, "/etc/inittab") or ""
    )
    assert not done(after, "serial_console")[1].changed
