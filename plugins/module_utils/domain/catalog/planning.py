# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What one entry needs, decided by the same functions as the modules that will do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from ...errors import Conflict, CuratorError
from ..image import Image, ImageState, Member
from ..lineage import SUPERSEDES, Lineage, is_ours, is_proven
from ..plan import Plan
from ..properties import applied
from ..share import SharedImage, ShareWish, plan_share
from ..standing import standing_diff
from ..succession import making_way
from ..supersede import Supersede, plan_step_back
from ..upload import UploadWish
from ..upload_plan import UNCHANGED, UploadPlan, UploadSeen, plan_description, plan_upload
from ..values import only_differences
from .entry import Entry, in_words_of_entries
from .equipment import Hardware, Vocabulary
from .reasons import what_differs, why_begun, why_left_behind, why_other, why_waiting

_ACCEPTED = "accepted"


class Action(StrEnum):
    """What becomes of an entry."""

    NONE = "none"
    UPLOAD = "upload"
    SWAP = "swap"
    RESUME = "resume"
    UPDATE_METADATA = "update_metadata"
    RETIRE = "retire"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySeen:
    """What the cloud and upstream showed of an entry."""

    upload: UploadSeen
    # Of an image that is shared, where the entry names projects: who has it, and their ids.
    members: tuple[Member, ...] | None = None
    projects: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPlan:
    """What has to be done for an entry, and why."""

    name: str
    action: Action
    reasons: tuple[str, ...] = ()
    # The image that stands under the name, and the one that has the content and waits for it.
    image: Image | None = None
    staged: Image | None = None
    # Whether its bytes have yet to come into the cloud.
    makes_image: bool = False
    # Whether the cloud has to be asked for its own definitions to judge the hardware.
    open_questions: bool = False
    # Images that will step back, each with the name that it gets.
    superseded: tuple[tuple[Image, str], ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    lineage: Lineage | None = None
    # None where the entry could not be read.
    entry: Entry | None = None
    # Where it stands in a file.
    line: int | None = None


def plan_entry(
    entry: Entry, wish: UploadWish, seen: EntrySeen, vocabulary: Vocabulary
) -> EntryPlan:
    """Decide, with the upload's own wish of the entry.

    What cannot be done is this entry's error alone.
    """
    try:
        hardware = Hardware.of(entry, vocabulary)
        # What has the content is asked as the task that stages it will: one that stepped back
        # earlier does not count.
        staging = replace(wish, publish=False, visibility=None, hidden=None)
        staged = plan_upload(staging, seen.upload)
        if staged.describe is None or staged.before.image is None:
            return _to_be_made(entry, seen.upload, staged.after.image, hardware)
        image = staged.before.image
        finishing = plan_description(wish, seen.upload, image)
        return _to_be_finished(entry, seen, image, finishing, hardware)
    except CuratorError as error:
        return refused(entry, seen.upload.named, error)


def refused(entry: Entry, named: Iterable[Image], error: CuratorError) -> EntryPlan:
    """An entry that cannot be carried out; whatever stands under its name is left as it is."""
    return EntryPlan(
        name=entry.name,
        action=Action.ERROR,
        reasons=(in_words_of_entries(error.message),),
        image=_first(named),
        entry=entry,
        line=entry.place.line,
    )


def _to_be_made(
    entry: Entry, seen: UploadSeen, predicted: Image | None, hardware: Hardware | None
) -> EntryPlan:
    """The plan where the bytes have yet to come into the cloud."""
    is_open = _judge(hardware, predicted)
    making = making_way(seen.named, entry.name, entry.on_change, seen.owner)
    _refuse_strangers(entry, making, seen)
    current = _first(making)
    begun = [image for image in seen.made if _is_begun(image, seen)]
    if begun:
        action, reasons = Action.RESUME, [why_begun(begun)]
    elif current:
        action, reasons = Action.SWAP, list(why_other(seen.lineage, current, seen.owner))
    else:
        action, reasons = Action.UPLOAD, ["There is no image of this name."]
    return EntryPlan(
        name=entry.name,
        action=action,
        reasons=tuple(reasons),
        image=current or _first(seen.named),
        makes_image=True,
        open_questions=is_open,
        superseded=_stepping_back(entry, making, seen),
        lineage=seen.lineage,
        entry=entry,
    )


def _to_be_finished(
    entry: Entry, seen: EntrySeen, image: Image, plan: UploadPlan, hardware: Hardware | None
) -> EntryPlan:
    """The plan where an image has the content, and may lack the rest."""
    waits = plan.after.action != UNCHANGED
    if waits:
        _refuse_strangers(entry, plan.step_back, seen.upload)
    described = plan.after.image or image
    needed = hardware.needed(image) if hardware else {}
    is_open = _judge(hardware if needed else None, image)
    before, after = _differences(image, described, _shared(entry, seen, image), needed)
    reasons = []
    if waits:
        reasons.append(why_waiting(image))
    elif plan.step_back:
        reasons.append(why_left_behind(plan.step_back))
    if before or after:
        reasons.append(what_differs(before, after))
    if not waits and _is_unanswered(entry, seen):
        reasons.append("Not all projects that are to accept it did.")
    unfinished = Action.RESUME if waits or plan.step_back else Action.UPDATE_METADATA
    return EntryPlan(
        name=entry.name,
        action=unfinished if reasons else Action.NONE,
        reasons=tuple(reasons),
        image=_first(seen.upload.named) if waits else image,
        staged=image if waits else None,
        open_questions=is_open,
        superseded=_stepping_back(entry, plan.step_back, seen.upload),
        before=before,
        after=after,
        lineage=seen.upload.lineage,
        entry=entry,
    )


def _judge(hardware: Hardware | None, image: Image | None) -> bool:
    """Refuse hardware that makes no sense; whether the cloud has to be asked about it first."""
    if hardware is None or image is None:
        return False
    if hardware.is_open(image):
        return True
    hardware.judge(image)
    return False


def _differences(
    image: Image, described: Image, shared: Plan | None, hardware: Mapping[str, str | None]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an image with the content says now and will say, where that differs."""
    if described == image and not hardware and not (shared and shared.changed):
        return {}, {}
    target = replace(described, properties=applied(described.properties, hardware))
    now = shared.before if shared else ImageState(image=image)
    then = replace(shared.after, image=target) if shared else ImageState(image=target)
    return only_differences(standing_diff(now, None), standing_diff(then, None))


def _shared(entry: Entry, seen: EntrySeen, image: Image) -> Plan | None:
    """Who has the image, and who will, where that was looked at."""
    if seen.members is None:
        return None
    return plan_share(
        ShareWish(image=image.id, projects=entry.projects),
        SharedImage(
            state=ImageState(image=image, members=seen.members),
            own_project=seen.upload.project,
            projects=seen.projects,
        ),
    )


def _is_unanswered(entry: Entry, seen: EntrySeen) -> bool:
    """Whether somebody on whose behalf the image is to be accepted has not.

    Which cloud acts for which project is known only to those who log in there. So it is counted.
    """
    if seen.members is None:
        return False
    accepted = {m.project_id for m in seen.members if m.status == _ACCEPTED}
    missing = {project for project in seen.projects.values() if project not in accepted}
    # There may be more clouds than projects, as two of them can act for the same.
    others = max(0, len(set(seen.projects.values())) - len(entry.accept_with))
    return len(missing) > others


def _refuse_strangers(entry: Entry, making: Iterable[Image], seen: UploadSeen) -> None:
    """Let no image step back that this collection did not make, unless the entry says so."""
    if entry.adopt:
        return
    followed = {i.properties.get(SUPERSEDES) for i in seen.named if is_ours(i, seen.owner)}
    for image in making:
        if not is_ours(image, seen.owner) and image.id not in followed:
            raise Conflict(
                f"Image {image.id} has the name {entry.name!r} and was not made by this "
                "collection. Rename it, or say adopt: true to let it step back for a new one."
            )


def _is_begun(image: Image, seen: UploadSeen) -> bool:
    return is_ours(image, seen.owner) and not is_proven(image) and seen.lineage.made(image)


def _stepping_back(
    entry: Entry, images: Iterable[Image], seen: UploadSeen
) -> tuple[tuple[Image, str], ...]:
    wish = Supersede.from_option(entry.supersede)
    return tuple(
        (image, plan_step_back(image, wish, project=seen.owner).after.image.name or "")
        for image in images
    )


def _first(images: Iterable[Image]) -> Image | None:
    return next(iter(images), None)
