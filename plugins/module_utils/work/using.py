# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Asking who needs an image: Nova for servers, Cinder for volumes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..cloud.connect import Cloud
from ..domain.use import ALL_PROJECTS, MOST_TOLD, OWN_PROJECT, Use, User
from ..domain.values import SHOWN


def who_uses(cloud: Cloud, image_id: str) -> Use:
    """What those who know say. One that is there and does not answer is an error, not a no."""
    use = _with_volumes(cloud, image_id, _with_servers(cloud, image_id, Use()))
    return replace(use, users=tuple(_with_names(cloud, use.users)))


def _with_servers(cloud: Cloud, image_id: str, use: Use) -> Use:
    if cloud.nova is None:
        return use
    found = cloud.nova.starters(image_id, MOST_TOLD)
    users = tuple(
        User(kind="server", id=server.id, name=server.name, project=server.project)
        for server in found.servers
    )
    return replace(
        use, servers=_reach(found.everywhere), users=(*use.users, *users), more=found.more
    )


def _with_volumes(cloud: Cloud, image_id: str, use: Use) -> Use:
    if cloud.cinder is None:
        return use
    found = cloud.cinder.copies(image_id, MOST_TOLD)
    users = tuple(
        User(kind="volume", id=volume.id, name=volume.name, project=volume.project)
        for volume in found.volumes
    )
    return replace(
        use,
        volumes=_reach(found.everywhere),
        users=(*use.users, *users),
        more=use.more or found.more,
    )


def _reach(everywhere: bool) -> str:  # noqa: FBT001  # What the service said.
    return ALL_PROJECTS if everywhere else OWN_PROJECT


def _with_names(cloud: Cloud, users: tuple[User, ...]) -> Iterator[User]:
    """Those whom a message shows by the names of their projects, where policy tells these."""
    for number, user in enumerate(users):
        project = cloud.keystone.project(user.project) if user.project and number < SHOWN else None
        yield replace(user, project_name=project.get("name")) if project else user
