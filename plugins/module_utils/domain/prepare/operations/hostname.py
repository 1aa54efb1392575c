# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""hostname: how the guest calls itself, until a cloud tells it otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ....errors import InvalidRequest
from ..edits import Edit, Write
from ..guest import Guest, encoded, text
from ..options import LocalFiles, Options

HOSTNAME = "/etc/hostname"
_HOSTS = "/etc/hosts"
_OLD_REDHAT = "/etc/sysconfig/network"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    name = options.needed("name")
    options.end()
    if not _NAME.fullmatch(name):
        raise InvalidRequest(f"{name!r} is no name for a host: give letters, digits, '-' and '.'.")
    short = name.partition(".")[0]
    own = f"127.0.1.1\t{name}" + ("" if short == name else f"\t{short}")

    def plan(guest: Guest) -> Iterator[Edit]:
        if (text(guest, HOSTNAME) or "").strip() != name:
            yield Write(path=HOSTNAME, data=f"{name}\n".encode())
        for path, pattern, wanted in (
            # Debian's line for a machine without an address of its own.
            (_HOSTS, r"^127\.0\.1\.1[ \t].*$", own),
            (_OLD_REDHAT, r"^HOSTNAME=.*$", f"HOSTNAME={name}"),
        ):
            old = text(guest, path) or ""
            new = re.sub(pattern, wanted, old, flags=re.MULTILINE)
            if new.split() != old.split():
                yield Write(path=path, data=encoded(new))

    return plan
