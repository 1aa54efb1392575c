# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects, users, roles and the catalog, made through Keystone's own API.

Everything is looked for first, so an interrupted run is simply run again.
"""

from __future__ import annotations

import hashlib
import http.client
import json
from typing import Any
from urllib.parse import urlencode

from loopback import files
from loopback.configuration import Settings
from loopback.layout import (
    HOST,
    SERVICE_PROJECT,
    SERVICE_USER,
    Account,
    CloudError,
    Rooms,
    Spec,
)

Body = dict[str, Any]


class Api:
    """One authenticated connection to a service on loopback."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self.token = token

    def call(self, method: str, path: str, body: Body | None = None) -> Body:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["X-Auth-Token"] = self.token
        try:
            text = None if body is None else json.dumps(body)
            self._connection.request(method, path, text, headers)
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise CloudError(f"{method} {path}: {error!r}") from error
        if response.status >= 300:
            shown = answer.decode(errors="replace")
            raise CloudError(f"{method} {path}: {response.status} {shown}")
        self.token = self.token or response.headers.get("X-Subject-Token", "")
        parsed: Body = json.loads(answer) if answer else {}
        return parsed

    def sign_in(self, user: str, project: str, password: str) -> None:
        domain = {"id": "default"}
        who = {"user": {"name": user, "domain": domain, "password": password}}
        self.call(
            "POST",
            "/v3/auth/tokens",
            {
                "auth": {
                    "identity": {"methods": ["password"], "password": who},
                    "scope": {"project": {"name": project, "domain": domain}},
                }
            },
        )

    def ensure(
        self, kind: str, key: Body, more: Body | None = None, secret: Body | None = None
    ) -> str:
        """The id of the one element of this key, made or changed to have `more`.

        A `secret` is given at creation only. It cannot be compared, and setting a password again
        revokes the user's tokens: also those of the same second, so that the next login fails.
        """
        more = more or {}
        found = self.call("GET", f"/v3/{kind}s?{urlencode(key)}")[f"{kind}s"]
        if not found:
            made = self.call("POST", f"/v3/{kind}s", {kind: {**key, **more, **(secret or {})}})
            return str(made[kind]["id"])
        if any(found[0].get(name) != value for name, value in more.items()):
            self.call("PATCH", f"/v3/{kind}s/{found[0]['id']}", {kind: more})
        return str(found[0]["id"])


def seed(spec: Spec, rooms: Rooms, settings: Settings) -> bool:
    """Bring Keystone's contents to what the spec says; False if they were left so."""
    wanted = hashlib.sha256(repr((spec, settings.ports, settings.passwords)).encode()).hexdigest()
    if rooms.seeded.exists() and rooms.seeded.read_text() == wanted:
        return False
    api = Api(settings.ports["keystone"])
    admin = spec.admin.name
    api.sign_in(admin, admin, settings.passwords[admin])
    secrets = settings.passwords
    ensure_account(api, Account(SERVICE_USER, ("service",)), secrets[SERVICE_USER], SERVICE_PROJECT)
    for account in spec.accounts[1:]:
        ensure_account(api, account, secrets[account.name], account.name)
    for kind, name, path in (("identity", "keystone", "/v3"), ("image", "glance", "")):
        ensure_endpoints(api, spec.region, (kind, name), settings.url(name) + path)
    files.write(rooms.seeded, wanted)
    return True


def ensure_endpoints(api: Api, region: str, service: tuple[str, str], url: str) -> None:
    """Let the catalog say where a service of this kind and name is."""
    kind, name = service
    known = api.ensure("service", {"type": kind}, {"name": name})
    for interface in ("public", "internal", "admin"):
        key = {"service_id": known, "interface": interface, "region_id": region}
        api.ensure("endpoint", key, {"url": url})


def ensure_account(api: Api, account: Account, password: str, project_name: str) -> None:
    project = api.ensure("project", {"name": project_name, "domain_id": "default"})
    user = api.ensure(
        "user",
        {"name": account.name, "domain_id": "default"},
        {"default_project_id": project},
        secret={"password": password},
    )
    for name in account.roles:
        role = api.ensure("role", {"name": name})
        api.call("PUT", f"/v3/projects/{project}/users/{user}/roles/{role}")


def prove(spec: Spec, settings: Settings) -> None:
    """A real user makes an image and removes it: only then is the cloud ready.

    Reading alone proves little: Glance parses much of its configuration when it first writes.
    """
    admin = spec.admin.name
    keystone = Api(settings.ports["keystone"])
    keystone.sign_in(admin, admin, settings.passwords[admin])
    glance = Api(settings.ports["glance"], keystone.token)
    image = glance.call("POST", "/v2/images", {"name": "probe", "visibility": "private"})
    glance.call("DELETE", f"/v2/images/{image['id']}")
