# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What compute has from the beginning: a user and the catalog, flavors, and a network for guests.

Everything is looked for first, so an interrupted run is simply run again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlencode

from loopback import files, identity, ports
from loopback.compute.chosen import Chosen
from loopback.compute.configuration import NAMES, SERVICE_USER
from loopback.compute.places import Places
from loopback.identity import Api
from loopback.layout import HOST, SERVICE_PROJECT, Account, Spec
from loopback.waiting import wait_for

NETWORK, OUTSIDE = "guests", "outside"
# MiB, GiB, number.
FLAVORS = {
    "tiny": {"ram": 256, "disk": 1, "vcpus": 1},
    "small": {"ram": 768, "disk": 3, "vcpus": 1},
}
# Service -> what the catalog calls its kind, and the path of its API.
_CATALOG = {
    "placement": ("placement", ""),
    "neutron": ("network", ""),
    "cinder": ("block-storage", "/v3"),
    "nova": ("compute", "/v2.1"),
}
# Nova and Cinder say that they run a few seconds after they do.
_RUNS_WITHIN = 60.0


@dataclass(frozen=True)
class Contents:
    """Fills the services of one cloud, as its administrator."""

    spec: Spec
    places: Places
    chosen: Chosen
    admin_password: str

    @cached_property
    def _token(self) -> str:
        api = self._api("keystone", token="")
        api.sign_in(self.spec.admin.name, self.spec.admin.name, self.admin_password)
        return api.token

    def _api(self, service: str, token: str | None = None) -> Api:
        known = ports.remembered(self.places.rooms.ports)
        return Api(known[service], self._token if token is None else token)

    def register(self) -> bool:
        """Make the services' user, and tell the catalog where they are; False if all was so.

        It can be done before all of them are somewhere.
        """
        known = ports.remembered(self.places.rooms.ports)
        there = [name for name in NAMES if name in known]
        urls = {name: f"http://{HOST}:{known[name]}{_CATALOG[name][1]}" for name in there}
        told = (self.chosen.password, urls, known["keystone"])
        digest = hashlib.sha256(repr(told).encode()).hexdigest()
        seeded = self.places.registered
        if seeded.exists() and seeded.read_text() == digest:
            return False
        api = self._api("keystone")
        account = Account(SERVICE_USER, ("admin", "service"))
        identity.ensure_account(api, account, self.chosen.password, SERVICE_PROJECT)
        for name, url in urls.items():
            identity.ensure_endpoints(api, self.spec.region, (_CATALOG[name][0], name), url)
        files.write(seeded, digest)
        return True

    def fill(self) -> None:
        """Make flavors and networks, and wait until servers and volumes can be made."""
        nova = self._api("nova")
        self._ensure_flavors(nova)
        self._ensure_networks(self._api("neutron"))

        def has_host() -> bool:
            hosts = nova.call("GET", "/v2.1/os-hypervisors/detail")["hypervisors"]
            return any(host["state"] == "up" for host in hosts)

        self._await(has_host, "nova", "no host to run servers on")
        if self.chosen.volumes:
            cinder = self._api("cinder")

            def has_store() -> bool:
                parts = cinder.call("GET", "/v3/os-services?binary=cinder-volume")["services"]
                return any(part["state"] == "up" for part in parts)

            self._await(has_store, "cinder", "nothing to keep volumes in")

    def _await(self, condition: Callable[[], bool], service: str, lack: str) -> None:
        log = self.places.rooms.log / f"{service}.log"
        wait_for(condition, f"{service} has {lack} (log: {log})", _RUNS_WITHIN, pause=0.2)

    def _ensure_flavors(self, nova: Api) -> None:
        there = {flavor["name"] for flavor in nova.call("GET", "/v2.1/flavors")["flavors"]}
        for name, size in FLAVORS.items():
            if name not in there:
                nova.call("POST", "/v2.1/flavors", {"flavor": {"name": name, **size}})

    def _ensure_networks(self, neutron: Api) -> None:
        gateway4, gateway6 = self.chosen.gateways
        guests = _ensure(neutron, "network", {"name": NETWORK}, shared=True)
        inner = _ensure_subnet(neutron, guests, self.chosen.ipv4, gateway4)
        _ensure_subnet(neutron, guests, self.chosen.ipv6, gateway6)
        outside = _ensure(neutron, "network", {"name": OUTSIDE}, **{"router:external": True})
        _ensure_subnet(neutron, outside, self.chosen.outside)
        gateway = {"network_id": outside}
        router = _ensure(neutron, "router", {"name": NETWORK}, external_gateway_info=gateway)
        key = {"device_id": router, "device_owner": "network:router_interface"}
        if not neutron.call("GET", f"/v2.0/ports?{urlencode(key)}")["ports"]:
            path = f"/v2.0/routers/{router}/add_router_interface"
            neutron.call("PUT", path, {"subnet_id": inner})


def _ensure_subnet(neutron: Api, network: str, cidr: str, gateway: str | None = None) -> str:
    key = {"network_id": network, "cidr": cidr}
    more = {"gateway_ip": gateway} if gateway else {}
    # Nothing would serve DHCP. Guests are told their addresses by their drive.
    fixed = {"ip_version": ip_network(cidr).version, "enable_dhcp": False}
    return _ensure(neutron, "subnet", key, **fixed, **more)


def _ensure(neutron: Api, kind: str, key: dict[str, str], **more: Any) -> str:
    """The id of what has this key, made if it is not there."""
    found = neutron.call("GET", f"/v2.0/{kind}s?{urlencode(key)}")[f"{kind}s"]
    if found:
        return str(found[0]["id"])
    return str(neutron.call("POST", f"/v2.0/{kind}s", {kind: key | more})[kind]["id"])
