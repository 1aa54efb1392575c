# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Taking an image of ours out of use, as far as a task says, and no image of anybody else's."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from ..errors import InUse, InvalidRequest, NotReady
from .image import Image, ImageState
from .lineage import (
    PUBLISHED,
    RETIRED,
    RETIRED_AS,
    SNAPSHOT_SIGNS,
    STEPPED_BACK,
    STEPPED_BACK_AT,
    TAG,
    is_proven,
)
from .lookup import is_uuid
from .metadata import DescribedImage, MetadataWish, plan_metadata
from .plan import Plan
from .standing import standing_diff
from .use import Use

# From the gentlest to the last.
LEVELS = HIDE, COMMUNITY, DEACTIVATE, DELETE = "hide", "community", "deactivate", "delete"
# From here on, who has the image's id cannot use it any more.
_HARSH = frozenset({DEACTIVATE, DELETE})
DELETED, UNCHANGED = "deleted", "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireWish:
    """What the task asks for."""

    image: str
    level: str
    force: bool = False

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what could hit the wrong image."""
        wish = cls(**{name: params[name] for name in cls.__slots__})
        if not wish.image:
            raise InvalidRequest("image is empty. Give the name or the id of an image.")
        if wish.level == DELETE and not is_uuid(wish.image):
            raise InvalidRequest(
                f"image is {wish.image!r} with level: delete. Give the id of the image to delete: "
                "by the time the task is run again, its name may be another image's."
            )
        # Glance knows an id by its dashes only; without them, the image would be taken as gone.
        return replace(wish, image=str(uuid.UUID(wish.image))) if wish.level == DELETE else wish


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireSeen:
    """What the cloud showed; no image where there is none any more."""

    image: Image | None
    project: str
    # When this is, as it will stand on the image.
    now: str
    # Who needs the image, where that was asked.
    use: Use | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireState:
    """The image as far as there is one, and what was done to come there."""

    image: Image | None
    action: str = UNCHANGED
    # Who was asked whether anybody needs it.
    use: Use | None = None

    def as_result(self) -> dict[str, Any]:
        """The state as keys of the module's result."""
        asked = {"asked": self.use.asked()} if self.use else {}
        return {"image": self.image and self.image.as_result(), "action": self.action, **asked}

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        if self.image is None:
            return {}
        shown = standing_diff(ImageState(image=self.image), None)
        # A step of its own, which decides who can use the image.
        return {**shown, "status": self.image.status}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirePlan:
    """How the image stands, how it will stand, and which way leads there."""

    wish: RetireWish
    seen: RetireSeen
    before: RetireState
    after: RetireState
    # What is changed of it; where it is deleted, so that it can be.
    change: Plan | None = None
    delete: Image | None = None
    warnings: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return self.delete is not None or (self.change is not None and self.change.changed)


def plan_retire(wish: RetireWish, seen: RetireSeen) -> RetirePlan:
    """Decide what has to be done."""
    image = seen.image
    if image is None:
        gone = RetireState(image=None)
        return RetirePlan(wish=wish, seen=seen, before=gone, after=gone)
    _refuse_what_is_not_to_be_retired(wish, seen, image)
    before = RetireState(image=image)
    if wish.level == DELETE:
        return RetirePlan(
            wish=wish,
            seen=seen,
            before=before,
            after=RetireState(image=None, action=DELETED, use=seen.use),
            change=plan_protection(image, protected=False) if image.protected else None,
            delete=image,
        )
    change = _plan_change(wish, seen, image)
    return RetirePlan(
        wish=wish,
        seen=seen,
        before=before,
        after=RetireState(
            image=change.after.image, action=RETIRED if change.changed else UNCHANGED
        ),
        change=change,
    )


def plan_protection(image: Image, *, protected: bool) -> Plan:
    """Let an image be deleted, or guard it against that again."""
    wish = MetadataWish(image=image.id, protected=protected)
    return plan_metadata(wish, DescribedImage(state=ImageState(image=image)))


def reached(image: Image) -> str | None:
    """How far an image was retired already."""
    level = image.properties.get(RETIRED_AS)
    retired = image.properties.get("curator_state") == RETIRED
    return level if retired and level in LEVELS else None


def stepped_back_at(image: Image) -> str | None:
    """When an image of ours made way; one that does not say so, not later than its last change."""
    if image.properties.get("curator_state") not in STEPPED_BACK:
        return None
    return image.properties.get(STEPPED_BACK_AT) or image.updated_at


def why_not_ours(image: Image, project: str) -> str | None:
    """Which sign says that this collection did not make an image; None if it did, by every sign."""
    if image.owner != project:
        return f"it belongs to project {image.owner}, not to that of the session ({project})"
    if signs := sorted(SNAPSHOT_SIGNS & image.properties.keys()):
        return f"it is the snapshot of a server (it has {' and '.join(signs)})"
    if "curator_id" not in image.properties:
        return "it has no curator_id"
    if image.properties["curator_id"] != image.id:
        return "its curator_id is that of another image, from which it has its properties"
    if TAG not in image.tags:
        return f"it has no tag {TAG}"
    return None


def _plan_change(wish: RetireWish, seen: RetireSeen, image: Image) -> Plan:
    records: dict[str, str | None] = {
        "curator_state": RETIRED,
        RETIRED_AS: max(wish.level, reached(image) or wish.level, key=LEVELS.index),
    }
    if STEPPED_BACK_AT not in image.properties:
        records[STEPPED_BACK_AT] = stepped_back_at(image) or seen.now
    metadata = MetadataWish(
        image=image.id,
        hidden=True,
        # Never wider than before: to a private image, community would be the opposite of retiring.
        visibility=(
            "community" if wish.level == COMMUNITY and image.visibility == "public" else None
        ),
        active=False if wish.level == DEACTIVATE else None,
        properties=records,
    )
    return plan_metadata(metadata, DescribedImage(state=ImageState(image=image)))


def _refuse_what_is_not_to_be_retired(wish: RetireWish, seen: RetireSeen, image: Image) -> None:
    reason = why_not_ours(image, seen.project)
    if reason is not None:
        raise InvalidRequest(
            f"Image {image.id} ({image.name!r}) is left alone: {reason}. Only images that this "
            "collection made for this project are retired, with force too. Use image_metadata or "
            "another tool for others."
        )
    if not is_proven(image):
        raise NotReady(
            f"Image {image.id} is {image.status} and was never proven: somebody may just be making "
            "it. Run its upload again, which finishes it or removes what is left of it."
        )
    use = seen.use or Use()
    if wish.level == DELETE and use.users:
        raise InUse(
            f"Image {image.id} ({image.name!r}) is in use, by {use.known}. What needs it again, "
            "such as a rebuild or a move to another host, would fail. Use deactivate, or delete it "
            "when they are gone; force does not overrule this.",
            in_use=use.in_use(),
            asked=use.asked(),
        )
    if wish.force:
        return
    if wish.level in _HARSH and image.properties["curator_state"] == PUBLISHED:
        raise InvalidRequest(
            f"Image {image.id} is published as {image.name!r}, and nobody could start it any more. "
            "Publish another one in its place first, or hide it; or, if it shall go, give "
            "force: true."
        )
    if image.protected:
        raise InvalidRequest(
            f"Image {image.id} ({image.name!r}) is protected. Somebody wants it to stay; if it "
            "shall go all the same, give force: true."
        )
    if wish.level == DELETE and not use.is_known_to_be_none:
        raise InvalidRequest(
            f"Whether servers or volumes use image {image.id} ({image.name!r}) is not known: "
            f"{use.unknown}. Deleting it may break them. Use deactivate instead, run this as an "
            "administrator, or, if you know better, give force: true.",
            asked=use.asked(),
        )
