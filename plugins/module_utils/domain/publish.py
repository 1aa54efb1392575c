# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Giving a staged image its public name: what it is asked to be, and how others make way.

Glance changes one image in a request. So the new image gets the name first and the old one steps
back then: between the two requests there are two images of the name, and never none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from ..errors import InvalidRequest, NotReady, Unproven
from .grants import Grants, plan_grants
from .image import Image, ImageState, Member
from .lineage import (
    PUBLISHED,
    STAGED,
    VERIFY_FAILED,
    has_stepped_back,
    is_ours,
    is_proven,
    published_marks,
)
from .metadata import DescribedImage, MetadataWish, plan_metadata
from .plan import Plan
from .purpose import second_generic, when_stepping_forward
from .standing import as_reference, standing_diff
from .succession import KEEP_BOTH, ROTATE, left_behind, making_way
from .supersede import Supersede, plan_step_back
from .values import some, storable_name

MEMBERS, PROTECTION = "members", "protection"
CARRIED = (MEMBERS, PROTECTION)
FIRST, ROTATED, UNCHANGED = "published", "rotated", "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishWish:
    """What the task asks for; None where it says nothing."""

    image: str
    name: str | None = None
    visibility: str | None = None
    hidden: bool = False
    protected: bool | None = None
    on_change: str = ROTATE
    supersede: Supersede = field(default_factory=Supersede)
    carry: frozenset[str] = frozenset()

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what contradicts itself."""
        plain = ("image", "name", "visibility", "hidden", "protected", "on_change")
        wish = cls(
            **{name: params[name] for name in plain},
            supersede=Supersede.from_option(params["supersede"]),
            carry=frozenset(params["carry"] or ()),
        )
        if not wish.image:
            raise InvalidRequest("image is empty. Give the id of the image to publish.")
        if wish.name == "":
            raise InvalidRequest("name is empty. Give the image a name, or leave name out.")
        storable_name("the name", wish.name or "")
        if MEMBERS in wish.carry and wish.visibility not in {None, "shared"}:
            raise InvalidRequest(
                f"carry has members with visibility: {wish.visibility}. Only an image whose "
                "visibility is shared has members. Leave one of the two out."
            )
        if PROTECTION in wish.carry and wish.protected is not None:
            raise InvalidRequest(
                f"carry has protection with protected: {str(wish.protected).lower()}. Leave one of "
                "the two out."
            )
        return wish

    def name_for(self, image: Image, project: str) -> str:
        """The name that the image gets: as the task says, or that of what it was made for."""
        known = image.properties.get("curator_entry") if is_ours(image, project) else None
        name = self.name or known or image.name
        if not name:
            raise InvalidRequest(f"Image {image.id} has no name. Say with name what it gets.")
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSeen:
    """What the cloud showed."""

    image: Image
    project: str
    name: str
    # Images that have the name, apart from this one.
    named: tuple[Image, ...]
    # When this is, as it will stand on the image.
    now: str
    # Where members are carried over: those of this image, and those of the one it follows.
    members: tuple[Member, ...] = ()
    followed_members: tuple[Member, ...] = ()
    # Where the image will be for general use, and in everybody's sight: others that are.
    generic: tuple[Image, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether this collection made the image, so that its marks are true."""
        return is_ours(self.image, self.project)

    @property
    def has_the_name(self) -> bool:
        """Whether the image was published under this name before."""
        state = self.image.properties.get("curator_state")
        return self.ours and self.image.name == self.name and state == PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishState:
    """The image, the one that it follows, and what was done to come there."""

    state: ImageState
    action: str = UNCHANGED
    previous: Image | None = None

    @property
    def image(self) -> Image:
        """The image that has the name, or shall have it."""
        return self.state.image

    def as_result(self) -> dict[str, Any]:
        """The state as keys of the module's result."""
        previous = self.previous and as_reference(self.previous)
        return {**self.state.as_result(), "action": self.action, "previous": previous}

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        return standing_diff(self.state, self.previous)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlan:
    """How the image stands, how it will stand, and which way leads there."""

    wish: PublishWish
    seen: PublishSeen
    before: PublishState
    after: PublishState
    # To whom the image is given while it still has its old name.
    grants: Grants | None
    # The one change with which it gets its name.
    describe: Plan
    # These step back then, first the one that has the name now.
    step_back: tuple[Image, ...]
    warnings: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        granted = self.grants is not None and self.grants.changed
        return granted or self.describe.changed or bool(self.step_back)


def followed(wish: PublishWish, seen: PublishSeen) -> tuple[Image, ...]:
    """The images that make way, first the one that has the name by right."""
    if not seen.has_the_name:
        return making_way(seen.named, seen.name, wish.on_change, seen.project)
    return tuple(
        other
        for other in left_behind((seen.image, *seen.named), seen.image, seen.project)
        if plan_step_back(other, wish.supersede, project=seen.project).changed
    )


def visibility_of(wish: PublishWish, seen: PublishSeen) -> str:
    """Who will see the image: whoever saw the old one, unless the task says otherwise."""
    predecessor = next(iter(followed(wish, seen)), None)
    if wish.visibility or seen.has_the_name or predecessor is None:
        return wish.visibility or seen.image.visibility
    return predecessor.visibility


def plan_publish(wish: PublishWish, seen: PublishSeen) -> PublishPlan:
    """Decide what has to be done."""
    _refuse_what_may_not_be_seen(seen)
    step_back = followed(wish, seen)
    predecessor = next(iter(step_back), None)
    visibility = visibility_of(wish, seen)
    grants = _grants(wish, seen, visibility)
    before = grants.plan.before if grants else ImageState(image=seen.image)
    granted = grants.plan.after if grants else before
    describe = plan_metadata(
        MetadataWish(
            image=seen.image.id,
            name=seen.name,
            visibility=visibility,
            hidden=wish.hidden,
            protected=_protected(wish, predecessor),
            properties=_records(seen, predecessor),
        ),
        DescribedImage(state=granted),
    )
    previous = (
        predecessor
        and plan_step_back(predecessor, wish.supersede, project=seen.project).after.image
    )
    plan = PublishPlan(
        wish=wish,
        seen=seen,
        before=PublishState(state=before, previous=predecessor),
        after=PublishState(
            state=replace(describe.after, members=granted.members), previous=previous
        ),
        grants=grants,
        describe=describe,
        step_back=step_back,
        warnings=(
            *second_generic(describe.after.image, _beside(seen, step_back)),
            *_unexplained(wish, seen, step_back),
            *_known_not_to_boot(seen),
        ),
        guesses=grants.guesses if grants else (),
    )
    return replace(plan, after=replace(plan.after, action=_action(plan)))


def _action(plan: PublishPlan) -> str:
    if plan.seen.has_the_name or not plan.changed:
        return UNCHANGED
    return ROTATED if plan.step_back else FIRST


def _refuse_what_may_not_be_seen(seen: PublishSeen) -> None:
    image = seen.image
    if image.owner != seen.project:
        raise InvalidRequest(
            f"Image {image.id} belongs to project {image.owner}, not to that of the session "
            f"({seen.project}). Publish it with the cloud of its own project."
        )
    if seen.ours and not is_proven(image):
        raise Unproven(
            f"Image {image.id} was begun and never proven: it is {image.status}. Run the upload "
            "again, which makes it whole or makes another one."
        )
    if image.status == "deactivated":
        raise NotReady(
            f"Image {image.id} is deactivated, so nobody could start it. Activate it with "
            "image_metadata and active: true first."
        )
    if image.status != "active":
        raise NotReady(
            f"Image {image.id} is {image.status}, so nobody could start it. Publish it when it has "
            "its data."
        )


def _records(seen: PublishSeen, predecessor: Image | None) -> dict[str, str | None]:
    """What the image says of its new place; one that is not ours bears no marks of ours."""
    if seen.has_the_name or not seen.ours:
        return {}
    back = has_stepped_back(seen.image, seen.project)
    forward = when_stepping_forward(seen.image) if back else {}
    return {**forward, **published_marks(seen.now, predecessor)}


def _protected(wish: PublishWish, predecessor: Image | None) -> bool | None:
    if PROTECTION in wish.carry and predecessor and predecessor.protected:
        return True
    return wish.protected


def _grants(wish: PublishWish, seen: PublishSeen, visibility: str) -> Grants | None:
    """What gives the image to those who have the old one."""
    if MEMBERS not in wish.carry or visibility != "shared" or not seen.followed_members:
        return None
    return plan_grants(seen.image, seen.members, seen.followed_members)


def _beside(seen: PublishSeen, step_back: tuple[Image, ...]) -> tuple[Image, ...]:
    gone = {seen.image.id, *(image.id for image in step_back)}
    return tuple(image for image in seen.generic if image.id not in gone)


def _unexplained(
    wish: PublishWish, seen: PublishSeen, step_back: tuple[Image, ...]
) -> tuple[str, ...]:
    """A warning of images that got the name after this one, and not by a task like this."""
    gone = {image.id for image in step_back}
    left = [image.id for image in seen.named if image.id not in gone]
    if not left or not seen.has_the_name or wish.on_change == KEEP_BOTH:
        return ()
    warning = (
        f"Image {seen.image.id} is published as {seen.name!r}, and image {some(left)} has the name "
        "too. What somebody named by hand is left alone. Rename it, or publish it instead."
    )
    return (warning,)


def _known_not_to_boot(seen: PublishSeen) -> tuple[str, ...]:
    """A warning of a check that failed before anybody saw the image: whoever asks decides."""
    failure = seen.image.properties.get(VERIFY_FAILED)
    staged = seen.image.properties.get("curator_state") == STAGED
    if not (failure and staged and seen.ours):
        return ()
    warning = (
        f"The last boot check of image {seen.image.id} failed, and it is published all the same: "
        f"{failure} Check it again with image_boot_check, or publish another one in its place."
    )
    return (warning,)
