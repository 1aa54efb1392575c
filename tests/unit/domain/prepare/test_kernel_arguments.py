# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of kernels where administrators wrote them by hand, and where links lead."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from support.paper_guest import ROOT_UUID, Link, PaperGuest, content, done

DEFAULTS = "/etc/default/grub"
ADDED = "console=tty0 console=ttyS0,115200"


@pytest.mark.parametrize(
    "old, new",
    [
        ('"quiet splash"  # ours', f'"quiet splash {ADDED}"  # ours'),
        ("'quiet'\t# ours", f"'quiet {ADDED}'\t# ours"),
        ("quiet # ours", f'"quiet {ADDED}" # ours'),
        ("", f'"{ADDED}"'),
        ('"quiet"   ', f'"quiet {ADDED}"   '),
        # A quote that is a part of the value.
        (r'"dyndbg=\"file a +p\" quiet"', rf'"dyndbg=\"file a +p\" quiet {ADDED}"'),
    ],
)
def test_values_of_the_shell(tmp_path: Path, old: str, new: str) -> None:
    """A value may be followed by a comment; update-grub has the shell read it."""
    files = {DEFAULTS: f"GRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX={old}\nGRUB_TERMINAL=console\n"}
    after, _carried = done(PaperGuest(dict(files)), "serial_console")
    told = content(after, DEFAULTS) or ""
    assert told == f"GRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX={new}\nGRUB_TERMINAL=console\n"
    assert _as_the_shell_has_it(tmp_path, told).endswith(ADDED)
    _again, carried = done(after, "serial_console")
    assert not carried.changed


@pytest.mark.parametrize(
    "old",
    [
        'GRUB_CMDLINE_LINUX="quiet"" splash"',
        'GRUB_CMDLINE_LINUX="quiet \\\nsplash"',
        'GRUB_CMDLINE_LINUX="quiet splash"; GRUB_TIMEOUT=0',
        'export GRUB_CMDLINE_LINUX="quiet splash"',
    ],
)
def test_what_only_the_shell_reads(tmp_path: Path, old: str) -> None:
    """It stays as it is, and the shell adds to it."""
    after, _carried = done(PaperGuest({DEFAULTS: f"{old}\n"}), "serial_console")
    told = content(after, DEFAULTS) or ""
    assert told.startswith(f"{old}\n")
    assert _as_the_shell_has_it(tmp_path, told) == f"quiet splash {ADDED}"
    _again, carried = done(after, "serial_console")
    assert not carried.changed


def _as_the_shell_has_it(folder: Path, told: str) -> str:
    (folder / "grub").write_text(told)
    script = 'set -e; . "$1"; printf %s "$GRUB_CMDLINE_LINUX"'
    ran = subprocess.run(
        ["/bin/sh", "-c", script, "sh", str(folder / "grub")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert not ran.stderr
    return ran.stdout


def test_comments_are_no_arguments() -> None:
    """Neither are they changed, nor is anything added to them."""
    old = "# kept by hand: root=/dev/sda1\nroot=/dev/sda1 quiet\n"
    after, _carried = done(PaperGuest({"/etc/kernel/cmdline": old}), "serial_console")
    assert content(after, "/etc/kernel/cmdline") == (
        f"# kept by hand: root=/dev/sda1\nroot=/dev/sda1 quiet {ADDED}\n"
    )


def test_where_uefi_has_them() -> None:
    """Red Hat's GRUB has its environment on the EFI partition; some mount that at /efi."""
    real = "/boot/efi/EFI/redhat/grubenv"
    guest = PaperGuest(
        {
            "/boot/grub2/grubenv": Link("../efi/EFI/redhat/grubenv"),
            real: f"# GRUB\nkernelopts=root=/dev/sda1 ro\n{'#' * 982}",
            "/efi/loader/entries/a.conf": "title A\ninitrd /i\noptions root=/dev/sda1 ro\n",
        }
    )
    after, _carried = done(guest, "device_names")
    told = content(after, real) or ""
    assert told.startswith(f"# GRUB\nkernelopts=root=UUID={ROOT_UUID} ro\n#")
    assert len(told) == 1024
    assert after.link("/boot/grub2/grubenv")
    assert f"root=UUID={ROOT_UUID} ro" in (content(after, "/efi/loader/entries/a.conf") or "")
