# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a migration has to know before it can plan: the image, and what stands where it shall go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..cloud.connect import Cloud
from ..cloud.images import find_image
from ..cloud.projects import resolve
from ..domain.image import Image, Member
from ..domain.migration.carrying import companions, require_movable
from ..domain.migration.destination import Destination
from ..domain.migration.origin import Origin
from ..domain.migration.planning import MigrationPlan, MigrationSeen, plan_migration
from ..domain.migration.wish import KEEP, MigrationWish
from ..errors import NotFound
from .mapping import mapped_members
from .naming import listed, named_images, now, own_project

_SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """What the source showed: the image, who has it, and the images that it cannot do without."""

    image: Image
    members: tuple[Member, ...] | None = None
    companions: Mapping[str, Image] = field(default_factory=dict)


def read_source(cloud: Cloud, wish: MigrationWish) -> SourceSeen:
    """Look at the image, and refuse it where no migration could come true."""
    image = find_image(cloud, wish.image)
    named = image.name or next((one.name for one in wish.destinations if one.name), None)
    require_movable(image, wish.properties, named)
    found = {
        name: _companion(cloud, image, name, image_id)
        for name, image_id in companions(image, wish.properties).items()
    }
    return SourceSeen(image=image, members=_members(cloud, wish, image), companions=found)


def _companion(cloud: Cloud, image: Image, name: str, image_id: str) -> Image:
    found = cloud.glance.image(image_id)
    if found is None:
        raise NotFound(
            f"Image {image.id} names {image_id} as its {name}, and there is no such image for this "
            f"session. Give the one to use at the destination as {name} in properties, or null."
        )
    require_movable(found, {}, found.name)
    return found


def _members(cloud: Cloud, wish: MigrationWish, image: Image) -> tuple[Member, ...] | None:
    if not wish.members:
        return None
    # Others have none, and Glance answers the question with an error.
    return cloud.glance.members(image.id) if image.visibility == _SHARED else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Locating:
    """What is found out of one destination before anything is done there."""

    source: Cloud
    cloud: Cloud
    wish: MigrationWish

    def planned(self, destination: Destination, seen: SourceSeen) -> MigrationPlan:
        """What has to be done there, beginning with what the image cannot do without."""
        require_movable(seen.image, self.wish.properties, destination.name or seen.image.name)
        # A kernel is no disk, and what the task says of the image does not hold for it. One that
        # names others itself has no use for them.
        wish = replace(self.wish, disk_format=KEEP, properties=dict.fromkeys(seen.companions))
        beside = replace(self, wish=wish)
        alike = replace(destination, name=None, visibility=None)
        plans = {
            name: plan_migration(wish, alike, beside.there(alike, self._alone(image)))
            for name, image in seen.companions.items()
        }
        return plan_migration(self.wish, destination, self.there(destination, seen), plans)

    def _alone(self, image: Image) -> SourceSeen:
        return SourceSeen(image=image, members=_members(self.source, self.wish, image))

    def there(self, destination: Destination, seen: SourceSeen) -> MigrationSeen:
        """What stands there already."""
        project = owner = own_project(self.cloud)
        warnings: list[str] = []
        if destination.owner is not None:
            resolved = resolve(self.cloud, [destination.owner], known=[project])
            owner = resolved.ids[destination.owner]
            warnings += resolved.warnings
        origin = Origin(
            image=seen.image,
            cloud=self.wish.source,
            disk_format=self.wish.disk_format,
            name_wanted=destination.name,
        )
        mapped = mapped_members(self.source, self.cloud, seen.members or (), self.wish.project_map)
        found = MigrationSeen(
            origin=origin,
            project=project,
            owner=owner,
            named=named_images(self.cloud, origin.name, owner),
            alike=tuple(_alike(self.cloud, origin, {project, owner})),
            now=now(),
            members=None if seen.members is None else mapped.members,
            unmapped=mapped.unmapped,
            warnings=(*warnings, *mapped.warnings),
        )
        standing = found.standing
        if found.members and standing and standing.visibility == _SHARED:
            members = self.cloud.glance.members(standing.id)
            return replace(found, standing_members=members)
        return found


def _alike(cloud: Cloud, origin: Origin, owners: set[str]) -> Iterator[Image]:
    """Images that may hold the content, and those that were begun for it."""
    lineage = origin.lineage
    queries = [
        {"curator_proof": lineage.proof}
        if lineage.proof
        else {"curator_source_version": lineage.version}
    ]
    image = origin.image
    if not origin.converts and (image.os_hash_value or image.checksum):
        queries.append(
            {"os_hash_value": image.os_hash_value}
            if image.os_hash_value
            else {"checksum": str(image.checksum)}
        )
    for owner in sorted(owners):
        for query in queries:
            yield from listed(cloud, {**query, "owner": owner}, both=True)
