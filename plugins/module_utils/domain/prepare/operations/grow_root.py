# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""grow_root: the root file system fills the disk of its flavor when the guest starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .. import cloud_init
from ..edits import Edit, Write
from ..guest import Guest
from ..options import LocalFiles, Options
from ..settings import at, names, settings_in
from . import install

OURS = "/etc/cloud/cloud.cfg.d/zz-grow-root.cfg"
_WANTED = (
    "growpart: {mode: auto, devices: [/], ignore_growroot_disabled: false}\nresize_rootfs: true\n"
)
_GROWPART, _RESIZE = "growpart", "resize_rootfs"
_OFF = frozenset({"false", "no", "off"})
_PACKAGES = {"deb": ("cloud-guest-utils",), "rpm": ("cloud-utils-growpart",)}


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    packages = options.texts("files")
    options.end()

    def plan(guest: Guest) -> Iterator[Edit]:
        if not cloud_init.can_grow(guest):
            wanted = _PACKAGES.get(guest.system.packages, ("cloud-utils-growpart",))
            yield from install.installing(guest, dict.fromkeys(wanted), packages)
        if cloud_init.is_installed(guest) and is_off(guest):
            yield Write(path=OURS, data=_WANTED.encode())

    return plan


def is_off(guest: Guest) -> bool:
    """Whether a setting keeps the root file system as it is, and no later one takes that back."""
    for path in reversed(cloud_init.settings(guest)):
        content = settings_in(guest, path)
        said = (at(content, _RESIZE), at(content, _GROWPART, "mode"))
        if any(isinstance(word, str) and word.lower() in _OFF for word in said):
            return True
        if {_GROWPART, _RESIZE} <= set(names(content)):
            return False
    return False
