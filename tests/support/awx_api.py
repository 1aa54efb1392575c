# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""As much of AWX's API as the modules of awx.awx need to set something up, kept in memory.

It takes what it is given without judging it, but for what those modules look up: a thing that does
not exist is not found. It shows that the modules take our tasks; what AWX makes of them, only AWX
can show.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_TEMPLATES = ("job_templates", "workflow_job_templates", "projects", "inventory_sources")
_HIDDEN = "$encrypted$"
# Not sent by a module, and looked at by the next.
_MORE = {"scm_revision": "", "summary_fields": {}}


class Api:
    """All that was set up, by kind and id."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.surveys: dict[int, dict[str, Any]] = {}
        self.linked: dict[tuple[int, str], list[int]] = defaultdict(list)
        self.secrets: list[str] = []
        self.add("organizations", {"name": "Default"})

    def named(self, kind: str) -> dict[str, dict[str, Any]]:
        """All of a kind by name, or, where it has none, by identifier."""
        return {i.get("name") or i["identifier"]: i for i in self.kept[kind].values()}

    def targets(self, item: dict[str, Any], link: str) -> list[dict[str, Any]]:
        """What a thing is linked with."""
        everything = {key: i for kept in self.kept.values() for key, i in kept.items()}
        return [everything[number] for number in self.linked[item["id"], link]]

    def add(self, kind: str, sent: dict[str, Any]) -> dict[str, Any]:
        """Keep a new thing."""
        number = 1 + sum(map(len, self.kept.values()))
        url = f"/api/v2/{kind}/{number}/"
        related = {"survey_spec": f"{url}survey_spec/", "update": f"{url}update/"}
        self.kept[kind][number] = {
            **_MORE,
            **self._shown(kind, sent),
            "id": number,
            "url": url,
            "type": kind.removesuffix("s"),
            "related": related,
        }
        return self.kept[kind][number]

    def change(self, kind: str, number: int, sent: dict[str, Any]) -> dict[str, Any]:
        """Change a thing that is there."""
        self.kept[kind][number] |= self._shown(kind, sent)
        return self.kept[kind][number]

    def listed(self, kind: str, wanted: dict[str, str]) -> dict[str, Any]:
        """Those of a kind that are as a query says."""
        kinds = _TEMPLATES if kind == "unified_job_templates" else (kind,)
        found = [
            item
            for each in kinds
            for item in self.kept[each].values()
            if all(str(item.get(key)) == value for key, value in wanted.items())
        ]
        return {"count": len(found), "next": None, "results": found}

    def _shown(self, kind: str, sent: dict[str, Any]) -> dict[str, Any]:
        """What AWX shows of what it was sent: of a credential, not its secrets."""
        if kind != "credentials" or "inputs" not in sent:
            return sent
        kept = self.kept["credential_types"][sent["credential_type"]]["inputs"]["fields"]
        secret = {field["id"] for field in kept if field.get("secret")}
        self.secrets += [sent["inputs"][name] for name in secret]
        inputs = {k: _HIDDEN if k in secret else v for k, v in sent["inputs"].items()}
        return {**sent, "inputs": inputs}


class _Handler(BaseHTTPRequestHandler):
    api: Api

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        match split.path.strip("/").split("/")[2:]:
            case [kind]:
                self._answer(200, self.api.listed(kind, dict(parse_qsl(split.query))))
            case [kind, number]:
                self._answer(200, self.api.kept[kind][int(number)])
            case [_kind, number, "survey_spec"]:
                self._answer(200, self.api.surveys.get(int(number), {}))
            case [_kind, number, link]:
                linked = [{"id": other} for other in self.api.linked[int(number), link]]
                self._answer(200, {"count": len(linked), "next": None, "results": linked})
            case _:
                self._answer(404, {})

    def do_POST(self) -> None:
        sent = self._sent()
        match urlsplit(self.path).path.strip("/").split("/")[2:]:
            case [kind]:
                self._answer(201, self.api.add(kind, sent))
            case [_kind, number, "survey_spec"]:
                self.api.surveys[int(number)] = sent
                self._answer(200, {})
            case [_kind, number, link]:
                linked = self.api.linked[int(number), link]
                (linked.remove if sent.get("disassociate") else linked.append)(sent["id"])
                self._answer(204, None)
            case _:
                self._answer(404, {})

    def do_PATCH(self) -> None:
        kind, number = urlsplit(self.path).path.strip("/").split("/")[2:]
        self._answer(200, self.api.change(kind, int(number), self._sent()))

    def _sent(self) -> dict[str, Any]:
        sent: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return sent

    def _answer(self, status: int, content: dict[str, Any] | None) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing: the test's output is not the server's."""


@contextmanager
def awx_api() -> Iterator[tuple[Api, str]]:
    """An AWX in which nothing is set up yet, and its address."""
    api = Api()
    handler = type("Handler", (_Handler,), {"api": api})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            yield api, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()
