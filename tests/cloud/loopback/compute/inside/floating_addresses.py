# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Floating IPs without a router: this machine rewrites what it sends to one, to the guest's own.

Runs inside the packages' environment, as part of Neutron.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import threading
from typing import Any

_events: Any = importlib.import_module("neutron_lib.callbacks.events")
_registry: Any = importlib.import_module("neutron_lib.callbacks.registry")
_resources: Any = importlib.import_module("neutron_lib.callbacks.resources")
_contexts: Any = importlib.import_module("neutron_lib.context")
_plugins: Any = importlib.import_module("neutron_lib.plugins.directory")

# One at a time, or what was read first might be written last.
_turn = threading.Lock()


def follow() -> None:
    """Do what a router's agent would, now and whenever one changes."""
    for event in (_events.AFTER_CREATE, _events.AFTER_UPDATE, _events.AFTER_DELETE):
        _registry.subscribe(_renew, _resources.FLOATING_IP, event)
    # Of those that lose their guest with its port, Neutron tells before it is so.
    _registry.subscribe(_renew, _resources.PORT, _events.AFTER_DELETE)
    _renew()


def _renew(*_told: Any, **_more: Any) -> None:
    """Make the machine know exactly those that there are; whatever changed."""
    routers, context = _plugins.get_plugin("L3_ROUTER_NAT"), _contexts.get_admin_context()
    with _turn:
        every = routers.get_floatingips(context)
        served = {one["floating_ip_address"]: one["fixed_ip_address"] for one in every}
        _write({outer: inner for outer, inner in served.items() if inner})
        for one in every:
            status = "ACTIVE" if one["fixed_ip_address"] else "DOWN"
            if one["status"] != status:
                routers.update_floatingip_status(context, one["id"], status)


def _write(served: dict[str, str]) -> None:
    table = f"table ip {os.environ['LOOPBACK_BRIDGE']}"
    pairs = ", ".join(f"{outer} : {inner}" for outer, inner in served.items())
    rules = f"""
        {table}
        delete {table}
        {table} {{
            map guests {{
                type ipv4_addr : ipv4_addr
                {f"elements = {{ {pairs} }}" if pairs else ""}
            }}
            chain output {{
                type nat hook output priority -100
                dnat to ip daddr map @guests
            }}
        }}
    """
    nft = shutil.which("nft", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    subprocess.run([str(nft), "--file", "-"], check=True, input=rules, text=True)
