# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The networking API: one function a request, in the words of this collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from ..domain.network import Network
from ..errors import NotFound
from .paging import following_page
from .service import Service

_FULL = "The project's quota is reached, or the cloud's policy does not let this session."
_NO_ROUTERS = "The cloud has no routers. Name a network that there is, with network."
# Whose port it is where a router, also one that is in several places, is in a network.
_OF_ROUTERS = ("network:router_interface", "network:ha_router_replicated_interface")


class Neutron:
    """What this collection asks of Neutron."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def networks(self) -> list[Network]:
        """All networks that the session sees."""
        return list(map(Network.from_neutron, self._listed("networks", {}, doing="list networks")))

    def create_network(self, name: str, description: str) -> Network:
        """Make a network of the project's own, without any addresses yet."""
        wish = {"name": name, "description": description}
        return Network.from_neutron(self._made("network", wish, doing=f"make network {name!r}"))

    def delete_network(self, network_id: str) -> None:
        """Remove a network with its subnets, once nothing of a server or router is in it."""
        self._delete("networks", network_id)

    def prefixes(self, network_id: str) -> list[str]:
        """The addresses of a network, as far as the session may know them."""
        query = {"network_id": network_id, "fields": "cidr"}
        found = self._listed("subnets", query, doing=f"list the subnets of network {network_id}")
        return [subnet["cidr"] for subnet in found]

    def create_subnet(self, network_id: str, wish: Mapping[str, Any]) -> str:
        """Give a network addresses."""
        doing = f"give network {network_id} addresses of {wish['cidr']}"
        return self._create("subnet", {**wish, "network_id": network_id}, doing=doing)

    def routers(self, project: str | None) -> dict[str, str]:
        """The names of a project's routers by their ids."""
        try:
            return self._named("routers", "name", project, doing="list routers")
        except NotFound:
            # A cloud that has no such thing.
            return {}

    def create_router(self, name: str, description: str, outside: str | None) -> str:
        """Make a router, with a gateway to an external network where one is named."""
        gateway = {"external_gateway_info": {"network_id": outside}} if outside else {}
        wish = {"name": name, "description": description, **gateway}
        return self._create("router", wish, doing=f"make router {name!r}")

    def connect_subnet(self, router_id: str, subnet_id: str) -> None:
        """Have a router serve a subnet."""
        doing = f"connect subnet {subnet_id} with router {router_id}"
        self._change_router(router_id, "add", {"subnet_id": subnet_id}, doing=doing)

    def delete_router(self, router_id: str) -> None:
        """Take a router out of its networks and remove it, unless somebody else just did."""
        query = [("device_id", router_id), ("fields", "id"), ("fields", "device_owner")]
        ports = list(self._listed("ports", query, doing=f"list the ports of router {router_id}"))
        for port in ports:
            if str(port["device_owner"]).startswith(_OF_ROUTERS):
                doing = f"disconnect port {port['id']} from router {router_id}"
                with suppress(NotFound):
                    self._change_router(router_id, "remove", {"port_id": port["id"]}, doing=doing)
        self._delete("routers", router_id)

    def _change_router(
        self, router_id: str, verb: str, what: Mapping[str, str], *, doing: str
    ) -> None:
        path = f"/routers/{quote(router_id, safe='')}/{verb}_router_interface"
        self._service.send("PUT", path, doing=doing, json=dict(what))

    def ports_of(self, server_id: str) -> list[str]:
        """The ports of a server."""
        query = {"device_id": server_id, "fields": "id"}
        found = self._listed("ports", query, doing=f"list the ports of server {server_id}")
        return [str(port["id"]) for port in found]

    def security_groups(self, project: str | None) -> dict[str, str]:
        """The names of a project's security groups by their ids."""
        return self._named("security-groups", "name", project, doing="list security groups")

    def create_security_group(self, name: str, description: str) -> str:
        """Make a security group, which lets everything out and nothing in."""
        wish = {"name": name, "description": description}
        return self._create("security-group", wish, doing=f"make security group {name!r}")

    def let_in(self, group_id: str, *, version: int, protocol: str, port: int | None) -> None:
        """Have a security group let a protocol in, from everywhere."""
        wish = {
            "security_group_id": group_id,
            "direction": "ingress",
            "ethertype": f"IPv{version}",
            "protocol": protocol,
            "port_range_min": port,
            "port_range_max": port,
        }
        self._create("security-group-rule", wish, doing=f"open security group {group_id}")

    def delete_security_group(self, group_id: str) -> None:
        """Remove a security group, unless somebody else just did."""
        self._delete("security-groups", group_id)

    def floating_addresses(self, project: str | None) -> dict[str, str]:
        """The descriptions of a project's floating addresses by their ids."""
        try:
            return self._named(
                "floatingips", "description", project, doing="list floating addresses"
            )
        except NotFound:
            # A cloud without routers has none.
            return {}

    def create_floating_address(
        self, network_id: str, port_id: str, description: str
    ) -> tuple[str, str]:
        """Have an address out of an external network lead to a port: its id, and the address."""
        wish = {
            "floating_network_id": network_id,
            "port_id": port_id,
            "description": description,
        }
        made = self._made("floatingip", wish, doing=f"make a floating address of {network_id}")
        return str(made["id"]), str(made["floating_ip_address"])

    def delete_floating_address(self, address_id: str) -> None:
        """Give a floating address back, unless somebody else just did."""
        self._delete("floatingips", address_id)

    def _named(self, kinds: str, by: str, project: str | None, *, doing: str) -> dict[str, str]:
        """What there is of a kind in a project: how each is named, or described, by its id."""
        query = [("fields", "id"), ("fields", by)]
        if project:
            query.append(("project_id", project))
        found = self._listed(kinds, query, doing=doing)
        return {str(one["id"]): str(one.get(by) or "") for one in found}

    def _create(self, kind: str, wish: Mapping[str, Any], *, doing: str) -> str:
        return str(self._made(kind, wish, doing=doing)["id"])

    def _made(self, kind: str, wish: Mapping[str, Any], *, doing: str) -> Mapping[str, Any]:
        key = kind.replace("-", "_")
        answer = self._service.send(
            "POST",
            f"/{kind}s",
            doing=doing,
            expect=key,
            hints={403: _FULL, 409: _FULL, **({404: _NO_ROUTERS} if kind == "router" else {})},
            json={key: dict(wish)},
        )
        made: Mapping[str, Any] = answer[key]
        return made

    def _delete(self, kinds: str, thing_id: str) -> None:
        path = f"/{kinds}/{quote(thing_id, safe='')}"
        try:
            self._service.send("DELETE", path, doing=f"delete {kinds[:-1]} {thing_id}")
        except NotFound:
            return

    def _listed(
        self, kinds: str, query: Mapping[str, str] | list[tuple[str, str]], *, doing: str
    ) -> Iterator[Mapping[str, Any]]:
        key = kinds.replace("-", "_")
        parts: list[tuple[str, str]] | None = list(
            query.items() if isinstance(query, Mapping) else query
        )
        while parts is not None:
            page = self._service.send("GET", f"/{kinds}", doing=doing, expect=key, query=parts)
            yield from page[key]
            parts = following_page(page, key)
