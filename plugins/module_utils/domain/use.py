# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Who needs an image: what those know who were asked, and how far they could tell.

Glance does not know: it answers that an image was deleted while servers run on clones of it. Nova
and Cinder know of their servers and volumes, and tell a plain member only of its own project's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .values import some

# How far an answer reaches. Without the service, nobody can be asked; that means different things
# for servers, which another region may have, and for volumes, which there are then none of.
ALL_PROJECTS, OWN_PROJECT, NO_SERVICE = "all_projects", "own_project", "no_service"
# How many are told apart; of more, only that there are.
MOST_TOLD = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A server or volume that needs the image."""

    kind: str
    id: str
    name: str
    project: str | None = None
    project_name: str | None = None

    @property
    def label(self) -> str:
        """The server or volume, and whose it is, in a message."""
        named = f"{self.kind} {self.name!r} ({self.id})" if self.name else f"{self.kind} {self.id}"
        owner = self.project_name or self.project
        return f"{named} of project {owner}" if owner else named

    def as_result(self) -> dict[str, Any]:
        """The shape in which modules return it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "project_id": self.project,
            "project_name": self.project_name,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What is known of servers and volumes that need an image."""

    # Which ones were asked about.
    servers: str = NO_SERVICE
    volumes: str = NO_SERVICE
    users: tuple[User, ...] = ()
    # Whether there are more of them than were read.
    more: bool = False

    @property
    def is_known_to_be_none(self) -> bool:
        """Whether the image can go without harm to anybody."""
        everywhere = self.servers == ALL_PROJECTS and self.volumes != OWN_PROJECT
        return everywhere and not self.users

    @property
    def known(self) -> str:
        """The users in a message: so many of them by name, and how many there are."""
        shown = some([user.label for user in self.users])
        return f"{shown}, and others" if self.more else shown

    @property
    def unknown(self) -> str:
        """Of whom it is not known whether they need the image, in a message."""
        if self.servers == NO_SERVICE:
            return "the cloud's catalog has no compute service for this session that could be asked"
        return f"the session may ask about its own project's {' and '.join(self._narrow)} only"

    @property
    def _narrow(self) -> Iterator[str]:
        if self.servers == OWN_PROJECT:
            yield "servers"
        if self.volumes == OWN_PROJECT:
            yield "volumes"

    def asked(self) -> dict[str, str]:
        """How far the answers reach, as a key of a module's result."""
        return {"servers": self.servers, "volumes": self.volumes}

    def in_use(self) -> list[dict[str, Any]]:
        """The users as a key of a module's result."""
        return [user.as_result() for user in self.users]
