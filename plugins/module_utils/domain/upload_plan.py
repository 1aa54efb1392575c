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

from .image import Image, ImageState
from .lineage import (
    PUBLISHED,
    STAGED,
    STEPPED_BACK,
    TAG,
    Lineage,
    is_ours,
    is_proven,
    published_marks,
    staged_name,
)
from .metadata import DescribedImage, plan_metadata
from .plan import Plan
from .proof import Proof
from .properties import applied
from .standing import as_reference, standing_diff
from .succession import left_behind, making_way
from .supersede import plan_step_back
from .upload import UploadWish, smallest_disk
from .values import LONGEST_NAME

CREATED, UNCHANGED, ROTATED = "created", "unchanged", "rotated"
# What is handed on of how a disk was prepared.
_TOLD = ("operations", "verdict", "secrets", "fingerprint")


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
    # What image_prepare returned, where the disk was prepared for this.
    prepared: Mapping[str, Any] | None = None

    def as_result(self) -> dict[str, Any]:
        """The state as keys of the module's result."""
        return {
            "image": None if self.image is None else self.image.as_result(),
            "action": self.action,
            "previous": self.previous and as_reference(self.previous),
            "transfer": self.transfer and dict(self.transfer),
            "source": dict(self.source),
            "prepared": self.prepared and {name: self.prepared[name] for name in _TOLD},
        }

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        if self.image is None:
            return {}
        return standing_diff(ImageState(image=self.image), self.previous)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPlan:
    """How the image stands, how it will stand, and which way leads there."""

    wish: UploadWish
    seen: UploadSeen
    before: UploadState
    after: UploadState
    # What is still to be said of an image that has the bytes. None: it has yet to be made.
    describe: Plan | None = None
    # These step back once the new one is there, first the one that has the name now.
    step_back: tuple[Image, ...] = ()
    warnings: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    changed: bool = True

    @property
    def predecessor(self) -> Image | None:
        """Whose name and place the image takes."""
        return next(iter(self.step_back), None)

    @property
    def visibility(self) -> str | None:
        """Who shall see the image, if that changes: as the task says, or as before."""
        if not self.wish.publish:
            return None
        return self.wish.visibility or _inherited(self.predecessor)


def plan_upload(wish: UploadWish, seen: UploadSeen) -> UploadPlan:
    """Decide what has to be done."""
    standing = _with_the_content(wish, seen)
    if standing is not None:
        return plan_description(wish, seen, standing)
    step_back = _making_way(wish, seen) if wish.publish else ()
    predecessor = next(iter(step_back), None)
    return UploadPlan(
        wish=wish,
        seen=seen,
        before=UploadState(image=predecessor),
        after=UploadState(
            image=_predicted(wish, seen, predecessor),
            action=ROTATED if predecessor else CREATED,
            previous=_stepped_back(wish, seen, predecessor),
            source=source_facts(wish, seen),
        ),
        step_back=step_back,
        warnings=seen.warnings,
        guesses=_guesses(seen),
    )


def plan_description(wish: UploadWish, seen: UploadSeen, image: Image) -> UploadPlan:
    """What an image that has the bytes lacks, and what has to step back for it."""
    if wish.disk_format in {"raw", "keep"}:
        smallest_disk(wish, image.virtual_size)
    has_the_name = image.name == wish.name and image.properties["curator_state"] == PUBLISHED
    metadata = wish.as_metadata(image.id)
    records: dict[str, str | None] = {}
    if seen.lineage.signed_by and "curator_signed_by" not in image.properties:
        records["curator_signed_by"] = seen.lineage.signed_by
    if has_the_name or not wish.publish:
        step_back = tuple(
            other
            for other in left_behind(seen.named, image, seen.owner)
            if plan_step_back(other, wish.supersede, project=seen.owner).changed
        )
    else:
        step_back = _making_way(wish, seen)
        predecessor = next(iter(step_back), None)
        # Where it stepped back before, it steps forward whole.
        metadata = replace(
            metadata,
            name=wish.name,
            hidden=bool(wish.hidden),
            visibility=wish.visibility or _inherited(predecessor) or image.visibility,
        )
        records |= publishing(seen, predecessor)
    metadata = replace(metadata, properties={**wish.properties, **records})
    describe = plan_metadata(
        metadata, DescribedImage(state=ImageState(image=image), new_owner=_new_owner(wish, seen))
    )
    previous = next(iter(step_back), None)
    moves = wish.publish and not has_the_name
    return UploadPlan(
        wish=wish,
        seen=seen,
        before=UploadState(image=previous if moves and previous else image),
        after=UploadState(
            image=describe.after.image,
            action=(ROTATED if previous else CREATED) if moves else UNCHANGED,
            previous=_stepped_back(wish, seen, previous),
            source=source_facts(wish, seen),
        ),
        describe=describe,
        step_back=step_back,
        warnings=seen.warnings,
        changed=describe.changed or bool(step_back),
    )


def publishing(seen: UploadSeen, predecessor: Image | None) -> dict[str, str | None]:
    """What is recorded on an image when it gets its name."""
    return published_marks(seen.now, predecessor)


def source_facts(wish: UploadWish, seen: UploadSeen) -> dict[str, Any]:
    """What is known of the source without having fetched it."""
    return {
        "url": seen.lineage.source,
        "checksum": seen.lineage.proof or None,
        "format": wish.source_format,
        "virtual_size": None,
        "signed_by": seen.lineage.signed_by or None,
    }


def is_wanted(wish: UploadWish, seen: UploadSeen, image: Image, project: str) -> bool:
    """Whether an image holds what the task wants, and may be used for it."""
    return (
        image.status == "active"
        and is_ours(image, project)
        and is_proven(image)
        and seen.lineage.made(image)
        # Who signed the source shows only when it is fetched.
        and not (
            wish.signs_source
            and not seen.lineage.signed_by
            and "curator_signed_by" not in image.properties
        )
        # What stepped back would have to step forward first, which is for those who publish.
        and (wish.publish or image.properties["curator_state"] not in STEPPED_BACK)
    )


def is_wanted_entry(wish: UploadWish, seen: UploadSeen, image: Image) -> bool:
    """Whether an image that was made for this entry, whatever it is called, is the wanted one."""
    return image.properties.get("curator_entry") == seen.lineage.entry and is_wanted(
        wish, seen, image, seen.project
    )


def _with_the_content(wish: UploadWish, seen: UploadSeen) -> Image | None:
    """An image that need not be made: first the one that has the name, then one that may get it."""
    named = [image for image in seen.named if is_wanted(wish, seen, image, seen.owner)]
    made = [image for image in seen.made if is_wanted_entry(wish, seen, image)]
    staged = [image for image in made if image.properties["curator_state"] == STAGED]
    return _newest(named) or _newest(staged) or _newest(made)


def _newest(images: Iterable[Image]) -> Image | None:
    return max(images, key=lambda image: (image.created_at or "", image.id), default=None)


def _making_way(wish: UploadWish, seen: UploadSeen) -> tuple[Image, ...]:
    return making_way(seen.named, wish.name, wish.on_change, seen.owner)


def _stepped_back(wish: UploadWish, seen: UploadSeen, image: Image | None) -> Image | None:
    """The image as it will be once it has stepped back."""
    if image is None:
        return None
    return plan_step_back(image, wish.supersede, project=seen.owner).after.image


def _new_owner(wish: UploadWish, seen: UploadSeen) -> str | None:
    return seen.owner if wish.publish and wish.owner is not None else None


def _inherited(predecessor: Image | None) -> str | None:
    """Whoever could see the old image of that name expects to see the new one."""
    return predecessor.visibility if predecessor else None


def _guesses(seen: UploadSeen) -> tuple[str, ...]:
    if seen.lineage.proof or not (seen.named or seen.made):
        return ()
    guess = (
        "Whether the source has really changed shows only once it is fetched: there is no "
        "source_checksum. Check mode takes it that it has."
    )
    return (guess,)


def first_properties(wish: UploadWish, seen: UploadSeen) -> dict[str, str]:
    """The properties that a new image begins with, beside the marks of its maker."""
    found = seen.lineage.as_properties()
    # Where nothing else may stand on the image, the module adds nothing either.
    from_the_web = seen.lineage.source.startswith("http") and not wish.exact_properties
    if from_the_web and "image_source" not in wish.properties:
        found["image_source"] = seen.lineage.source
    return {**found, **wish.given_properties}


def _predicted(wish: UploadWish, seen: UploadSeen, predecessor: Image | None) -> Image:
    """The image as it will be, as far as that is known before its bytes are."""
    image_id = new_id(wish, seen, 0)
    public = wish.publish
    inherited = _inherited(predecessor)
    return Image(
        id=image_id,
        name=wish.name if public else staged_name(wish.name, image_id, LONGEST_NAME),
        status="active",
        visibility=((wish.visibility or inherited) if public else None) or "private",
        hidden=bool(public and wish.hidden),
        protected=bool(wish.protected),
        owner=seen.owner if public else seen.project,
        # Most disks are as large as their last release.
        min_disk=wish.min_disk or (predecessor.min_disk if predecessor else 0),
        min_ram=wish.min_ram or 0,
        disk_format=None if wish.disk_format == "keep" else wish.disk_format,
        container_format=wish.container_format,
        tags=wish.tags or (TAG,),
        properties=applied(
            first_properties(wish, seen),
            publishing(seen, predecessor) if public else {"curator_state": STAGED},
        ),
    )


def new_id(wish: UploadWish, seen: UploadSeen, attempt: int) -> str:
    """The id of an attempt; the one that the task asks for counts for a first creation only."""
    if names_id(wish, seen):
        return str(wish.image_id).lower()
    return seen.lineage.image_id(seen.project, attempt)


def names_id(wish: UploadWish, seen: UploadSeen) -> bool:
    """Whether the image has to have the id that the task asks for."""
    return wish.image_id is not None and not seen.named and not any(map(is_proven, seen.made))
