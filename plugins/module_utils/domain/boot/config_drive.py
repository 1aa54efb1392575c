# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The config drive of a guest that is booted without a cloud, as Nova writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass

# What guests look for.
LABEL = "config-2"
HOSTNAME = "boot-check"
_VERSIONS = ("latest", "2018-08-27")
_LINK = "tap0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigDrive:
    """What a guest is told."""

    # Of this try alone, so that a guest takes it for its first boot.
    uuid: str
    key: str
    mac: str

    def files(self) -> dict[str, str]:
        """All files by their paths on the drive."""
        told = {"meta_data.json": self._meta_data(), "network_data.json": self._network_data()}
        return {
            f"openstack/{version}/{name}": json.dumps(content)
            for version in _VERSIONS
            for name, content in told.items()
        }

    def _meta_data(self) -> dict[str, object]:
        name = "curator"
        return {
            "uuid": self.uuid,
            "name": HOSTNAME,
            "hostname": f"{HOSTNAME}.novalocal",
            "launch_index": 0,
            "availability_zone": "nova",
            "public_keys": {name: self.key},
            "keys": [{"name": name, "type": "ssh", "data": self.key}],
        }

    def _network_data(self) -> dict[str, object]:
        # Without an address beside ipv6_slaac: cloud-init 22.4 fails over one.
        networks = [
            {"id": f"network{number}", "type": kind, "link": _LINK, "network_id": self.uuid}
            for number, kind in enumerate(("ipv4_dhcp", "ipv6_slaac"))
        ]
        link = {
            "id": _LINK,
            "vif_id": self.uuid,
            "type": "bridge",
            "mtu": 1500,
            "ethernet_mac_address": self.mac,
        }
        return {"links": [link], "networks": networks, "services": []}
