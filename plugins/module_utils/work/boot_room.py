# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Starting a server as soon as the project's quota has room for it."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..cloud.connect import Cloud
from ..cloud.servers import require_nova
from ..domain.flavor import Flavor
from ..domain.server import Server
from ..errors import Forbidden, OverLimit
from .boot_place import Errand

_POLL_SECONDS = 2.0
# The word by which Nova tells its quotas from its policies, which say no with the same status.
_QUOTA = "quota"


def is_about_quota(told: str) -> bool:
    """Whether a quota is what Nova speaks of."""
    return _QUOTA in told.lower()


def started_where_room_is(
    errand: Errand, cloud: Cloud, flavor: Flavor, begin: Callable[[], Server]
) -> Server:
    """The server that `begin` starts, as soon as that succeeds; others may have the room."""
    nova = require_nova(cloud)
    deadline = time.monotonic() + cloud.timeout
    why = ""
    while True:
        errand.stop.check()
        left, once_empty = nova.room()
        if not once_empty.takes(flavor):
            raise OverLimit(
                f"The quota of {cloud.project} never has room for a server of flavor "
                f"{flavor.name} ({flavor.vcpus} processors, {flavor.ram} MiB). Raise the quota, or "
                "name a smaller flavor."
            )
        if left.takes(flavor):
            try:
                return begin()
            except (Forbidden, OverLimit) as error:
                # Somebody else was quicker, or it is a quota on something else.
                if not is_about_quota(error.message):
                    raise
                why = f" Nova's last words: {error.message}"
        if time.monotonic() > deadline:
            raise OverLimit(
                f"For {cloud.timeout:.0f} s, the quota of {cloud.project} had no room for a server "
                f"of flavor {flavor.name}. Delete servers that nobody needs, raise the quota, or "
                f"raise timeout.{why}"
            )
        errand.progress.stage("waiting for room in the quota")
        time.sleep(_POLL_SECONDS)
