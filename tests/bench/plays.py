# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plays that are measured, as somebody would write them."""

from __future__ import annotations

from typing import Any


def play(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
    """One play on all hosts of the inventory: a host stands for an image."""
    return [{"name": "Bench", "hosts": "all", "gather_facts": False, "tasks": list(tasks)}]


NOTHING = play({"name": "Start and end", "ansible.builtin.meta": "noop"})

OURS = play(
    {
        "name": "Upload",
        "curator.glance.image_upload_raw": {
            "cloud": "{{ cloud }}",
            "name": "{{ image }}",
            "source": "{{ url }}",
            "source_checksum": "sha512:{{ sums }}",
            "cache_dir": "{{ folder }}/cache",
        },
    }
)

_OPENSTACK_CLOUD_IMAGE = {
    "name": "Upload",
    "openstack.cloud.image": {
        "cloud": "{{ cloud }}",
        "name": "{{ image }}",
        "filename": "{{ folder }}/disk.raw",
        "disk_format": "raw",
        "container_format": "bare",
        "visibility": "private",
        # Its own limit is meant for smaller images or better machines.
        "timeout": 900,
    },
    "register": "uploaded",
}

OPENSTACK_CLOUD = play(
    {
        "name": "Fetch and verify",
        "ansible.builtin.get_url": {
            "url": "{{ url }}",
            "dest": "{{ folder }}/disk.qcow2",
            "checksum": "sha512:{{ sums }}",
            "mode": "0600",
        },
    },
    {
        "name": "Convert",
        "ansible.builtin.command": {
            "argv": ["qemu-img", "convert", "-f", "qcow2", "-O", "raw", "disk.qcow2", "disk.raw"],
            "chdir": "{{ folder }}",
            "creates": "{{ folder }}/disk.raw",
        },
    },
    {
        "name": "Hash",
        "ansible.builtin.stat": {
            "path": "{{ folder }}/disk.raw",
            "checksum_algorithm": "sha512",
        },
        "register": "raw",
    },
    _OPENSTACK_CLOUD_IMAGE,
    {
        "name": "Verify",
        "ansible.builtin.assert": {
            "that": [
                "uploaded.image.status == 'active'",
                "uploaded.image.size == raw.stat.size",
                "uploaded.image.hash_value == raw.stat.checksum",
            ]
        },
    },
)

OPENSTACK_CLOUD_AGAIN = play(_OPENSTACK_CLOUD_IMAGE)
