# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers of the loopback cloud, made and read without any of our modules."""

from __future__ import annotations

import socket
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from support.cloud import LoopbackCloud, User
from support.waiting import until

# Of Nova's API: the last one whose servers show the flavor by its name, among others.
_HEADERS = {"OpenStack-API-Version": "compute 2.79"}


@dataclass
class ComputeCloud:
    """All that tests know of a cloud with compute. Its images are `cloud`'s."""

    cloud: LoopbackCloud
    _rubbish: list[tuple[User, str]] = field(default_factory=list)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What tests/cloud/up says of the compute: kind, network, flavors."""
        shown: dict[str, Any] = self.cloud.description["clouds"]["first"]["compute"]
        return shown

    def _url(self, service: str) -> str:
        return str(self.cloud.description["clouds"]["first"]["services"][service]["url"])

    def nova(self, user: str, method: str, path: str, **options: Any) -> requests.Response:
        """A request to Nova."""
        url = f"{self._url('nova')}/v2.1{path}"
        return self.cloud[user].http(method, url, headers=_HEADERS, **options)

    def nova_done(self, user: str, method: str, path: str, **options: Any) -> Any:
        """The JSON of a request to Nova that has to succeed."""
        answer = self.nova(user, method, path, **options)
        assert answer.ok, f"{method} {path} as {user}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def neutron_done(self, user: str, method: str, path: str, **options: Any) -> Any:
        """The JSON of a request to Neutron that has to succeed."""
        return self.cloud[user].done(method, f"{self._url('neutron')}{path}", **options)

    def cinder_done(self, user: str, method: str, path: str, **options: Any) -> Any:
        """The JSON of a request to Cinder that has to succeed, in a cloud that has volumes."""
        return self.cloud[user].done(method, f"{self._url('cinder')}/v3{path}", **options)

    @cached_property
    def network_id(self) -> str:
        return self._network_named(self.facts["network"]["name"])

    def _network_named(self, name: str) -> str:
        listing = self.neutron_done("provider", "GET", "/v2.0/networks", params={"name": name})
        return str(listing["networks"][0]["id"])

    @cached_property
    def flavor_ids(self) -> dict[str, str]:
        listing = self.nova_done("provider", "GET", "/flavors")["flavors"]
        return {flavor["name"]: flavor["id"] for flavor in listing}

    def new_guest_image(self, disk: Path, user: str = "provider", **attributes: Any) -> str:
        """An image of a guest's disk, a qcow2."""
        made = self.cloud.new_image(
            user, disk.read_bytes(), disk_format="qcow2", min_disk=1, **attributes
        )
        return str(made["id"])

    def new_server(
        self, image_id: str, user: str = "customer_a", flavor: str = "tiny", **attributes: Any
    ) -> dict[str, Any]:
        """A server of this image in the network of the guests, ACTIVE."""
        body = {
            "name": f"test {uuid.uuid4().hex}",
            "imageRef": image_id,
            "flavorRef": self.flavor_ids[flavor],
            "networks": [{"uuid": self.network_id}],
            **attributes,
        }
        made = self.nova_done(user, "POST", "/servers", json={"server": body})["server"]
        self.forget_later(user, made["id"])
        self._await_built(made["id"], user)
        server = self.server(made["id"], user)
        assert server["status"] == "ACTIVE", server.get("fault")
        return server

    def _await_built(self, server_id: str, user: str) -> None:
        # Emulated, and beside other tests: the first one of an image also fetches that.
        built = "the server is built"
        until(lambda: self.server(server_id, user)["status"] != "BUILD", built, within=180)

    def server(self, server_id: str, user: str = "customer_a") -> dict[str, Any]:
        shown: dict[str, Any] = self.nova_done(user, "GET", f"/servers/{server_id}")["server"]
        return shown

    def becomes(self, server_id: str, status: str, user: str = "customer_a") -> None:
        """Wait until a server has a status."""
        until(lambda: self.server(server_id, user)["status"] == status, f"the server is {status}")

    def servers(self, user: str = "customer_a", **query: str) -> dict[str, dict[str, Any]]:
        """The servers that a user sees, by their ids."""
        listing = self.nova_done(user, "GET", "/servers/detail", params=query)["servers"]
        return {server["id"]: server for server in listing}

    def addresses(self, server: dict[str, Any]) -> dict[int, str]:
        """A server's addresses, by the version of IP."""
        there = server["addresses"][self.facts["network"]["name"]]
        return {address["version"]: address["addr"] for address in there}

    def new_floating_address(self, server: dict[str, Any], user: str = "customer_a") -> str:
        """A floating IP that leads to a server."""
        query = {"device_id": server["id"]}
        port = self.neutron_done(user, "GET", "/v2.0/ports", params=query)["ports"][0]
        wish = {
            "floating_network_id": self._network_named(self.facts["outside"]["name"]),
            "port_id": port["id"],
        }
        path = "/v2.0/floatingips"
        made = self.neutron_done(user, "POST", path, json={"floatingip": wish})["floatingip"]
        self._rubbish.append((self.cloud[user], f"{self._url('neutron')}{path}/{made['id']}"))
        return str(made["floating_ip_address"])

    def console(self, server_id: str, user: str = "customer_a") -> str:
        """All that the guest has shown so far."""
        body: dict[str, Any] = {"os-getConsoleOutput": {}}
        return str(
            self.nova_done(user, "POST", f"/servers/{server_id}/action", json=body)["output"]
        )

    def snapshot(self, server_id: str, user: str = "customer_a") -> dict[str, Any]:
        """An image of a server, active."""
        body = {"createImage": {"name": f"test {uuid.uuid4().hex}"}}
        made = self.nova_done(user, "POST", f"/servers/{server_id}/action", json=body)["image_id"]
        self.cloud.forget_later(user, made)
        owner = self.cloud[user]
        until(lambda: owner.image(made)["status"] == "active", "the snapshot is active")
        return owner.image(made)

    def new_volume(
        self, image_id: str, user: str = "customer_a", size: int = 1, **attributes: Any
    ) -> str:
        """A volume of so many GiB, made from an image, available."""
        wish = {"name": f"test {uuid.uuid4().hex}", "imageRef": image_id, "size": size}
        body = {"volume": wish | attributes}
        made: str = self.cinder_done(user, "POST", "/volumes", json=body)["volume"]["id"]
        self._rubbish.append((self.cloud[user], f"{self._url('cinder')}/v3/volumes/{made}"))
        ends = ("available", "error")
        until(lambda: self.volume(made, user)["status"] in ends, "the volume is made", within=180)
        assert self.volume(made, user)["status"] == "available"
        return made

    def volume(self, volume_id: str, user: str = "customer_a") -> dict[str, Any]:
        shown: dict[str, Any] = self.cinder_done(user, "GET", f"/volumes/{volume_id}")["volume"]
        return shown

    def delete(self, server_id: str, user: str = "customer_a") -> None:
        """Delete a server, and wait until it is gone."""
        self._delete(self.cloud[user], f"{self._url('nova')}/v2.1/servers/{server_id}")

    def delete_volume(self, volume_id: str, user: str = "customer_a") -> None:
        """Delete a volume, and wait until it is gone."""
        self._delete(self.cloud[user], f"{self._url('cinder')}/v3/volumes/{volume_id}")

    def forget_later(self, user: str, server_id: str) -> None:
        """Take a server away after the test, if it is still there."""
        url = f"{self._url('nova')}/v2.1/servers/{server_id}"
        self._rubbish.append((self.cloud[user], url))

    def sweep(self) -> None:
        """Take away whatever tests made: servers before their images."""
        while self._rubbish:
            self._delete(*self._rubbish.pop())
        self.cloud.sweep()

    @staticmethod
    def _delete(owner: User, url: str) -> None:
        if owner.http("DELETE", url).status_code != requests.codes.not_found:
            gone = requests.codes.not_found
            until(lambda: owner.http("GET", url).status_code == gone, f"{url} is gone")


def offers_ssh(address: str) -> bool:
    """Whether an ssh server introduces itself at an address."""
    with suppress(OSError), socket.create_connection((address, 22), timeout=5) as caller:
        return caller.recv(4) == b"SSH-"
    return False
