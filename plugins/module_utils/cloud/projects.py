# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which projects a task means by names and ids, with as few questions as the session allows.

Glance takes any string as a member, also one that no project has. So every project is looked for
before it is used; where the session may not look, the task says so instead of guessing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..domain.lookup import is_uuid
from ..domain.values import some
from ..errors import Ambiguous, NotFound
from .connect import Cloud
from .keystone import Keystone

# Up to here projects are asked for one by one; beyond, one listing of all is the quicker way.
_ONE_BY_ONE = 10


@dataclass(slots=True)
class Resolved:
    """The ids of the projects that a task named, and what could not be checked."""

    ids: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def resolve(
    cloud: Cloud,
    references: Collection[str],
    *,
    known: Collection[str] = (),
    domain: str | None = None,
    missing_ok: bool = False,
) -> Resolved:
    """The id of each project named by name or id; `known` ids are taken without a question.

    With `missing_ok`, a project that does not exist is left out with a warning.
    """
    found = Resolved(ids={reference: reference for reference in references if reference in known})
    unanswered = [reference for reference in references if reference not in found.ids]
    if not unanswered:
        return found
    keystone = cloud.keystone
    # Where policy hides the domains, Keystone still compares an id.
    domain_id = (keystone.domain_id(domain) or domain) if domain else None
    every = keystone.projects(domain_id=domain_id) if len(unanswered) > _ONE_BY_ONE else None
    unknown = []
    unchecked = []
    may_look = True
    for reference in unanswered:
        # Asked for by itself also where a listing lacks it: servers cut long listings short.
        candidates = _among(every or (), reference) or _ask(keystone, reference, domain_id)
        if candidates is None:
            may_look = False
            candidates = _among(_of_domain(keystone.own_projects, domain_id), reference)
        if candidates:
            found.ids[reference] = _the_only(candidates, reference)
        elif not may_look and is_uuid(reference):
            # As Keystone writes ids: Glance would take another spelling for another member.
            found.ids[reference] = reference.lower()
            unchecked.append(reference)
        else:
            unknown.append(reference)
    if unknown and not missing_ok:
        raise NotFound(_not_found(unknown, domain, may_look=may_look))
    if unknown:
        found.warnings.append(
            f"{_not_found(unknown, domain, may_look=may_look)} It was taken for no member."
        )
    if unchecked:
        found.warnings.append(
            f"Could not check project {some(unchecked)}: this session may not look up "
            "projects other than its own. Glance takes any id, so make sure that it is right."
        )
    return found


def _ask(
    keystone: Keystone, reference: str, domain_id: str | None
) -> list[Mapping[str, Any]] | None:
    """Projects with this id or else this name; None where the session may not know."""
    if is_uuid(reference):
        project = keystone.project(reference)
        if project:
            return [project]
    named = keystone.projects(name=reference, domain_id=domain_id)
    if named is None:
        return None
    # A database may compare names without regard to case.
    exact = _among(named, reference)
    if exact or is_uuid(reference):
        return exact
    # An id of another form, as some identity drivers make them.
    project = keystone.project(reference)
    return [project] if project else []


def _among(projects: Iterable[Mapping[str, Any]], reference: str) -> list[Mapping[str, Any]]:
    projects = list(projects)
    by_id = [project for project in projects if project["id"] == reference]
    return by_id or [project for project in projects if project["name"] == reference]


def _of_domain(
    projects: Iterable[Mapping[str, Any]], domain_id: str | None
) -> list[Mapping[str, Any]]:
    return [
        project
        for project in projects
        if domain_id is None or project.get("domain_id") == domain_id
    ]


def _the_only(candidates: list[Mapping[str, Any]], reference: str) -> str:
    if len(candidates) > 1:
        described = ", ".join(
            f"{project['id']} (domain {project.get('domain_id')})" for project in candidates
        )
        raise Ambiguous(
            f"{len(candidates)} projects are named {reference!r}: {described}. "
            "Name the domain with project_domain, or give the id.",
            candidates=sorted(project["id"] for project in candidates),
        )
    return str(candidates[0]["id"])


def _not_found(unknown: list[str], domain: str | None, *, may_look: bool) -> str:
    names = ", ".join(repr(reference) for reference in unknown)
    where = f" in domain {domain!r}" if domain else ""
    if may_look:
        return (
            f"There is no project {names}{where}. Check the spelling, or give the id "
            "(openstack project list shows both)."
        )
    return (
        f"Project {names}{where} is none of this user's own, and this session may not look up "
        "others by name. Give the id; the project's members see it with: "
        "openstack token issue -c project_id -f value."
    )
