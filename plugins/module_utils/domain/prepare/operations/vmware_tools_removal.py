# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""vmware_tools_removal: what speaks to VMware's hypervisor has nobody to speak to any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..edits import Edit, Run
from ..guest import Guest, is_file
from ..options import LocalFiles, Options
from .uninstall import uninstalling

_PACKAGES = ("open-vm-tools", "open-vm-tools-*", "vmware-tools-*", "VMwareTools")
# What an installation from VMware's own archive brings along to undo itself.
_UNINSTALLER = "/usr/bin/vmware-uninstall-tools.pl"


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    yield from uninstalling(guest, _PACKAGES)
    if is_file(guest, _UNINSTALLER):
        yield Run(command=(_UNINSTALLER,), why="undo the installation of VMware's tools")
