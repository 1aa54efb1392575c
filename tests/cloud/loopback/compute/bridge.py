# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of the guests: a bridge in this machine, which is their way to it and to each other.

Nothing routes or filters here. Every network of the cloud is on the one bridge. What Neutron
does on this machine for floating IPs is in `inside/floating_addresses.py`, and ends here.
"""

from __future__ import annotations

import json
import subprocess
from ipaddress import ip_interface
from typing import Any

from loopback.compute.chosen import Chosen
from loopback.compute.mariadb import program
from loopback.layout import CloudError, Home


def bring_up(chosen: Chosen, mark: str) -> bool:
    """Make the bridge, with an address of each family; says whether there was anything to do."""
    if _is_whole(chosen):
        return False
    _refuse_taken(chosen)
    if not _links(chosen.bridge):
        _ip("link", "add", "name", chosen.bridge, "type", "bridge")
    # The alias says whose it is: nothing without it is ever removed.
    _ip("link", "set", "dev", chosen.bridge, "alias", mark, "up")
    for address in chosen.addresses:
        # Nobody else can have it: without the check for duplicates it can be used at once.
        unchecked = ["nodad"] if ":" in address else []
        _ip("address", "replace", address, "dev", chosen.bridge, *unchecked)
    return True


def end(chosen: Chosen, mark: str) -> None:
    """Remove the bridge and what guests have left on it, if they are ours."""
    # Only this listing tells aliases, and it fails where there is nothing of the name.
    every = json.loads(_ip("-json", "link", "show"))
    if (chosen.bridge, mark) not in [(link["ifname"], link.get("ifalias")) for link in every]:
        return
    # What Neutron has made for floating IPs. It can be deleted where it is, hence the first half.
    table = f"table ip {chosen.bridge}"
    _run("nft", f"{table}; delete {table}")
    for port in json.loads(_ip("-json", "link", "show", "master", chosen.bridge) or "[]"):
        _ip("link", "delete", "dev", port["ifname"])
    _ip("link", "delete", "dev", chosen.bridge)


def mark(home: Home) -> str:
    return f"curator.glance {home.root}"[:255]


def _is_whole(chosen: Chosen) -> bool:
    there = {
        f"{address['local']}/{address['prefixlen']}"
        for link in _links(chosen.bridge)
        if "UP" in link["flags"]
        for address in link["addr_info"]
    }
    return there >= set(chosen.addresses)


def _refuse_taken(chosen: Chosen) -> None:
    for network in (networks() - networks(chosen.bridge)) & chosen.networks:
        raise CloudError(
            f"the guests' network {network} is in use by another interface; end what that belongs "
            "to, or begin with `down --purge`, which leads to another network"
        )


def networks(name: str = "") -> set[str]:
    """The networks that this machine is in, or one of its interfaces."""
    return {
        str(ip_interface(f"{address['local']}/{address['prefixlen']}").network)
        for link in _links(name)
        for address in link["addr_info"]
    }


def _links(name: str = "") -> list[Any]:
    """The interface of this name with its addresses, if there is one; or all."""
    shown = json.loads(_ip("-json", "address", "show"))
    return [link for link in shown if name in ("", link["ifname"])]


def _ip(*words: str) -> str:
    return _run("ip", *words)


def _run(tool: str, *words: str) -> str:
    command = [program(tool), *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise CloudError(
            f"{tool} {' '.join(words)}: {done.stderr.strip()}; guests need the right to change "
            "this machine's network, which root has (in a container: NET_ADMIN)"
        )
    return done.stdout
