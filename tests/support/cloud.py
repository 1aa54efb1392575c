# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The loopback cloud, read without any of our modules: plain HTTP, as each of its users."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import requests
import yaml

from support.house import ROOT
from support.running import PATCHES

_ANSWERS_WITHIN = 30
_CLIENT_NAME = ("module_utils.cloud.connect", "APP_NAME")


def cloud_dir() -> Path:
    """The folder that tests/cloud/up was given."""
    return Path(os.environ.get("CURATOR_CLOUD_DIR", ROOT / ".cloud")).resolve()


@dataclass(frozen=True)
class User:
    """One user of a cloud, in its own project."""

    name: str
    credentials: Mapping[str, Any]
    glance_url: str

    @property
    def auth_url(self) -> str:
        return str(self.credentials["auth_url"])

    @cached_property
    def _login(self) -> tuple[str, str]:
        given = self.credentials
        body: Any = {
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {
                        "user": {
                            "name": given["username"],
                            "password": given["password"],
                            "domain": {"name": given["user_domain_name"]},
                        }
                    },
                },
                "scope": {
                    "project": {
                        "name": given["project_name"],
                        "domain": {"name": given["project_domain_name"]},
                    }
                },
            }
        }
        answer = requests.post(f"{self.auth_url}/auth/tokens", json=body, timeout=_ANSWERS_WITHIN)
        answer.raise_for_status()
        return answer.headers["X-Subject-Token"], answer.json()["token"]["project"]["id"]

    @property
    def project_id(self) -> str:
        return self._login[1]

    def http(self, method: str, url: str, **options: Any) -> requests.Response:
        """One request as this user; a path is one of Glance's."""
        if url.startswith("/"):
            url = f"{self.glance_url}/v2{url}"
        headers = {"X-Auth-Token": self._login[0], **options.pop("headers", {})}
        return requests.request(method, url, headers=headers, timeout=_ANSWERS_WITHIN, **options)

    def done(self, method: str, url: str, **options: Any) -> Any:
        """The JSON of a request that has to succeed."""
        answer = self.http(method, url, **options)
        assert answer.ok, f"{method} {url} as {self.name}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def keystone(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of a request to Keystone that has to succeed."""
        return self.done(method, f"{self.auth_url}{path}", **options)

    def image(self, image_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.done("GET", f"/images/{image_id}")
        return shown

    def members(self, image_id: str) -> dict[str, str]:
        """Who has a shared image, and what they answered."""
        listing = self.done("GET", f"/images/{image_id}/members")["members"]
        return {member["member_id"]: member["status"] for member in listing}

    def sees(self, image_id: str, **query: str) -> bool:
        """Whether an image is in this user's listing."""
        listing = self.done("GET", "/images", params={"limit": "1000", **query})["images"]
        return image_id in {image["id"] for image in listing}


@dataclass
class LoopbackCloud:
    """All that tests know of the running cloud."""

    folder: Path
    # Made by tests, to be taken away again.
    _rubbish: list[tuple[User, str]] = field(default_factory=list)

    @cached_property
    def description(self) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads((self.folder / "cloud.json").read_text())
        return shown

    @property
    def clouds_yaml(self) -> Path:
        return self.folder / "clouds.yaml"

    @cached_property
    def _configured(self) -> dict[str, Any]:
        shown: dict[str, Any] = yaml.safe_load(self.clouds_yaml.read_text())["clouds"]
        return shown

    @cached_property
    def _users(self) -> dict[str, User]:
        return {
            name: User(
                name=name,
                credentials=self._configured[name]["auth"],
                glance_url=cloud["image_endpoint"],
            )
            for cloud in self.description["clouds"].values()
            for name in cloud["users"]
        }

    def __getitem__(self, name: str) -> User:
        return self._users[name]

    def auth(self, name: str) -> dict[str, Any]:
        """A user's credentials, as the option auth takes them."""
        return dict(self._users[name].credentials)

    def new_image(
        self, user: str = "provider", data: bytes | None = b"\0" * 512, **attributes: Any
    ) -> dict[str, Any]:
        """An image made without our modules; without data it stays queued."""
        owner = self[user]
        body = {
            "name": f"test {uuid.uuid4().hex}",
            "visibility": "private",
            "disk_format": "raw",
            "container_format": "bare",
            **attributes,
        }
        image = owner.done("POST", "/images", json=body)
        self._rubbish.append((owner, f"/images/{image['id']}"))
        if data is not None:
            octets = {"Content-Type": "application/octet-stream"}
            owner.done("PUT", f"/images/{image['id']}/file", data=data, headers=octets)
        return owner.image(image["id"])

    def images_named(self, name: str, user: str = "provider") -> list[dict[str, Any]]:
        """Visible images of this user that have a name."""
        owner = self[user]
        query = {"name": name, "owner": owner.project_id}
        found: list[dict[str, Any]] = owner.done("GET", "/images", params=query)["images"]
        return found

    def left_of(self, name: str, cloud_admin: str = "provider") -> list[dict[str, Any]]:
        """Whatever an upload of this name left, in whatever state, as an administrator sees it."""
        found: dict[str, dict[str, Any]] = {}
        for hidden in ("false", "true"):
            for sign in ({"name": name}, {"curator_entry": name}):
                query = {**sign, "os_hidden": hidden}
                listing = self[cloud_admin].done("GET", "/images", params=query)
                found |= {image["id"]: image for image in listing["images"]}
        return list(found.values())

    def forget_later(self, user: str, image_id: str) -> None:
        """Take an image away after the test that a module made in it."""
        self._rubbish.append((self[user], f"/images/{image_id}"))

    def new_shared_image(self, **answers: str) -> dict[str, Any]:
        """An image of the provider, shared without our modules with these users, who answered."""
        image = self.new_image(visibility="shared")
        path = f"/images/{image['id']}/members"
        for name, status in answers.items():
            consumer = self[name]
            self["provider"].done("POST", path, json={"member": consumer.project_id})
            consumer.done("PUT", f"{path}/{consumer.project_id}", json={"status": status})
        return image

    @contextmanager
    def uploading(self) -> Iterator[tuple[dict[str, Any], Callable[[], None]]]:
        """An image whose data is on its way until the test says that it may arrive."""
        image = self.new_image(data=None)
        gate = threading.Event()

        def data() -> Iterator[bytes]:
            yield b"\0" * 1024
            gate.wait(60)
            yield b"\0" * 1024

        def upload() -> None:
            octets = {"Content-Type": "application/octet-stream"}
            path = f"/images/{image['id']}/file"
            self["provider"].done("PUT", path, data=data(), headers=octets)

        sending = threading.Thread(target=upload)
        sending.start()
        try:
            while self["provider"].image(image["id"])["status"] != "saving":
                assert sending.is_alive()
                time.sleep(0.05)
            yield image, gate.set
        finally:
            gate.set()
            sending.join()

    def new_project(self, admin_of: str = "provider", **attributes: Any) -> dict[str, Any]:
        """A project that nobody is a member of."""
        admin = self[admin_of]
        body = {"name": f"test_{uuid.uuid4().hex}", "domain_id": "default", **attributes}
        project: dict[str, Any] = admin.keystone("POST", "/projects", json={"project": body})
        project = project["project"]
        self._rubbish.append((admin, f"{admin.auth_url}/projects/{project['id']}"))
        return project

    def new_domain(self) -> dict[str, Any]:
        """A domain of its own."""
        admin = self["provider"]
        body = {"domain": {"name": f"test_{uuid.uuid4().hex}"}}
        domain: dict[str, Any] = admin.keystone("POST", "/domains", json=body)["domain"]
        self._rubbish.append((admin, f"{admin.auth_url}/domains/{domain['id']}"))
        return domain

    def sweep(self) -> None:
        """Take away whatever tests made, last things first."""
        while self._rubbish:
            owner, url = self._rubbish.pop()
            if url.startswith("/images/"):
                unprotect = [{"op": "replace", "path": "/protected", "value": False}]
                patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
                owner.http("PATCH", url, json=unprotect, headers=patch)
            elif "/domains/" in url:
                # Keystone deletes only what nobody can use any more.
                owner.http("PATCH", url, json={"domain": {"enabled": False}})
            owner.http("DELETE", url)

    @contextmanager
    def requests_seen(self, service: str, cloud: str = "first") -> Iterator[list[str]]:
        """The requests that modules sent meanwhile, as `METHOD PATH?QUERY`, by the service's log.

        Other tests use the same cloud at the same time: these modules go by a name of their own.
        """
        log = Path(self.description["clouds"][cloud]["services"][service]["request_log"])
        start = log.stat().st_size
        outer = PATCHES.get(_CLIENT_NAME)
        client = PATCHES.setdefault(_CLIENT_NAME, f"test-{uuid.uuid4().hex}")
        seen: list[str] = []
        try:
            yield seen
        finally:
            if outer is None:
                del PATCHES[_CLIENT_NAME]
        with log.open() as stream:
            stream.seek(start)
            lines = [line.rstrip("\n").split(" ", 2) for line in stream]
        seen.extend(f"{method} {uri}" for method, uri, agent in lines if agent.startswith(client))
