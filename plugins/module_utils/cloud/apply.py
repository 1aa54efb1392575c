# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Carrying out the steps of a plan, each with what the cloud answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..domain.image import ImageState, Member
from ..domain.plan import (
    AddMember,
    AnswerShare,
    PatchImage,
    Plan,
    RemoveMember,
    SetActive,
    Step,
    surprises,
)
from ..domain.values import some
from ..errors import CuratorError, PartlyDone
from .connect import Cloud
from .images import being_written, settle


def carry_out(cloud: Cloud, plan: Plan, look_again: Callable[[], Plan]) -> Plan:
    """Do what a plan says, and what shows only then; the result is the plan as it was done.

    A failure after the first step says which steps were done and which were not.
    """
    if being_written(plan.before.image) and any(isinstance(s, PatchImage) for s in plan.steps):
        settle(cloud, plan.before.image)
        plan = look_again()
    before = plan.before
    done: list[Step] = []
    left = list(plan.steps)
    state = before
    warnings = plan.warnings
    try:
        while left:
            state = _do(cloud, left[0], state)
            done.append(left.pop(0))
            if not left and plan.look_again:
                plan, expected = look_again(), plan.after
                left, state = list(plan.steps), plan.before
                warnings = (*warnings, *plan.warnings, *surprises(expected, plan.after))
    except CuratorError as error:
        if not done:
            raise
        was_done = [step.summary for step in done]
        # Nothing is left where the second look itself failed, and what it would have shown is open.
        not_done = [step.summary for step in left] or ["what shows only after that"]
        raise PartlyDone(
            f"{error.message} Done before that: {some(was_done)}. Not done: {some(not_done)}. "
            "Run again, the task goes on from there.",
            changed=True,
            done=was_done,
            not_done=not_done,
            **state.as_result(),
        ) from error
    after = state if done else plan.after
    return Plan(before=before, after=after, steps=tuple(done), warnings=warnings)


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
