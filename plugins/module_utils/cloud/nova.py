# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The compute API: one function a request, in the words of this collection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote

from ..domain.flavor import Flavor, Room
from ..domain.server import Server
from ..errors import Forbidden, NotFound, RequestFailed
from .paging import following_page
from .service import Service

# Of 2017, and the first with all that is used here: the id of a new image in the answer (2.45),
# flavors described in servers (2.47), tags on new servers (2.52).
_VERSION = {"OpenStack-API-Version": "compute 2.53"}
_BUSY = "It may be busy with another task, or locked. Run the task again when it is not."
# Without the word by which Nova's own reason is told to be about a quota.
_REFUSED = "A limit of the project is reached, or the cloud's policy does not let this session."


@dataclass(frozen=True, slots=True, kw_only=True)
class Starters:
    """Servers that were started from an image, as many as were asked for."""

    servers: tuple[Server, ...]
    # Whether the answer is about every project's.
    everywhere: bool
    more: bool = False


class Nova:
    """What this collection asks of Nova."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def _send(self, method: str, path: str, **options: Any) -> Any:
        return self._service.send(method, path, headers=_VERSION, **options)

    def server(self, server_id: str) -> Server | None:
        """The server with this id, if there is one that the session may see."""
        try:
            answer = self._send(
                "GET", _path(server_id), doing=f"read server {server_id}", expect="server"
            )
        except NotFound:
            return None
        return Server.from_nova(answer["server"])

    def servers(self, query: Mapping[str, str], *, doing: str) -> Iterator[Server]:
        """All servers of a listing, however many pages it has."""
        found = self._listed("servers", "/servers/detail", query, doing=doing)
        return map(Server.from_nova, found)

    def servers_named(self, name: str) -> list[Server]:
        """The servers of the session's own project that have a name."""
        # Nova takes a regular expression, and the database may read it in a way of its own.
        query = {"name": f"^{re.escape(name)}$"}
        found = self.servers(query, doing=f"look for server {name!r}")
        return [server for server in found if server.name == name]

    def starters(self, image_id: str, at_most: int) -> Starters:
        """Who was started from an image: of every project where policy tells, else of the own."""
        # Servers that were deleted and may yet be restored need it as well; only whoever may ask
        # for every filter is shown them, and for others Nova drops the word.
        query = {"image": image_id, "limit": str(at_most + 1), "soft_deleted": "true"}
        try:
            found, everywhere = self._started({**query, "all_tenants": "1"}, at_most + 1), True
        except Forbidden:
            found, everywhere = self._started(query, at_most + 1), False
        return Starters(
            servers=tuple(found[:at_most]), everywhere=everywhere, more=len(found) > at_most
        )

    def _started(self, query: Mapping[str, str], at_most: int) -> list[Server]:
        image_id = query["image"]
        listed = self.servers(query, doing=f"ask which servers use image {image_id}")
        # A filter that a cloud does not know is no filter.
        return list(islice((one for one in listed if one.image_id == image_id), at_most))

    def create_server(self, record: Mapping[str, Any], *, doing: str) -> str:
        """Start a server, and say which id it has."""
        answer = self._send(
            "POST",
            "/servers",
            doing=doing,
            expect="server",
            hints={403: _REFUSED},
            json={"server": dict(record)},
        )
        return str(answer["server"]["id"])

    def delete_server(self, server_id: str) -> None:
        """Remove a server, unless somebody else just did."""
        try:
            self._send("DELETE", _path(server_id), doing=f"delete server {server_id}")
        except NotFound:
            return

    def stop(self, server_id: str) -> None:
        """Begin to shut a server down."""
        self._act(server_id, {"os-stop": None}, doing=f"stop server {server_id}")

    def start(self, server_id: str) -> None:
        """Begin to start a server that was shut down."""
        self._act(server_id, {"os-start": None}, doing=f"start server {server_id}")

    def create_image(self, server_id: str, name: str, properties: Mapping[str, str]) -> str:
        """Begin to make an image of a server, and say which id it has."""
        wish = {"createImage": {"name": name, "metadata": dict(properties)}}
        doing = f"make an image of server {server_id}"
        return str(self._act(server_id, wish, doing=doing, expect="image_id")["image_id"])

    def console(self, server_id: str, lines: int | None = None) -> str:
        """What the server wrote on its console, the last lines or all that Nova kept."""
        wish = {"os-getConsoleOutput": {"length": lines} if lines else {}}
        doing = f"read the console of server {server_id}"
        return str(self._act(server_id, wish, doing=doing, expect="output")["output"] or "")

    def _act(self, server_id: str, wish: Mapping[str, Any], *, doing: str, expect: str = "") -> Any:
        path = _path(server_id, "action")
        return self._send("POST", path, doing=doing, expect=expect, hints={409: _BUSY}, json=wish)

    def note(self, server_id: str, name: str, value: str) -> None:
        """Write something down on a server, among its metadata."""
        self._send(
            "POST",
            _path(server_id, "metadata"),
            doing=f"write {name} on server {server_id}",
            hints={409: _BUSY},
            json={"metadata": {name: value}},
        )

    def forget(self, server_id: str, name: str) -> None:
        """Take away what was written on a server."""
        try:
            self._send(
                "DELETE",
                _path(server_id, "metadata", name),
                doing=f"remove {name} from server {server_id}",
                hints={409: _BUSY},
            )
        except NotFound:
            return

    def trouble(self, server_id: str, action: str) -> str | None:
        """Why the last action of a kind failed, as far as Nova tells its users."""
        try:
            answer = self._send(
                "GET",
                _path(server_id, "os-instance-actions"),
                doing=f"ask what became of {action} of server {server_id}",
                expect="instanceActions",
            )
        except (Forbidden, NotFound):
            return None
        told = [one.get("message") for one in answer["instanceActions"] if one["action"] == action]
        return str(told[0]) if told and told[0] else None

    def bytes_read(self, server_id: str) -> int | None:
        """How much a server has read from its disks; None where Nova does not tell.

        By Nova's default policy, it tells administrators only.
        """
        try:
            told = self._send(
                "GET",
                _path(server_id, "diagnostics"),
                doing=f"ask what server {server_id} does",
                expect="disk_details",
            )
        except (RequestFailed, NotFound):
            return None
        reads = [disk.get("read_bytes") for disk in told["disk_details"]]
        return None if None in reads else sum(reads)

    def interfaces(self, server_id: str) -> Sequence[Mapping[str, Any]]:
        """The network interfaces of a server, as Nova describes them."""
        answer = self._send(
            "GET",
            _path(server_id, "os-interface"),
            doing=f"read the interfaces of server {server_id}",
            expect="interfaceAttachments",
        )
        found: Sequence[Mapping[str, Any]] = answer["interfaceAttachments"]
        return found

    def keypairs(self) -> list[str]:
        """The names of the session's key pairs."""
        found = self._listed("keypairs", "/os-keypairs", {}, doing="list key pairs")
        return [pair["keypair"]["name"] for pair in found]

    def create_keypair(self, name: str, public_key: str) -> None:
        """Let servers be started with a key."""
        self._send(
            "POST",
            "/os-keypairs",
            doing=f"make key pair {name!r}",
            hints={403: "The quota on key pairs is reached: remove some."},
            json={"keypair": {"name": name, "public_key": public_key}},
        )

    def delete_keypair(self, name: str) -> None:
        """Remove a key pair, unless somebody else just did."""
        try:
            path = f"/os-keypairs/{quote(name, safe='')}"
            self._send("DELETE", path, doing=f"delete key pair {name!r}")
        except NotFound:
            return

    def flavors(self) -> list[Flavor]:
        """The sizes that servers of this project may have."""
        found = self._listed("flavors", "/flavors/detail", {}, doing="list flavors")
        return list(map(Flavor.from_nova, found))

    def room(self) -> tuple[Room, Room]:
        """What the project may still have, and what it might have if it had nothing."""
        answer = self._send("GET", "/limits", doing="read the project's limits", expect="limits")
        absolute = answer["limits"]["absolute"]
        return Room.from_nova(absolute), Room.from_nova(absolute, once_empty=True)

    def _listed(
        self, kind: str, path: str, query: Mapping[str, str], *, doing: str
    ) -> Iterator[Mapping[str, Any]]:
        parts: list[tuple[str, str]] | None = list(query.items())
        while parts is not None:
            page = self._send("GET", path, doing=doing, expect=kind, query=parts)
            yield from page[kind]
            parts = following_page(page, kind)


def _path(server_id: str, *more: str) -> str:
    return "/".join(["/servers", *(quote(part, safe="") for part in (server_id, *more))])
