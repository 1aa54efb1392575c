# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which project at the destination is which one at the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..cloud.connect import Cloud
from ..cloud.projects import resolve
from ..domain.image import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """The members of an image by their ids at the destination, and those that have none there."""

    members: tuple[Member, ...]
    unmapped: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def mapped_members(
    source: Cloud, cloud: Cloud, members: Iterable[Member], project_map: Mapping[str, str]
) -> Mapped:
    """Find each member's project at the destination, which has to be there."""
    there: dict[str, str] = {}
    found: list[tuple[Member, str]] = []
    unmapped: list[str] = []
    for member in members:
        reference = _named_in(source, member.project_id, project_map)
        if reference is None and cloud.knows_projects_of(source):
            there[member.project_id] = reference = member.project_id
        if reference is None:
            unmapped.append(member.project_id)
        else:
            found.append((member, reference))
    resolved = resolve(cloud, {one for _member, one in found if one not in there}, known=there)
    ids = {**there, **resolved.ids}
    return Mapped(
        members=tuple(replace(member, project_id=ids[reference]) for member, reference in found),
        unmapped=tuple(unmapped),
        warnings=tuple(resolved.warnings),
    )


def _named_in(source: Cloud, project_id: str, project_map: Mapping[str, str]) -> str | None:
    """What the task says of a project, by its id or else by its name, if that may be asked."""
    if project_id in project_map or not project_map:
        return project_map.get(project_id)
    project = source.keystone.project(project_id) or {}
    return project_map.get(str(project.get("name")))
