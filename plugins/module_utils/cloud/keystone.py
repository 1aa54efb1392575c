# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Projects, as far as the session may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ..errors import Forbidden, NotFound
from .service import Service


class Keystone:
    """What this collection asks of Keystone; None is an answer that policy forbids."""

    def __init__(self, service: Service, access: Callable[[], Any]) -> None:
        self._service = service
        # What the token says of its user and project, without a request.
        self._access = access
        # Asked once: policy forbids it for every project, or for none.
        self._may_show = self._may_list = True

    def project(self, project_id: str) -> Mapping[str, Any] | None:
        """The project with this id; an empty dict if there is none."""
        if not self._may_show:
            return None
        try:
            answer = self._service.send(
                "GET",
                f"/projects/{quote(project_id, safe='')}",
                doing=f"look for project {project_id}",
            )
        except NotFound:
            return {}
        except Forbidden:
            self._may_show = False
            return None
        project: Mapping[str, Any] = answer["project"]
        return project

    def projects(
        self, *, name: str | None = None, domain_id: str | None = None
    ) -> list[Mapping[str, Any]] | None:
        """Every project, or those of a name or domain."""
        if not self._may_list:
            return None
        query = {"name": name, "domain_id": domain_id}
        try:
            answer = self._service.send(
                "GET",
                "/projects",
                doing="list projects",
                query={key: value for key, value in query.items() if value is not None},
            )
        except Forbidden:
            self._may_list = False
            return None
        projects: list[Mapping[str, Any]] = answer["projects"]
        return projects

    @cached_property
    def own_projects(self) -> list[Mapping[str, Any]]:
        """The projects that the session's user has a role in; everybody may ask for these."""
        answer = self._service.send("GET", "/auth/projects", doing="list the user's projects")
        projects: list[Mapping[str, Any]] = answer["projects"]
        return projects

    def domain_id(self, reference: str) -> str | None:
        """The id of the domain with this name or id; None where policy does not let us know."""
        access = self._access()
        for domain_id, domain_name in (
            (access.project_domain_id, access.project_domain_name),
            (access.user_domain_id, access.user_domain_name),
        ):
            if domain_id and reference in {domain_id, domain_name}:
                return str(domain_id)
        doing = f"look for domain {reference}"
        try:
            named = self._service.send("GET", "/domains", doing=doing, query={"name": reference})
            if named["domains"]:
                return str(named["domains"][0]["id"])
            path = f"/domains/{quote(reference, safe='')}"
            return str(self._service.send("GET", path, doing=doing)["domain"]["id"])
        except Forbidden:
            return None
        except NotFound as error:
            raise NotFound(
                f"There is no domain {reference!r}. Check project_domain; it takes a name or an id."
            ) from error
