# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""selinux_relabel: the files of this task get the labels that the guest's policy has for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..edits import Edit, Write
from ..guest import Guest, is_there, text
from ..options import LocalFiles, Options

CONFIG = "/etc/selinux/config"
# The guest does it itself when it starts, and starts once more: only its own programs know its
# policy for certain.
MARK = "/.autorelabel"
_ON = re.compile(r"^[ \t]*SELINUX=[ \t]*(?:enforcing|permissive)\b", re.MULTILINE)


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    if guest.written and has_selinux(guest) and not is_there(guest, MARK):
        yield Write(path=MARK, data=b"")


def has_selinux(guest: Guest) -> bool:
    """Whether labels matter in the guest."""
    return _ON.search(text(guest, CONFIG) or "") is not None
