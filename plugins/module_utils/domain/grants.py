# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Giving an image to those who have another one, before it takes the place of that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .image import Image, ImageState, Member
from .plan import AddMember, PatchImage, Plan, Step
from .values import some
from .visibility import operation, when_forbidden

_PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """What the owner does, and what an administrator may then answer in the members' stead."""

    plan: Plan
    answers: tuple[Member, ...]

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return self.plan.changed or bool(self.answers)

    @property
    def guesses(self) -> tuple[str, ...]:
        """What check mode cannot know."""
        if not self.answers:
            return ()
        guess = (
            f"Project {some([member.project_id for member in self.answers])} answered for the old "
            "image, and check mode takes it that the answer can be carried over. That is for "
            "administrators: for others, the members have to accept the new image themselves."
        )
        return (guess,)


def plan_grants(image: Image, members: Sequence[Member], wanted: Iterable[Member]) -> Grants:
    """What it takes to give an image to all of these members, with what they answered elsewhere.

    A member that has answered for this image already keeps that answer.
    """
    has = {member.project_id: member for member in members}
    wanted = [member for member in wanted if member.project_id != image.owner]
    steps: list[Step] = []
    if image.visibility != "shared":
        steps.append(
            PatchImage(
                image_id=image.id,
                operations=(operation("shared"),),
                summary=f"change image {image.id} from {image.visibility} to shared",
                when_forbidden=when_forbidden("shared"),
            )
        )
    steps += [
        AddMember(image_id=image.id, project_id=member.project_id)
        for member in wanted
        if member.project_id not in has
    ]
    answers = tuple(
        member
        for member in wanted
        if member.status != _PENDING
        and has.get(member.project_id, replace(member, status=_PENDING)).status == _PENDING
    )
    later = {**{member.project_id: member for member in wanted}, **has}
    later |= {member.project_id: member for member in answers}
    return Grants(
        plan=Plan(
            before=ImageState(image=image, members=tuple(members)),
            after=ImageState(
                image=replace(image, visibility="shared"), members=tuple(later.values())
            ),
            steps=tuple(steps),
        ),
        answers=answers,
    )


def not_carried(members: Iterable[Member]) -> tuple[str, ...]:
    """A warning of members who have the image and do not find it."""
    names = [member.project_id for member in members]
    if not names:
        return ()
    warning = (
        f"Project {some(names)} had accepted the old image, has the new one, and does not find it "
        "in its lists before it accepts that too: only an administrator may answer for others. Let "
        "them accept it with image_share and status: accepted."
    )
    return (warning,)
