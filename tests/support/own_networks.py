# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks that boot checks make for themselves, read without our modules; and what serves them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from support.boot_checks import PREFIX
from support.compute import ComputeCloud
from support.waiting import until

# Networks are made before servers, and those may have to wait for their turn.
_MADE_WITHIN = 180


@dataclass(frozen=True)
class OwnNetwork:
    """All that there is of one."""

    network: dict[str, Any]
    # By the version of IP.
    subnets: dict[int, dict[str, Any]]
    router: dict[str, Any]
    # The ports of routers and of servers.
    inside: list[dict[str, Any]]
    servers: list[dict[str, Any]]


def names_left(compute: ComputeCloud, user: str) -> list[str]:
    """The names of all networks and routers that checks made for a user and did not take away."""
    owner = {"project_id": compute.cloud[user].project_id}
    return [
        one["name"]
        for kinds in ("networks", "subnets", "routers")
        for one in _listed(compute, kinds, **owner)
        if one["name"].startswith(PREFIX)
    ]


def own_network(compute: ComputeCloud, user: str) -> OwnNetwork:
    """The only one, as soon as there is a server in it."""

    def found() -> list[dict[str, Any]]:
        every = _listed(compute, "networks", project_id=compute.cloud[user].project_id)
        return [one for one in every if one["name"].startswith(PREFIX)]

    def ports(owner: str) -> list[dict[str, Any]]:
        of_network = [_listed(compute, "ports", network_id=one["id"]) for one in found()]
        return [port for each in of_network for port in each if owner in port["device_owner"]]

    until(lambda: ports("compute:"), "a server has a port in it", within=_MADE_WITHIN)
    (network,) = found()
    (router,) = _listed(compute, "routers", name=network["name"])
    subnets = _listed(compute, "subnets", network_id=network["id"])
    return OwnNetwork(
        network=network,
        subnets={subnet["ip_version"]: subnet for subnet in subnets},
        router=router,
        inside=ports("router_interface"),
        servers=ports("compute:"),
    )


def _listed(compute: ComputeCloud, kinds: str, **query: str) -> list[dict[str, Any]]:
    listing = compute.neutron_done("provider", "GET", f"/v2.0/{kinds}", params=query)
    found: list[dict[str, Any]] = listing[kinds]
    return found


@contextmanager
def served(compute: ComputeCloud, own: OwnNetwork, folder: Path) -> Iterator[None]:
    """Do what Neutron's agents do elsewhere, and nobody in the loopback cloud.

    Every network of that is on one bridge. So this machine takes the place of the router there,
    gives the guest its address by DHCP, and announces the prefix.
    """
    bridge = compute.facts["network"]["bridge"]
    prefixes = {version: ip_network(subnet["cidr"]) for version, subnet in own.subnets.items()}
    addresses = [
        f"{own.subnets[version]['gateway_ip']}/{prefix.prefixlen}"
        for version, prefix in prefixes.items()
    ]
    (server,) = own.servers
    (leased,) = (
        fixed["ip_address"]
        for fixed in server["fixed_ips"]
        if fixed["subnet_id"] == own.subnets[4]["id"]
    )
    for address in addresses:
        _ip("address", "add", address, "dev", bridge, *(["nodad"] if ":" in address else []))
    try:
        with _dnsmasq(
            folder,
            f"--interface={bridge}",
            f"--dhcp-range={prefixes[4].network_address},static",
            f"--dhcp-host={server['mac_address']},{leased}",
            f"--dhcp-range={prefixes[6].network_address},ra-only",
            "--enable-ra",
        ):
            yield
    finally:
        for address in addresses:
            _ip("address", "delete", address, "dev", bridge)


@contextmanager
def _dnsmasq(folder: Path, *options: str) -> Iterator[None]:
    with (folder / "dnsmasq.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *("/usr/sbin/dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0"),
                *("--bind-interfaces", "--except-interface=lo", "--log-dhcp", "--user=root"),
                *(f"--dhcp-leasefile={folder / 'leases'}", "--pid-file=", *options),
            ],
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
