# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a remote desktop, as for that of Windows, which says little on its console."""

from __future__ import annotations

from pathlib import Path

from support.desktops import CONFIRMED, desktop
from support.paper_boots import PATIENCE, Clock, PaperGuest, watch

# What a guest has at its port until it is done with its first boot.
NOTHING_YET = b""
BOOTED = 40


def test_a_desktop_that_answers_after_a_while(clock: Clock, tmp_path: Path) -> None:
    """A port that opens before is no answer; as soon as there is one, nothing more is awaited."""
    with desktop(lambda caller: CONFIRMED if caller >= BOOTED else NOTHING_YET) as there:
        watched = watch(PaperGuest(clock, desk=there.address), tmp_path, rdp=True)
    assert watched.seen.rdp
    assert watched.seen.given_up == ""
    assert watched.phases["rdp"] == watched.phases["ended"] == BOOTED - 1
    assert watched.seen.reach["ipv4"].reached
    assert len(there.heard) == BOOTED


def test_a_desktop_that_never_answers(clock: Clock, tmp_path: Path) -> None:
    """It is given up like any silence."""
    with desktop(lambda _caller: NOTHING_YET) as there:
        watched = watch(PaperGuest(clock, desk=there.address), tmp_path, rdp=True)
    assert not watched.seen.rdp
    assert watched.seen.given_up == f"nothing happened for {PATIENCE} s (timeout)"


def test_a_desktop_and_a_line_on_the_console(clock: Clock, tmp_path: Path) -> None:
    """Both are waited for, in whatever order they come."""
    line = "Cloudbase-Init: Plugins execution done"

    def says(now: float) -> str:
        return line if now >= BOOTED else "starting"

    with desktop(lambda _caller: CONFIRMED) as there:
        guest = PaperGuest(clock, says, desk=there.address)
        watched = watch(guest, tmp_path, rdp=True, console="Plugins execution done")
    assert watched.phases["rdp"] == 0
    assert watched.phases["marker"] == BOOTED
    assert watched.seen.given_up == ""
