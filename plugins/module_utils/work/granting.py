# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Giving an image to those who have another one."""

from __future__ import annotations

from ..cloud.connect import Cloud
from ..domain.grants import Grants, not_carried
from ..domain.image import Member
from ..errors import Forbidden
from .stepping_back import settled


def grant(cloud: Cloud, grants: Grants) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """The members as they are then, and what could not be carried over to them."""
    settled_plan = settled(cloud, grants.plan, lambda: grants.plan)
    members = {member.project_id: member for member in settled_plan.after.members or ()}
    for number, answer in enumerate(grants.answers):
        try:
            cloud.glance.answer(
                grants.plan.before.image.id,
                answer.project_id,
                answer.status,
                doing=f"carry the answer of project {answer.project_id} over",
            )
        except Forbidden:
            left = [one for one in grants.answers[number:] if one.status == "accepted"]
            return tuple(members.values()), not_carried(left)
        members[answer.project_id] = answer
    return tuple(members.values()), ()
