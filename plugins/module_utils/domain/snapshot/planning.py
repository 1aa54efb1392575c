# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Making an image of a server or volume: what there is already, and what has to be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...errors import Conflict, InvalidRequest
from ..image import Image, ImageState
from ..lineage import STEPPED_BACK, TAG, Maker, is_ours, is_proven, published_marks
from ..metadata import DescribedImage, MetadataWish, plan_metadata
from ..migration.carrying import Dropped, carry
from ..migration.origin import MIGRATED_FROM
from ..plan import Plan
from ..properties import applied, changes, check_names
from ..server import ACTIVE
from ..standing import standing_diff
from ..upload_plan import CREATED, UNCHANGED
from .subject import Subject, kind_of, require_readable, source_of, warnings_about
from .wish import RAW, SnapshotWish


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotSeen:
    """What the cloud showed."""

    project: str
    subject: Subject
    # When this is, as it will stand on the image.
    now: str
    # Images of the project that have the name, and those that were made of the subject.
    named: tuple[Image, ...] = ()
    made: tuple[Image, ...] = ()
    # What runs that are dead left: images on the way, and whether they left the server stopped.
    leftovers: tuple[Image, ...] = ()
    left_stopped: bool = False
    # What has the name that the image of a volume has at first: Cinder puts no mark of ours on it.
    unmarked: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotState:
    """The image, and what was done to come there."""

    subject: Subject
    image: Image | None = None
    action: str = UNCHANGED
    stopped: bool = False
    transfer: Mapping[str, Any] | None = None

    def as_result(self) -> dict[str, Any]:
        """The state as keys of the module's result."""
        image = self.image and self.image.as_result()
        if image and not image["id"]:
            # The cloud chooses it.
            image["id"] = None
        return {
            "image": image,
            "action": self.action,
            kind_of(self.subject): self.subject.as_result(),
            "stopped": self.stopped,
            "transfer": self.transfer and dict(self.transfer),
        }

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        return standing_diff(ImageState(image=self.image), None) if self.image else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotPlan:
    """How it stands, how it will stand, and which way leads there."""

    wish: SnapshotWish
    seen: SnapshotSeen
    before: SnapshotState
    after: SnapshotState
    # What an image that is there already does not say yet. None: it has yet to be made.
    describe: Plan | None = None
    warnings: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        repairs = bool(self.seen.leftovers) or self.seen.left_stopped
        return self.describe is None or self.describe.changed or repairs


def plan_snapshot(wish: SnapshotWish, seen: SnapshotSeen) -> SnapshotPlan:
    """Decide what has to be done."""
    standing = _standing(wish, seen)
    if standing is not None:
        before = SnapshotState(subject=seen.subject, image=standing)
        describe = plan_description(wish, standing)
        return SnapshotPlan(
            wish=wish,
            seen=seen,
            before=before,
            after=replace(before, image=describe.after.image),
            describe=describe,
            warnings=_unmarked(seen),
        )
    _require_free_name(wish, seen)
    require_readable(seen.subject, project=seen.project, stopping=wish.stop)
    return SnapshotPlan(
        wish=wish,
        seen=seen,
        before=SnapshotState(subject=seen.subject),
        after=SnapshotState(
            subject=seen.subject,
            image=_predicted(wish, seen),
            action=CREATED,
            stopped=wish.stop and seen.subject.status == ACTIVE,
        ),
        warnings=(*warnings_about(seen.subject, stopping=wish.stop), *_unmarked(seen)),
    )


def last_change(wish: SnapshotWish, seen: SnapshotSeen, image: Image, maker: Maker) -> Plan:
    """The one change that makes what the cloud gave us the image that is wanted."""
    carried = carry(image, wish.properties, converts=False)
    dropped = dict.fromkeys(_removable(carried.dropped))
    ours = {
        "curator_id": image.id,
        "curator_maker": f"{maker} 0",
        "curator_entry": wish.name,
        "curator_source": source_of(seen.subject),
        **{name: value for name, value in published_marks(seen.now, None).items() if value},
    }
    return plan_metadata(
        MetadataWish(
            image=image.id,
            name=wish.name,
            tags=tuple(sorted({TAG, *wish.tags})),
            properties={**dropped, **wish.properties, **ours},
        ),
        DescribedImage(state=ImageState(image=image)),
    )


def _removable(dropped: Iterable[Dropped]) -> Iterator[str]:
    """The names of properties that a request may hold; the rest is Glance's own."""
    for one in dropped:
        try:
            check_names({one.name: None})
        except InvalidRequest:
            continue
        yield one.name


def _standing(wish: SnapshotWish, seen: SnapshotSeen) -> Image | None:
    """The image that an earlier run made of the same for the same name, whatever it is called."""
    found = [
        image
        for image in seen.made
        if is_ours(image, seen.project)
        and is_proven(image)
        and image.properties.get("curator_state") not in STEPPED_BACK
        and image.properties.get("curator_source") == source_of(seen.subject)
        and image.properties.get("curator_entry") == wish.name
    ]
    return max(found, key=lambda image: (image.created_at or "", image.id), default=None)


def plan_description(wish: SnapshotWish, image: Image) -> Plan:
    """What the task names becomes so; what people added since is theirs."""
    tags = tuple(sorted({*image.tags, *wish.tags}))
    # What a run that died at its very end left.
    properties = {**wish.properties, MIGRATED_FROM: None}
    wanted = MetadataWish(image=image.id, tags=tags, properties=properties)
    return plan_metadata(wanted, DescribedImage(state=ImageState(image=image)))


def _require_free_name(wish: SnapshotWish, seen: SnapshotSeen) -> None:
    if seen.named:
        described = "; ".join(
            f"{image.id} ({image.status}, made {image.created_at})" for image in seen.named
        )
        raise Conflict(
            f"{wish.name!r} is the name of another image already: {described}. Nothing was "
            "changed. Choose another name, such as one with the date; image_publish lets it take "
            "this one.",
            candidates=[image.id for image in seen.named],
        )


def _unmarked(seen: SnapshotSeen) -> tuple[str, ...]:
    """A warning of what a killed run has probably left: by a name alone, nothing is deleted."""
    return tuple(
        f"Image {image.id} is called {image.name!r}, as one of {seen.subject.label} is while it is "
        "made. A run that was killed has probably left it. Delete it if nobody needs it."
        for image in seen.unmarked
        if TAG not in image.tags
    )


def _predicted(wish: SnapshotWish, seen: SnapshotSeen) -> Image:
    """The image as it will be, as far as that is known before there is one."""
    marks = {"curator_entry": wish.name, "curator_source": source_of(seen.subject)}
    given = changes({}, wish.properties, exact=False)
    marks |= {name: value for name, value in published_marks(seen.now, None).items() if value}
    return Image(
        id="",
        name=wish.name,
        status="active",
        visibility="private",
        owner=seen.project,
        disk_format=RAW if wish.disk_format == RAW else None,
        container_format="bare",
        tags=tuple(sorted({TAG, *wish.tags})),
        properties=applied(marks, given),
    )
