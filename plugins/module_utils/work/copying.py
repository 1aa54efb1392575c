# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""From an image that the cloud made of a server or volume to one with other bytes beside it."""

from __future__ import annotations

from dataclasses import replace

from ..cloud.connect import Cloud
from ..domain.image import Image
from ..domain.migration.destination import Destination
from ..domain.migration.wish import MigrationWish
from ..domain.plan import Plan
from ..domain.snapshot.planning import SnapshotPlan, plan_description
from ..domain.snapshot.subject import source_of
from .migrating import Migration
from .stepping_back import settled


def copied(cloud: Cloud, plan: SnapshotPlan, image: Image) -> SnapshotPlan:
    """The plan with the new image: brought along as a migration does, within one project."""
    wish = plan.wish
    migration = Migration(
        cloud,
        MigrationWish(
            image=image.id,
            source=source_of(plan.seen.subject),
            destinations=(Destination(label=wish.name, name=wish.name, visibility="private"),),
            disk_format=wish.disk_format,
            properties={**wish.properties, "curator_source": source_of(plan.seen.subject)},
            cache_dir=wish.cache_dir,
        ),
        lambda _options: cloud,
    )
    (state,) = migration.carry_out(migration.look()).after.states
    if state is None or state.image is None:
        # Of a single destination, what fails is raised.
        raise AssertionError
    after = replace(
        plan.after,
        image=_as_ours(cloud, plan, state.image),
        transfer=state.transfer,
    )
    return replace(plan, after=after)


def _as_ours(cloud: Cloud, plan: SnapshotPlan, image: Image) -> Image:
    """The copy with the task's tags, and without a word on the image that it was copied from."""

    def change() -> Plan:
        return plan_description(plan.wish, cloud.glance.image(image.id) or image)

    return settled(cloud, change(), change).after.image
