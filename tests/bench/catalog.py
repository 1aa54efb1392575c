# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalog of openstack-image-manager."""

from __future__ import annotations

from typing import Any

from bench.contest import Job


def definition(job: Job) -> dict[str, Any]:
    """One image, with all that the catalog's schema insists on."""
    name, _separator, version = job.image.rpartition(" ")
    return {
        "name": name,
        "enable": True,
        "format": "qcow2",
        "login": "nobody",
        "min_disk": 1,
        "min_ram": 64,
        "status": "active",
        "visibility": "private",
        "multi": False,
        "meta": {
            "architecture": "x86_64",
            "hw_disk_bus": "scsi",
            "hw_rng_model": "virtio",
            "hw_scsi_model": "virtio-scsi",
            "hw_watchdog_action": "reset",
            "hypervisor_type": "qemu",
            "os_distro": "debian",
            "os_purpose": "custom",
            "replace_frequency": "never",
            "uuid_validity": "none",
            "provided_until": "none",
        },
        "tags": [],
        "versions": [
            {"version": version, "url": job.url, "checksum": f"sha512:{job.source.sha512}"}
        ],
    }
