# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What has to be done for an image to be at one destination, given what stands there already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...errors import Conflict, InvalidRequest
from ..grants import Grants, plan_grants
from ..image import Image, ImageState, Member
from ..lineage import TAG, is_ours
from ..properties import applied
from ..readable import known_digest
from ..standing import as_reference, standing_diff
from ..succession import FAIL, ROTATE, left_behind, making_way
from ..supersede import plan_step_back
from ..upload_plan import CREATED, ROTATED, UNCHANGED
from ..values import some
from .carrying import Carried, Dropped, carry
from .destination import Destination
from .making import first_record, publishing, smallest_disk
from .origin import Origin
from .wish import SERVER, MigrationWish

_SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationSeen:
    """What both clouds showed before the first byte moves."""

    origin: Origin
    # The session's project at the destination, which makes the image, and the one that it shall
    # belong to.
    project: str
    owner: str
    # Images there that have the name, and images that may hold the content.
    named: tuple[Image, ...]
    alike: tuple[Image, ...]
    # When this is, as it will stand on an image that is made now.
    now: str
    # Who shall have the image, by their ids there; None where that is not carried along.
    members: tuple[Member, ...] | None = None
    unmapped: tuple[str, ...] = ()
    # Who has the image that is there already.
    standing_members: tuple[Member, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def standing(self) -> Image | None:
        """The image that is there already."""
        candidates = {image.id: image for image in (*self.named, *self.alike)}
        return self.origin.standing(candidates.values(), owner=self.owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationState:
    """The image at the destination, and what was done to come there."""

    source: Image
    image: Image | None
    action: str = UNCHANGED
    previous: Image | None = None
    transfer: Mapping[str, Any] | None = None
    dropped: tuple[Dropped, ...] = ()
    members: tuple[Member, ...] | None = None
    unmapped: tuple[str, ...] = ()

    def as_result(self) -> dict[str, Any]:
        """The state as keys of the module's result."""
        result: dict[str, Any] = {
            "image": None,
            "action": self.action,
            "previous": self.previous and as_reference(self.previous),
            "transfer": self.transfer and dict(self.transfer),
            "dropped": [one.as_result() for one in self.dropped],
            "unmapped_members": list(self.unmapped),
        }
        if self.image is not None:
            result |= ImageState(image=self.image, members=self.members).as_result()
        return result

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        if self.image is None:
            return {}
        return standing_diff(ImageState(image=self.image, members=self.members), self.previous)


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationPlan:
    """How it stands at the destination, how it will stand, and which way leads there."""

    wish: MigrationWish
    destination: Destination
    seen: MigrationSeen
    carried: Carried
    before: MigrationState
    after: MigrationState
    # The image is there; what is left is to give it to its members. None: it has yet to be made.
    standing: Image | None = None
    grants: Grants | None = None
    # These step back once the new one is there, first the one that has the name now.
    step_back: tuple[Image, ...] = ()
    # For each kernel or ramdisk, how that comes there first.
    companions: Mapping[str, MigrationPlan] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything is done."""
        own = self.standing is None or bool(self.step_back) or bool(self.grants)
        return own or any(plan.changed for plan in self.companions.values())

    @property
    def predecessor(self) -> Image | None:
        """Whose name the image takes."""
        return next(iter(self.step_back), None)

    @property
    def visibility(self) -> str:
        """Who shall see the image: as the task says, or as at the source."""
        return self.destination.visibility or self.seen.origin.image.visibility

    def with_companions(self, images: Mapping[str, Image]) -> MigrationPlan:
        """The plan with the ids of kernel and ramdisk as they are there."""
        ids = {name: image.id for name, image in images.items()}
        carried = replace(self.carried, properties={**self.carried.properties, **ids})
        return replace(self, carried=carried)


def plan_migration(
    wish: MigrationWish,
    destination: Destination,
    seen: MigrationSeen,
    companions: Mapping[str, MigrationPlan] | None = None,
) -> MigrationPlan:
    """Decide what has to be done."""
    origin = seen.origin
    carried = carry(origin.image, wish.properties, converts=origin.converts)
    standing = seen.standing
    if standing is not None:
        return _plan_standing(wish, destination, seen, standing)
    if wish.method == SERVER:
        _require_cloud_can(origin)
    there = {
        name: plan.after.image.id for name, plan in (companions or {}).items() if plan.after.image
    }
    carried = replace(carried, properties={**carried.properties, **there})
    step_back = _making_way(wish, seen)
    predecessor = next(iter(step_back), None)
    plan = MigrationPlan(
        wish=wish,
        destination=destination,
        seen=seen,
        carried=carried,
        before=MigrationState(source=origin.image, image=predecessor),
        after=MigrationState(
            source=origin.image,
            image=None,
            action=ROTATED if predecessor else CREATED,
            previous=_stepped_back(wish, seen, predecessor),
            dropped=carried.dropped,
            members=seen.members,
            unmapped=seen.unmapped,
        ),
        step_back=step_back,
        companions=companions or {},
        warnings=(*seen.warnings, *_unmapped(seen), *_lost_members(destination, seen)),
        guesses=_guesses(destination, origin),
    )
    return replace(plan, after=replace(plan.after, image=_predicted(plan)))


def _require_cloud_can(origin: Origin) -> None:
    """Refuse what the destination's Glance cannot do by itself."""
    if origin.converts:
        raise InvalidRequest(
            f"method is server, and disk_format {origin.disk_format} is to make raw of "
            f"{origin.image.disk_format}, which only this host can do. Use method: stream."
        )
    # Without data there is no digest either, and that is said elsewhere.
    if origin.image.size and known_digest(origin.image) is None:
        raise InvalidRequest(
            "method is server, and Glance has neither os_hash_value nor checksum of image "
            f"{origin.image.id}: nothing would prove what the destination fetched. Use method: "
            "stream, which hashes the bytes on their way."
        )


def _plan_standing(
    wish: MigrationWish, destination: Destination, seen: MigrationSeen, standing: Image
) -> MigrationPlan:
    """Nothing about the image itself is changed: people may have, after it was brought."""
    ours = is_ours(standing, seen.owner)
    grants = None
    if seen.members and ours and standing.visibility == _SHARED:
        found = plan_grants(standing, seen.standing_members, seen.members)
        grants = found if found.changed else None
    step_back: tuple[Image, ...] = ()
    if ours and standing.name == seen.origin.name and wish.on_conflict == ROTATE:
        # What an interrupted run left to be done.
        step_back = tuple(
            other
            for other in left_behind(seen.named, standing, seen.owner)
            if plan_step_back(other, wish.supersede, project=seen.owner).changed
        )
    before = MigrationState(
        source=seen.origin.image,
        image=standing,
        members=None if seen.members is None else seen.standing_members,
        unmapped=seen.unmapped,
    )
    after = replace(before, previous=_stepped_back(wish, seen, next(iter(step_back), None)))
    if grants is not None:
        after = replace(after, members=_with_answers(grants))
    return MigrationPlan(
        wish=wish,
        destination=destination,
        seen=seen,
        carried=Carried(properties=standing.properties),
        before=before,
        after=after,
        standing=standing,
        grants=grants,
        step_back=step_back,
        warnings=(*seen.warnings, *_unmapped(seen), *_about(standing, seen)),
        guesses=grants.guesses if grants else (),
    )


def _making_way(wish: MigrationWish, seen: MigrationSeen) -> tuple[Image, ...]:
    name = seen.origin.name
    if seen.named and wish.on_conflict == FAIL:
        described = "; ".join(
            f"{image.id} ({image.status}, {image.visibility}, {image.size} bytes, made "
            f"{image.created_at})"
            for image in seen.named
        )
        raise Conflict(
            f"{name!r} is there with other content: {described}. Nothing was changed, as "
            "on_conflict is fail. Use rotate to let it step back, or give destination.name.",
            candidates=[image.id for image in seen.named],
        )
    return making_way(seen.named, name, wish.on_conflict, seen.owner)


def _stepped_back(wish: MigrationWish, seen: MigrationSeen, image: Image | None) -> Image | None:
    if image is None:
        return None
    return plan_step_back(image, wish.supersede, project=seen.owner).after.image


def _with_answers(grants: Grants) -> tuple[Member, ...]:
    return grants.plan.after.members or ()


def _predicted(plan: MigrationPlan) -> Image:
    """The image as it will be, as far as that is known before its bytes are."""
    source, seen = plan.seen.origin.image, plan.seen
    record = first_record(seen.origin, plan.carried, owner=seen.owner, attempt=0)
    # What is converted has, as raw, the size of the disk.
    size = source.virtual_size if seen.origin.converts else source.size
    return Image(
        id=record["id"],
        name=seen.origin.name,
        status="active",
        visibility=plan.visibility,
        hidden=source.hidden,
        protected=source.protected,
        owner=seen.owner,
        size=size,
        virtual_size=source.virtual_size,
        checksum=None if seen.origin.converts else source.checksum,
        min_disk=smallest_disk(seen.origin, size),
        min_ram=source.min_ram,
        disk_format=record["disk_format"],
        container_format=record["container_format"],
        tags=tuple(sorted({*source.tags, TAG})),
        properties=applied(
            {**plan.carried.properties, **seen.origin.lineage.as_properties(), **seen.origin.mark},
            publishing(seen.now, plan.predecessor),
        ),
    )


def _unmapped(seen: MigrationSeen) -> tuple[str, ...]:
    if not seen.unmapped:
        return ()
    warning = (
        f"Project {some(seen.unmapped)} has image {seen.origin.image.id} at the source and does "
        "not get it at the destination. Name the same project there in project_map."
    )
    return (warning,)


def _lost_members(destination: Destination, seen: MigrationSeen) -> tuple[str, ...]:
    visibility = destination.visibility or _SHARED
    if not seen.members or visibility == _SHARED:
        return ()
    warning = (
        f"Only a shared image has members: as {visibility}, the image does not go to those that "
        "it has at the source."
    )
    return (warning,)


def _about(standing: Image, seen: MigrationSeen) -> tuple[str, ...]:
    said = []
    if standing.name != seen.origin.name:
        said.append(
            f"The content of {seen.origin.name!r} is at the destination as image {standing.id}, "
            f"named {standing.name!r}, and was left as it is."
        )
    if standing.status == "deactivated":
        said.append(f"Image {standing.id} is deactivated there: nobody can start it.")
    return tuple(said)


def _guesses(destination: Destination, origin: Origin) -> tuple[str, ...]:
    visibility = origin.image.visibility
    if destination.visibility is not None or visibility not in {"public", "community"}:
        return ()
    guess = (
        f"Whether the destination lets this session make an image {visibility} shows only once "
        "there is one. Check mode takes it that it does; otherwise the image will be private."
    )
    return (guess,)
