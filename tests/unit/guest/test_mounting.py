# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of a disk once its file systems are open, by an appliance that is none."""

from __future__ import annotations

from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.guest.appliance import CallFailed
from ansible_collections.curator.glance.plugins.module_utils.guest.mounting import mount

# As "blkid -p -o export" tells it.
BLKID: dict[str, dict[str, str]] = {
    "/dev/sda1": {"TYPE": "ext4", "PART_ENTRY_NUMBER": "1", "PART_ENTRY_OFFSET": "227328"},
    "/dev/sda14": {"PART_ENTRY_NUMBER": "14", "PART_ENTRY_OFFSET": "2048"},
    "/dev/sda15": {},
}


class _Appliance:
    """One with a disk of three partitions."""

    def call(self, name: str, *arguments: Any, **_options: Any) -> Any:
        match name:
            case "inspect_os":
                return ["/dev/sda1"]
            case "inspect_get_mountpoints":
                return {"/": "/dev/sda1"}
            case "list_partitions":
                return list(BLKID)
            case "blkid":
                return BLKID[arguments[0]]
            case "mount_ro":
                return None
        raise CallFailed(name)


def test_where_partitions_begin() -> None:
    """Their numbers do not tell which one is the last."""
    appliance: Any = _Appliance()
    system, _root = mount(appliance, writes=False, partition_table="gpt", firmware=[])
    assert [(one.number, one.start) for one in system.file_systems] == [
        (1, 227328),
        (14, 2048),
        (None, None),
    ]
    assert system.mounted == {"/": "/dev/sda1"}
