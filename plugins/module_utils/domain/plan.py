# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Plan, then apply: what a task would do, as a value.

A plan is made by a pure function from what was asked and what the cloud showed. In check mode the
task ends with it; otherwise `cloud/apply.py` carries its steps out in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from .image import ImageState
from .values import some


class State(Protocol):
    """How something stands, before a task or after it."""

    def as_result(self) -> dict[str, Any]:
        """The state as keys of a module's result."""

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""


class Planning(Protocol):
    """What every plan tells, whatever its steps are and whoever carries them out."""

    @property
    def before(self) -> State: ...
    @property
    def after(self) -> State: ...
    @property
    def changed(self) -> bool: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...
    @property
    def guesses(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchImage:
    """Change attributes, tags and properties of an image in one request, all or nothing."""

    image_id: str
    operations: tuple[Mapping[str, Any], ...]
    summary: str
    # What to do when policy does not allow it.
    when_forbidden: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetActive:
    """Let an image be used, or stop that without taking it away."""

    image_id: str
    active: bool

    @property
    def summary(self) -> str:
        """The step in words."""
        return f"{'reactivate' if self.active else 'deactivate'} image {self.image_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember:
    """Let a project use a shared image."""

    image_id: str
    project_id: str
    project_name: str | None = None

    @property
    def summary(self) -> str:
        """The step in words."""
        return f"add member {self.project_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMember:
    """Take a shared image away from a project."""

    image_id: str
    project_id: str

    @property
    def summary(self) -> str:
        """The step in words."""
        return f"remove member {self.project_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShare:
    """As the consumer: accept, reject or put off an image that was shared with us."""

    image_id: str
    project_id: str
    status: str

    @property
    def summary(self) -> str:
        """The step in words."""
        return f"set the answer of project {self.project_id} to {self.status}"


Step: TypeAlias = "PatchImage | SetActive | AddMember | RemoveMember | AnswerShare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where an image stands, where it will stand, and the steps between."""

    before: ImageState
    after: ImageState
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()
    # Said in check mode only: what could be known no better without doing it.
    guesses: tuple[str, ...] = ()
    # Something shows only once the steps are done: read again and plan the rest then.
    look_again: bool = False

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.steps)


def surprises(expected: ImageState, found: ImageState) -> tuple[str, ...]:
    """What showed only once an image was shared again: members that nobody asked for."""
    known = {member.project_id for member in expected.members or ()}
    returned = [m.project_id for m in found.members or () if m.project_id not in known]
    if not returned:
        return ()
    warning = (
        f"Image {found.image.id} was shared before: project {some(returned)} has it back, as "
        "Glance kept the old grant. To take it away, name the projects that remain with "
        "exact: true."
    )
    return (warning,)
