# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Carrying out the steps of a plan, each with what the cloud answered."""

from __future__ import annotations

from dataclasses import replace

from ..domain.image import ImageState, Member
from ..domain.plan import AddMember, AnswerShare, PatchImage, RemoveMember, SetActive, Step
from ..errors import CuratorError, PartlyDone
from .connect import Cloud


def carry_out(cloud: Cloud, steps: tuple[Step, ...], state: ImageState) -> ImageState:
    """Do the steps in order; a failure says which were done and which were not."""
    for number, step in enumerate(steps):
        try:
            state = _do(cloud, step, state)
        except CuratorError as error:
            if number == 0:
                raise
            done = [earlier.summary for earlier in steps[:number]]
            left = [later.summary for later in steps[number:]]
            raise PartlyDone(
                f"{error.message} Done before that: {', '.join(done)}. "
                f"Not done: {', '.join(left)}. The task can be run again as it is.",
                changed=True,
                done=done,
                not_done=left,
                **state.as_result(),
            ) from error
    return state


def _do(cloud: Cloud, step: Step, state: ImageState) -> ImageState:
    match step:
        case PatchImage():
            image = cloud.glance.patch(
                step.image_id,
                step.operations,
                doing=step.summary,
                when_forbidden=step.when_forbidden,
            )
            # Glance keeps the members of an image that is no longer shared, and shows them to none.
            members = state.members if image.visibility == "shared" else ()
            return ImageState(image=image, members=None if state.members is None else members)
        case SetActive():
            cloud.glance.set_active(step.image_id, active=step.active, doing=step.summary)
            status = "active" if step.active else "deactivated"
            return replace(state, image=replace(state.image, status=status))
        case AddMember():
            added = cloud.glance.add_member(step.image_id, step.project_id, doing=step.summary)
            member = added or Member(project_id=step.project_id, status="pending")
            member = replace(member, project_name=step.project_name)
            return replace(state, members=(*_without(state, step.project_id), member))
        case RemoveMember():
            cloud.glance.remove_member(step.image_id, step.project_id, doing=step.summary)
            return replace(state, members=_without(state, step.project_id))
        case AnswerShare():
            member = cloud.glance.answer(
                step.image_id, step.project_id, step.status, doing=step.summary
            )
            return replace(state, members=(member,))


def _without(state: ImageState, project_id: str) -> tuple[Member, ...]:
    return tuple(member for member in state.members or () if member.project_id != project_id)
