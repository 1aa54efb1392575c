# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others read: clouds.yaml for clients, cloud.json for tests."""

from __future__ import annotations

import json
from typing import Any

from loopback import files, processes, stores
from loopback.cloud import Cloud
from loopback.layout import Home, Spec


def publish(home: Home, clouds: list[Cloud]) -> None:
    # JSON strings are YAML strings as well.
    lines = ["# Written by tests/cloud/up; every `up` writes it again.", "clouds:"]
    for cloud in clouds:
        lines += _entries(cloud.spec, cloud.settings().url("keystone"), cloud.passwords)
    _write_if_new(home, "clouds_yaml", "\n".join(lines) + "\n")
    refresh(home, clouds)


def refresh(home: Home, clouds: list[Cloud]) -> None:
    """Write cloud.json with the processes as they are now."""
    value = {
        "version": 1,
        "clouds_yaml": str(home.clouds_yaml),
        "token_seconds": clouds[0].token_seconds,
        "environment": str(clouds[0].environment.root),
        "clouds": {cloud.spec.name: _facts(cloud) for cloud in clouds},
    }
    _write_if_new(home, "cloud_json", json.dumps(value, indent=2) + "\n")


def _write_if_new(home: Home, name: str, text: str) -> None:
    path = getattr(home, name)
    if not path.exists() or path.read_text() != text:
        files.write(path, text)


def _entries(spec: Spec, url: str, passwords: dict[str, str]) -> list[str]:
    lines = []
    for account in spec.accounts:
        lines += [
            f"  {account.name}:",
            "    auth_type: password",
            "    identity_api_version: 3",
            f"    region_name: {json.dumps(spec.region)}",
            "    auth:",
            f"      auth_url: {json.dumps(url + '/v3')}",
            f"      username: {json.dumps(account.name)}",
            f"      password: {json.dumps(passwords[account.name])}",
            f"      project_name: {json.dumps(account.name)}",
            "      user_domain_name: Default",
            "      project_domain_name: Default",
        ]
    return lines


def _facts(cloud: Cloud) -> dict[str, Any]:
    rooms, url = cloud.rooms, cloud.settings().url
    store = stores.of(rooms)
    services = {}
    for service in cloud.services():
        record = processes.alive(service.kept)
        services[service.name] = {
            "url": service.url,
            "pid": record.pid if record else None,
            "log": str(service.log),
            "access_log": str(service.access_log),
            "request_log": str(service.request_log),
            "config_dir": str(rooms.etc / service.name),
        }
    return {
        "auth_url": url("keystone") + "/v3",
        "image_endpoint": url("glance"),
        "region": cloud.spec.region,
        "users": {account.name: list(account.roles) for account in cloud.spec.accounts},
        "log_dir": str(rooms.log),
        "config_dir": str(rooms.etc),
        "store": {"name": store.name, "kind": store.kind, **store.facts},
        "image_dir": str(rooms.stores / "images"),
        "services": services,
        "compute": cloud.compute.facts() if cloud.compute else None,
    }
