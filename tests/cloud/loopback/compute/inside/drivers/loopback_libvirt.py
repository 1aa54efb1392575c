# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova's driver for libvirt, with guests on the bridge. Runs inside the packages' environment."""

from __future__ import annotations

import importlib
import os
import subprocess
from typing import Any

_driver: Any = importlib.import_module("nova.virt.libvirt.driver")


class LibvirtDriver(_driver.LibvirtDriver):  # type: ignore[misc]  # Of the packages.
    def plug_vifs(self, instance: Any, network_info: Any) -> None:
        """Make the interfaces, and do what an agent would: connect them."""
        super().plug_vifs(instance, network_info)
        for vif in network_info:
            device = self.vif_driver.get_vif_devname(vif)
            connect = ["ip", "link", "set", device, "master", os.environ["LOOPBACK_BRIDGE"], "up"]
            subprocess.run(connect, check=True)
