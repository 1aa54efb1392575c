# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an upload has to do, given what stands in the cloud already.

An image with the wanted content may be there under its name, or proven and waiting for it, or
have stepped back earlier: then no byte moves. Otherwise one is made, and takes the name from the
image that has it now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Ambiguous, Conflict
from .image import Image, ImageState
from .lineage import PUBLISHED, STAGED, TAG, Lineage, is_ours, is_proven, staged_name
from .metadata import DescribedImage, plan_metadata
from .plan import Plan
from .proof import Proof
from .properties import applied
from .supersede import plan_step_back
from .upload import UploadWish, smallest_disk
from .values import LONGEST_NAME

CREATED, UNCHANGED, ROTATED = "created", "unchanged", "rotated"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadSeen:
    """What was found out before the first byte moves."""

    lineage: Lineage
    proof: Proof | None
    # The session's project, which makes the image, and the one that it shall belong to.
    project: str
    owner: str
    # Images that have the name, and images that were made for it, whatever they are called.
    named: tuple[Image, ...]
    # When this is, as it will stand on an image that is published now.
    now: str
    made: tuple[Image, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadState:
    """The image that the task is about, and what was done to come there."""

    image: Image | None
    action: str = UNCHANGED
    previous: Image | None = None
    transfer: Mapping[str, Any] | None = None
    source: Mapping[str, Any] = field(default_factory=dict)

    def as_result(self) -> dict[str, Any]:
        """The state as keys of the module's result."""
        previous = self.previous
        return {
            "image": None if self.image is None else self.image.as_result(),
            "action": self.action,
            "previous": previous and {"id": previous.id, "name": previous.name},
            "transfer": self.transfer and dict(self.transfer),
            "source": dict(self.source),
        }

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        return {} if self.image is None else ImageState(image=self.image).as_diff()


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPlan:
    """How the image stands, how it will stand, and which way leads there."""

    wish: UploadWish
    seen: UploadSeen
    before: UploadState
    after: UploadState
    # What is still to be said of an image that has the bytes. None: it has yet to be made.
    describe: Plan | None = None
    # Steps back once the new one is there.
    predecessor: Image | None = None
    warnings: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    changed: bool = True

    @property
    def visibility(self) -> str | None:
        """Who shall see the image, if that changes: as the task says, or as before."""
        if not self.wish.publish:
            return None
        return self.wish.visibility or _inherited(self.predecessor)


def plan_upload(wish: UploadWish, seen: UploadSeen) -> UploadPlan:
    """Decide what has to be done."""
    standing = _with_the_content(wish, seen)
    if standing is None:
        predecessor = _predecessor(wish, seen) if wish.publish else None
        return UploadPlan(
            wish=wish,
            seen=seen,
            before=UploadState(image=predecessor),
            after=UploadState(
                image=_predicted(wish, seen, _inherited(predecessor)),
                action=ROTATED if predecessor else CREATED,
                previous=predecessor,
                source=source_facts(wish, seen),
            ),
            predecessor=predecessor,
            warnings=seen.warnings,
        )
    return plan_description(wish, seen, standing)


def plan_description(wish: UploadWish, seen: UploadSeen, image: Image) -> UploadPlan:
    """What an image that has the bytes lacks, and what has to step back for it."""
    if wish.disk_format in {"raw", "keep"}:
        smallest_disk(wish, image.virtual_size)
    takes_the_name = wish.publish and image.properties.get("curator_state") != PUBLISHED
    metadata = wish.as_metadata(image.id, name=wish.name if takes_the_name else None)
    predecessor = _left_behind(wish, seen, image)
    if takes_the_name:
        predecessor = predecessor or _predecessor(wish, seen)
        metadata = replace(
            metadata,
            # Where it stepped back before, it steps forward whole.
            hidden=bool(wish.hidden),
            visibility=wish.visibility or _inherited(predecessor) or image.visibility,
            properties={
                **wish.properties,
                "curator_state": PUBLISHED,
                "curator_published_at": seen.now,
            },
        )
    describe = plan_metadata(
        metadata, DescribedImage(state=ImageState(image=image), new_owner=_new_owner(wish, seen))
    )
    action = UNCHANGED
    if takes_the_name:
        action = ROTATED if predecessor else CREATED
    return UploadPlan(
        wish=wish,
        seen=seen,
        before=UploadState(image=predecessor if takes_the_name and predecessor else image),
        after=UploadState(
            image=describe.after.image,
            action=action,
            previous=predecessor,
            source=source_facts(wish, seen),
        ),
        describe=describe,
        predecessor=predecessor,
        warnings=seen.warnings,
        changed=describe.changed or predecessor is not None,
    )


def source_facts(wish: UploadWish, seen: UploadSeen) -> dict[str, Any]:
    """What is known of the source without having fetched it."""
    return {
        "url": seen.lineage.source,
        "checksum": seen.lineage.proof or None,
        "format": wish.source_format,
        "virtual_size": None,
        "signed_by": seen.lineage.signed_by or None,
    }


def _with_the_content(wish: UploadWish, seen: UploadSeen) -> Image | None:
    """An image that need not be made: first the one that has the name, then one that may get it."""

    def fits(image: Image, project: str) -> bool:
        return (
            image.status == "active"
            and is_ours(image, project)
            and is_proven(image)
            and seen.lineage.made(image)
        )

    named = [image for image in seen.named if fits(image, seen.owner)]
    made = [image for image in seen.made if fits(image, seen.project)]
    staged = [image for image in made if image.properties["curator_state"] == STAGED]
    if not wish.publish:
        # What stepped back would have to step forward first, which is for those who publish.
        return _newest(named) or _newest(staged)
    return _newest(named) or _newest(staged) or _newest(made)


def _newest(images: Iterable[Image]) -> Image | None:
    return max(images, key=lambda image: (image.created_at or "", image.id), default=None)


def _left_behind(wish: UploadWish, seen: UploadSeen, image: Image) -> Image | None:
    """What should have stepped back for this image when a run died."""
    old = image.properties.get("curator_supersedes")
    for other in seen.named:
        if old == other.id != image.id:
            back = plan_step_back(other, wish.supersede, project=seen.owner)
            return other if back.changed else None
    return None


def _predecessor(wish: UploadWish, seen: UploadSeen) -> Image | None:
    """The image that has the name now and makes way for the new one."""
    if not seen.named:
        return None
    described = "; ".join(
        f"{image.id} ({image.status}, {image.visibility}, made {image.created_at})"
        for image in seen.named
    )
    ids = [image.id for image in seen.named]
    if wish.on_change == "fail":
        raise Conflict(
            f"{wish.name!r} is there with other content: {described}. Nothing was changed, as "
            "on_change is fail. Use rotate to let it step back, or another name.",
            candidates=ids,
        )
    if wish.on_change == "keep_both":
        return None
    if len(seen.named) > 1:
        raise Ambiguous(
            f"{len(seen.named)} images are named {wish.name!r}: {described}. Which of them shall "
            "step back cannot be told. Rename or remove all but one.",
            candidates=ids,
        )
    return seen.named[0]


def _new_owner(wish: UploadWish, seen: UploadSeen) -> str | None:
    return seen.owner if wish.publish and wish.owner is not None else None


def _inherited(predecessor: Image | None) -> str | None:
    """Whoever could see the old image of that name expects to see the new one."""
    return predecessor.visibility if predecessor else None


def _predicted(wish: UploadWish, seen: UploadSeen, inherited: str | None) -> Image:
    """The image as it will be, as far as that is known before its bytes are."""
    image_id = new_id(wish, seen, 0)
    public = wish.publish
    return Image(
        id=image_id,
        name=wish.name if public else staged_name(wish.name, image_id, LONGEST_NAME),
        status="active",
        visibility=((wish.visibility or inherited) if public else None) or "private",
        hidden=bool(public and wish.hidden),
        protected=bool(wish.protected),
        owner=seen.owner if public else seen.project,
        min_disk=wish.min_disk or 0,
        min_ram=wish.min_ram or 0,
        disk_format=None if wish.disk_format == "keep" else wish.disk_format,
        container_format=wish.container_format,
        tags=wish.tags or (TAG,),
        properties=applied(
            wish.given_properties,
            {
                **seen.lineage.as_properties(),
                "curator_state": PUBLISHED if public else STAGED,
            },
        ),
    )


def new_id(wish: UploadWish, seen: UploadSeen, attempt: int) -> str:
    """The id of an attempt; the one that the task asks for counts for a first creation only."""
    first = attempt == 0 and not seen.named and not any(map(is_proven, seen.made))
    if wish.image_id is not None and first:
        return str(wish.image_id).lower()
    return seen.lineage.image_id(seen.project, attempt)
