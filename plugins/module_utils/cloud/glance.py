# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The image API: one function a request, in the words of this collection."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from ..domain.image import Image, Member
from ..domain.visibility import NOT_THE_OWNER
from ..errors import Conflict, Forbidden, NotFound
from .service import Service

_PATCH_TYPE = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
# The most that Glance gives on one page, unless configured lower.
_PAGE = "1000"
_NAMESPACES = "/metadefs/namespaces"


class Glance:
    """What this collection asks of Glance."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def image(self, image_id: str) -> Image | None:
        """The image with this id, if there is one that the session may see."""
        try:
            record = self._service.send(
                "GET", _path(image_id), doing=f"read image {image_id}", expect="id"
            )
        except NotFound:
            return None
        return Image.from_glance(record)

    def images(
        self, query: Mapping[str, str] | Sequence[tuple[str, str]], *, doing: str
    ) -> Iterator[Image]:
        """All images of a listing, however many pages it has."""
        parts = list(query.items()) if isinstance(query, Mapping) else list(query)
        return map(Image.from_glance, self._listed("images", parts, path="/images", doing=doing))

    def _listed(
        self, kind: str, query: Sequence[tuple[str, str]], *, path: str, doing: str
    ) -> Iterator[Mapping[str, Any]]:
        parts = [*query, ("limit", _PAGE)]
        while True:
            page = self._service.send("GET", path, doing=doing, query=parts, expect=kind)
            yield from page[kind]
            if "next" not in page:
                return
            parts = parse_qsl(urlsplit(page["next"]).query, keep_blank_values=True)

    def namespaces(self) -> Iterator[Mapping[str, Any]]:
        """The namespaces of metadata definitions that are meant for images, without their content.

        An administrator's listing shows what every project keeps to itself.
        """
        return self._listed(
            "namespaces",
            [("resource_types", "OS::Glance::Image")],
            path=_NAMESPACES,
            doing="list the cloud's metadata definitions",
        )

    def namespace(self, name: str) -> Mapping[str, Any]:
        """One namespace of metadata definitions, with its properties."""
        found: Mapping[str, Any] = self._service.send(
            "GET",
            f"{_NAMESPACES}/{quote(name, safe='')}",
            doing=f"read the metadata definitions {name!r}",
            expect="namespace",
        )
        return found

    def create(self, record: Mapping[str, Any], *, doing: str) -> Image:
        """Make an image without data. An id that is, or ever was, an image's is a Conflict."""
        answer = self._service.send(
            "POST",
            "/images",
            doing=doing,
            expect="id",
            hints={
                403: "The cloud's policy does not let this session make such an image.",
                413: (
                    "A quota is reached: on images of the project, or on properties or tags of one "
                    "(128 each unless configured)."
                ),
            },
            json=dict(record),
        )
        return Image.from_glance(answer)

    def delete(self, image_id: str) -> None:
        """Remove an image for good, unless somebody else just did."""
        try:
            self._service.send("DELETE", _path(image_id), doing=f"delete image {image_id}")
        except NotFound:
            return

    def newest(self) -> Image | None:
        """The newest image that is complete: it shows how this cloud hashes."""
        query = {"status": "active", "sort": "created_at:desc", "limit": "1"}
        page = self._service.send(
            "GET", "/images", doing="look at the newest image", query=query, expect="images"
        )
        return next(map(Image.from_glance, page["images"]), None)

    def usage(self) -> Mapping[str, Mapping[str, int]]:
        """What the project may have and has; nothing where the cloud sets no limits."""
        try:
            told = self._service.send(
                "GET", "/info/usage", doing="read the project's quota", expect="usage"
            )
        except (NotFound, Forbidden):
            # Older than the question, or closed to this session: then nothing can be said.
            return {}
        found: Mapping[str, Mapping[str, int]] = told["usage"]
        return found

    def patch(
        self,
        image_id: str,
        operations: Sequence[Mapping[str, Any]],
        *,
        doing: str,
        when_forbidden: str = "",
    ) -> Image:
        """Change an image in one request, all or nothing."""
        record = self._service.send(
            "PATCH",
            _path(image_id),
            doing=doing,
            expect="id",
            hints={
                403: when_forbidden,
                409: "Somebody else changed the image meanwhile. Run the task again.",
                413: "A quota on properties or tags is reached (128 each unless configured).",
            },
            json=list(operations),
            headers=_PATCH_TYPE,
        )
        return Image.from_glance(record)

    def rehearse(
        self,
        image_id: str,
        operations: Sequence[Mapping[str, Any]],
        *,
        doing: str,
        when_forbidden: str,
    ) -> None:
        """Ask whether a change would be allowed, without making it.

        A change is carried out whole or not at all, and policy is asked operation by operation: the
        last one here cannot succeed.
        """
        never = {"op": "remove", "path": f"/curator_{uuid.uuid4().hex}"}
        with suppress(Conflict):
            self.patch(image_id, [*operations, never], doing=doing, when_forbidden=when_forbidden)

    def set_active(self, image_id: str, *, active: bool, doing: str) -> None:
        """Let an image be used, or stop that."""
        action = "reactivate" if active else "deactivate"
        self._service.send(
            "POST",
            _path(image_id, "actions", action),
            doing=doing,
            hints={403: NOT_THE_OWNER},
        )

    def members(self, image_id: str) -> tuple[Member, ...]:
        """Whom a shared image is shared with; for a consumer, only itself."""
        listing = self._service.send(
            "GET",
            _path(image_id, "members"),
            doing=f"read the members of image {image_id}",
            expect="members",
        )
        return tuple(map(_member, listing["members"]))

    def member(self, image_id: str, project_id: str) -> Member | None:
        """A project's own place among the members of an image."""
        try:
            record = self._service.send(
                "GET",
                _path(image_id, "members", project_id),
                doing=f"read whether image {image_id} is shared with project {project_id}",
                expect="member_id",
            )
        except NotFound:
            return None
        return _member(record)

    def add_member(self, image_id: str, project_id: str, *, doing: str) -> Member | None:
        """Share an image with a project; None if somebody else just did."""
        try:
            record = self._service.send(
                "POST",
                _path(image_id, "members"),
                doing=doing,
                expect="member_id",
                hints={
                    403: NOT_THE_OWNER,
                    413: (
                        "The cloud's limit on members of one image (image_member_quota) is "
                        "reached. Remove members, or use visibility: community."
                    ),
                },
                json={"member": project_id},
            )
        except Conflict:
            return None
        return _member(record)

    def remove_member(self, image_id: str, project_id: str, *, doing: str) -> None:
        """Take a shared image away from a project, unless somebody else just did."""
        try:
            self._service.send(
                "DELETE",
                _path(image_id, "members", project_id),
                doing=doing,
                hints={403: NOT_THE_OWNER},
            )
        except NotFound:
            return

    def answer(self, image_id: str, project_id: str, status: str, *, doing: str) -> Member:
        """Accept, reject or put off an image that was shared with a project."""
        record = self._service.send(
            "PUT",
            _path(image_id, "members", project_id),
            doing=doing,
            expect="member_id",
            hints={
                403: "Only the project that the image is shared with may answer.",
                404: "The owner has to share the image with this project first.",
            },
            json={"status": status},
        )
        return _member(record)


def _path(image_id: str, *more: str) -> str:
    return "/".join(["/images", *(quote(part, safe="") for part in (image_id, *more))])


def _member(record: Mapping[str, Any]) -> Member:
    return Member(project_id=record["member_id"], status=record["status"])
