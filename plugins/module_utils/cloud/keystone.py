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
        # What was answered, for a task that looks a second time.
        self._shown: dict[str, Mapping[str, Any]] = {}
        self._listed: dict[tuple[str | None, str | None], list[Mapping[str, Any]]] = {}

    def project(self, project_id: str) -> Mapping[str, Any] | None:
        """The project with this id; an empty dict if there is none."""
        if project_id not in self._shown and self._may_show:
            path = f"/projects/{quote(project_id, safe='')}"
            doing = f"look for project {project_id}"
            try:
                answer = self._service.send("GET", path, doing=doing, expect="project")
                self._shown[project_id] = answer["project"]
            except NotFound:
                self._shown[project_id] = {}
            except Forbidden:
                self._may_show = False
        return self._shown.get(project_id)

    def projects(
        self, *, name: str | None = None, domain_id: str | None = None
    ) -> list[Mapping[str, Any]] | None:
        """Every project, or those of a name or domain."""
        asked = (name, domain_id)
        if asked not in self._listed and self._may_list:
            parts = {"name": name, "domain_id": domain_id}
            query = {key: value for key, value in parts.items() if value is not None}
            try:
                answer = self._service.send(
                    "GET", "/projects", doing="list projects", expect="projects", query=query
                )
                # A listing that the server cut short may have one of two projects of a name.
                whole = name is not None or not answer.get("truncated")
                self._listed[asked] = answer["projects"] if whole else []
            except Forbidden:
                self._may_list = False
        return self._listed.get(asked)

    @cached_property
    def own_projects(self) -> list[Mapping[str, Any]]:
        """The projects that the session's user has a role in; everybody may ask for these."""
        answer = self._service.send(
            "GET", "/auth/projects", doing="list the user's projects", expect="projects"
        )
        projects: list[Mapping[str, Any]] = answer["projects"]
        return projects

    def domain_id(self, reference: str) -> str | None:
        """The id of the domain with this name or id; None where policy does not let us know."""
        access = self._access()
        for kind in ("project", "user"):
            domain_id = getattr(access, f"{kind}_domain_id", None)
            domain_name = getattr(access, f"{kind}_domain_name", None)
            if domain_id and reference in {domain_id, domain_name}:
                return str(domain_id)
        doing = f"look for domain {reference}"
        try:
            named = self._service.send(
                "GET", "/domains", doing=doing, expect="domains", query={"name": reference}
            )
            if named["domains"]:
                return str(named["domains"][0]["id"])
            path = f"/domains/{quote(reference, safe='')}"
            answer = self._service.send("GET", path, doing=doing, expect="domain")
            return str(answer["domain"]["id"])
        except Forbidden:
            return None
        except NotFound as error:
            raise NotFound(
                f"There is no domain {reference!r}. Check project_domain; it takes a name or an id."
            ) from error
