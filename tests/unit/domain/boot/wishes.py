# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of image_boot_check as Ansible hands them over, with its defaults."""

from __future__ import annotations

from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.domain.boot.wish import (
    EXPECT_NAMES,
    BootWish,
)

_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("image", "path", "where", "format", "member", "user", "properties")),
    **dict.fromkeys(("expect", "ram", "vcpus", "disk", "flavor", "network", "security_groups")),
    **dict.fromkeys(("floating_network", "jump_host", "console_log", "cache_dir")),
    "max_virtual_size": "2 TiB",
    "temporary_network": False,
    "boot_from_volume": False,
    "record": False,
    "recheck_after": None,
    "timeout": 180,
    "time_limit": 1800,
}


def wish(**options: Any) -> BootWish:
    """What is understood of a task; an image in a cloud, unless it names a path."""
    subject = {} if {"path", "image"} & options.keys() else {"image": "Debian 12"}
    return BootWish.from_params({**_DEFAULTS, **subject, **options})


def expect(**named: Any) -> dict[str, Any]:
    """The option `expect` with some of its parts."""
    return {**dict.fromkeys(EXPECT_NAMES), "ssh": True, "rdp": False, **named}
