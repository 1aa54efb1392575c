# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""timezone: the guest's clock shows the time of this zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ....errors import CheckFailed, InvalidRequest
from ..edits import Edit, Link, Write
from ..guest import Guest, is_file, text
from ..options import LocalFiles, Options

_ZONES = "/usr/share/zoneinfo"
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_LINK = "/etc/localtime"
_NAME = "/etc/timezone"


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    zone = options.needed("name")
    options.end()
    if not _ZONE.fullmatch(zone):
        raise InvalidRequest(f"{zone!r} is no time zone. Give one such as Europe/Stockholm or UTC.")

    def plan(guest: Guest) -> Iterator[Edit]:
        path = f"{_ZONES}/{zone}"
        if not is_file(guest, path):
            raise CheckFailed(
                f"The guest knows no time zone {zone!r}. Give one of those in its {_ZONES}, such "
                "as Europe/Stockholm; if it has none at all, install tzdata first."
            )
        if not (guest.link(_LINK) or "").endswith(f"zoneinfo/{zone}"):
            yield Link(path=_LINK, target=path)
        # Debian says it twice.
        if (text(guest, _NAME) or zone).strip() != zone:
            yield Write(path=_NAME, data=f"{zone}\n".encode())

    return plan
