# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services' configuration files, filled in from templates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template

from loopback import blank, stores
from loopback.environment import Environment
from loopback.layout import HOST, SERVICE_PROJECT, SERVICE_USER, Rooms, Spec

TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True)
class Settings:
    """What one cloud's configuration depends on, besides its place and kind."""

    ports: dict[str, int]
    passwords: dict[str, str]
    token_seconds: int

    def url(self, service: str) -> str:
        return f"http://{HOST}:{self.ports[service]}"


def rendered(
    spec: Spec, rooms: Rooms, settings: Settings, environment: Environment
) -> dict[str, dict[Path, str]]:
    """Service -> path -> text of the configuration file."""
    store = stores.of(rooms)
    values = {
        "keys": rooms.keys,
        "etc": rooms.etc / "glance",
        "run": rooms.run,
        "stores": rooms.stores,
        "store": store.name,
        "store_kind": store.kind,
        "store_options": store.options,
        "paste": environment.data / "glance" / "glance-api-paste.ini",
        "identity_url": settings.url("keystone"),
        "region": spec.region,
        "service_user": SERVICE_USER,
        "service_project": SERVICE_PROJECT,
        "service_password": settings.passwords[SERVICE_USER],
        "token_seconds": settings.token_seconds,
        "show_direct_url": str(spec.shows_direct_url).lower(),
        "member_quota": spec.member_quota,
        "plugins": "image_conversion" if spec.converts_to_raw else "",
    }
    bootstrap = {
        "name": spec.admin.name,
        "password": settings.passwords[spec.admin.name],
        "region": spec.region,
    }
    texts: dict[str, dict[Path, str]] = {
        "keystone": {rooms.etc / "keystone" / "bootstrap.json": json.dumps(bootstrap)},
        "glance": {},
    }
    for service, name in (
        ("keystone", "keystone.conf"),
        ("glance", "glance-api.conf"),
        ("glance", "glance-image-import.conf"),
        ("glance", "policy.yaml"),
    ):
        template = Template((TEMPLATES / name).read_text())
        values["database"] = blank.url(rooms.db / f"{service}.db")
        texts[service][rooms.etc / service / name] = template.substitute(values)
    return texts


def variables(service: str, rooms: Rooms) -> dict[str, str]:
    """What tells a service where its configuration is."""
    etc = rooms.etc / service
    if service == "keystone":
        return {
            "OS_KEYSTONE_CONFIG_FILES": str(etc / "keystone.conf"),
            "LOOPBACK_BOOTSTRAP": str(etc / "bootstrap.json"),
        }
    return {"OS_GLANCE_CONFIG_DIR": str(etc)}
