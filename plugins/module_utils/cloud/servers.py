# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Finding the server or the volume that a task is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..domain.lookup import is_uuid
from ..domain.server import Server
from ..domain.volume import Volume
from ..errors import Ambiguous, InvalidRequest, NotFound
from .cinder import Cinder
from .connect import Cloud
from .neutron import Neutron
from .nova import Nova

Found = TypeVar("Found", Server, Volume)


def require_nova(cloud: Cloud) -> Nova:
    """The compute service; a cloud without one has no servers."""
    if cloud.nova is None:
        raise InvalidRequest(_no_service("compute service", "server"))
    return cloud.nova


def require_cinder(cloud: Cloud) -> Cinder:
    """The block storage service; a cloud without one has no volumes."""
    if cloud.cinder is None:
        raise InvalidRequest(_no_service("block storage service", "volume"))
    return cloud.cinder


def require_neutron(cloud: Cloud) -> Neutron:
    """The networking service; a server without one is not reached."""
    if cloud.neutron is None:
        raise InvalidRequest(_no_service("networking service", "network"))
    return cloud.neutron


def find_server(cloud: Cloud, reference: str) -> Server:
    """The one server with this id, or with this name in the session's project."""
    nova = require_nova(cloud)
    if is_uuid(reference):
        server = nova.server(reference)
        if server:
            return server
    found = _the_only(nova.servers_named(reference), "server", reference)
    if found is None:
        raise NotFound(_none("server", reference, cloud))
    return found


def find_volume(cloud: Cloud, reference: str) -> Volume:
    """The one volume with this id, or with this name in the session's project."""
    cinder = require_cinder(cloud)
    if is_uuid(reference):
        volume = cinder.volume(reference)
        if volume:
            return volume
    found = _the_only(cinder.volumes_named(reference), "volume", reference)
    if found is None:
        raise NotFound(_none("volume", reference, cloud))
    return found


def _the_only(found: Sequence[Found], kind: str, name: str) -> Found | None:
    if len(found) > 1:
        ids = sorted(one.id for one in found)
        raise Ambiguous(
            f"{len(found)} {kind}s are named {name!r}: {', '.join(ids)}. Name the one you mean by "
            "its id.",
            candidates=ids,
        )
    return found[0] if found else None


def _none(kind: str, reference: str, cloud: Cloud) -> str:
    return (
        f"There is no {kind} {reference!r} in {cloud.project}. Check the name and the cloud, or "
        f"give the id; openstack {kind} list shows both."
    )


def _no_service(title: str, kind: str) -> str:
    return (
        f"The cloud's catalog has no {title} for this session, so there can be no {kind}. Check "
        "cloud, region_name and interface."
    )
