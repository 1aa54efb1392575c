# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which of many images have to be moved where, decided from listings alone.

The rules are those by which image_migrate decides for one image. What they call unchanged costs
nothing more than its place in the listings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ....errors import CuratorError, ImageNotFound, InvalidRequest
from ...image import Image
from ...lineage import is_ours
from ..carrying import Dropped, companions, require_movable
from ..destination import Destination
from ..origin import Origin
from ..planning import MigrationSeen, plan_migration
from ..wish import KEEP, MigrationWish
from .elements import Element
from .listing import Source, Standing

_SHARED = "shared"


class Action(StrEnum):
    """What is to be done with an image at one destination."""

    CREATE = "create"
    ROTATE = "rotate"
    # It is there, but may lack what comes after: members, or that the old one steps back.
    COMPLETE = "complete"
    NONE = "none"
    # It is not at the source.
    MISSING = "missing"
    ERROR = "error"


WORK = frozenset({Action.CREATE, Action.ROTATE, Action.COMPLETE})
MAKING = frozenset({Action.CREATE, Action.ROTATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A destination: its number in the order in which they were given, and the words for it."""

    number: int
    label: str
    owner: str | None = None
    visibility: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One image, and one destination."""

    place: Place
    action: Action
    # What it will be called there.
    name: str
    # The image that is there already, or that steps back.
    image: Image | None = None
    # Why it cannot be, in words.
    reason: str = ""
    dropped: tuple[Dropped, ...] = ()
    # Kernel and ramdisk that come along, as no element moves them.
    brings: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePlan:
    """One of the images that were asked for."""

    element: Element
    # None where the source does not have it.
    image: Image | None
    moves: tuple[Move, ...]
    # Ids of other images of the run that have to be there first.
    after: tuple[str, ...] = ()

    @property
    def work(self) -> tuple[Move, ...]:
        """The moves that are still to be made."""
        return tuple(move for move in self.moves if move.action in WORK)

    @property
    def label(self) -> str:
        """What the image is called, as far as anybody knows."""
        return (self.image and self.image.name) or self.element.image


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that the decision goes by."""

    source: Source
    places: tuple[Place, ...]
    # What stands at each place, by its number and the owner that was named.
    standing: Mapping[tuple[int, str | None], Standing]
    # Whether images that are there are to get the members that the source's have got since.
    update_members: bool = False


def plan_many(
    run: Run, listed: Sequence[Element], selected: Sequence[Element] = ()
) -> list[ImagePlan]:
    """What has to be done for each image, in the order in which they were asked for.

    Of an image that is selected and in the list, too, counts what the list says.
    """
    found = [(element, _looked_up(run, element)) for element in listed]
    _refuse_twice([(element, image) for element, image in found if isinstance(image, Image)])
    taken = {image.id for _element, image in found if isinstance(image, Image)}
    found += [
        (element, run.source.image(element.image))
        for element in selected
        if element.image not in taken
    ]
    taken |= {element.image for element in selected}
    return _without_rivals([_planned(run, element, image, taken) for element, image in found])


def _looked_up(run: Run, element: Element) -> Image | CuratorError:
    try:
        return run.source.image(element.image)
    except CuratorError as error:
        # One that is not there, or of which there are several, does not stop the others.
        return error


def _refuse_twice(found: Sequence[tuple[Element, Image]]) -> None:
    first: dict[str, Element] = {}
    for element, image in found:
        other = first.setdefault(image.id, element)
        if other is not element:
            raise InvalidRequest(
                f"{other.place} and {element.place} are both image {image.id}. Leave one out."
            )


def _planned(
    run: Run, element: Element, image: Image | CuratorError, listed: set[str]
) -> ImagePlan:
    if isinstance(image, CuratorError):
        action = Action.MISSING if isinstance(image, ImageNotFound) else Action.ERROR
        moves = tuple(
            Move(place=place, action=action, name=element.image, reason=image.message)
            for place in run.places
        )
        return ImagePlan(element=element, image=None, moves=moves)
    wanted = element.options.get("properties", {})
    first = [i for i in companions(image, wanted).values() if i in listed and i != image.id]
    moves = tuple(_move(run, element, image, place, listed) for place in run.places)
    return ImagePlan(element=element, image=image, moves=moves, after=tuple(first))


def _move(run: Run, element: Element, image: Image, place: Place, listed: set[str]) -> Move:
    standing = run.standing[place.number, element.owner]
    destination = Destination(
        label=place.label,
        name=element.name,
        visibility=element.visibility or place.visibility,
        owner=element.owner or place.owner,
    )
    wish = _wish(run, element, destination)
    origin = Origin(
        image=image,
        cloud=run.source.label,
        disk_format=wish.disk_format,
        name_wanted=element.name,
    )
    move = Move(place=place, action=Action.NONE, name=origin.name)
    try:
        plan = plan_migration(wish, destination, _seen(origin, standing))
        if plan.standing is None:
            require_movable(image, wish.properties, origin.name)
    except CuratorError as error:
        return replace(move, action=Action.ERROR, reason=error.message)
    if plan.standing is not None:
        # What no listing shows is asked for one by one, and only where the user wants that.
        open_ = plan.changed or _may_lack_members(run, wish, image, plan.standing)
        return replace(move, action=Action.COMPLETE if open_ else Action.NONE, image=plan.standing)
    return replace(
        move,
        action=Action.ROTATE if plan.predecessor else Action.CREATE,
        image=plan.predecessor,
        dropped=plan.carried.dropped,
        brings=tuple(_brought(run, image, wish, standing, listed)),
    )


def _wish(run: Run, element: Element, destination: Destination) -> MigrationWish:
    options = {
        key: element.options[key]
        for key in ("disk_format", "properties", "on_conflict", "project_map", "members", "method")
        if key in element.options
    }
    options.setdefault("members", bool(options.get("project_map")))
    return MigrationWish(
        image=element.image, source=run.source.label, destinations=(destination,), **options
    )


def _seen(origin: Origin, standing: Standing) -> MigrationSeen:
    return MigrationSeen(
        origin=origin,
        project=standing.project,
        owner=standing.owner,
        named=standing.named(origin.name),
        alike=standing.alike(origin),
        now="",
    )


def _may_lack_members(run: Run, wish: MigrationWish, image: Image, standing: Image) -> bool:
    return (
        run.update_members
        and wish.members
        and image.visibility == standing.visibility == _SHARED
        and is_ours(standing, standing.owner)
    )


def _brought(
    run: Run, image: Image, wish: MigrationWish, standing: Standing, listed: set[str]
) -> Iterator[Image]:
    """Kernel and ramdisk that are not there yet and that no element of the run moves."""
    ids = {i for i in companions(image, wish.properties).values() if i not in listed}
    for companion in run.source.images:
        if companion.id not in ids:
            continue
        origin = Origin(image=companion, cloud=run.source.label, disk_format=KEEP)
        if origin.standing(standing.alike(origin), owner=standing.owner) is None:
            yield companion


def _without_rivals(plans: Sequence[ImagePlan]) -> list[ImagePlan]:
    """No two images of a run may want one name at one place: each would be in the other's way."""
    claims: dict[tuple[int, str | None, str], list[ImagePlan]] = defaultdict(list)
    for plan in plans:
        for move in plan.moves:
            if _claims_name(move):
                claims[_claim(plan, move)].append(plan)

    def judged(plan: ImagePlan, move: Move) -> Move:
        rivals = claims.get(_claim(plan, move), [])
        if move.action not in MAKING or len(rivals) < 2:  # noqa: PLR2004  # Itself and another.
            return move
        ids = ", ".join(sorted(rival.image.id for rival in rivals if rival.image))
        reason = (
            f"{len(rivals)} images would be called {move.name!r} there: {ids}. Give each of them a "
            "name of its own in migrate_images_list, or move one of them."
        )
        return replace(move, action=Action.ERROR, reason=reason)

    return [replace(plan, moves=tuple(judged(plan, move) for move in plan.moves)) for plan in plans]


def _claim(plan: ImagePlan, move: Move) -> tuple[int, str | None, str]:
    return move.place.number, plan.element.owner, move.name


def _claims_name(move: Move) -> bool:
    """One that is there has its name, unless it was renamed since."""
    stands_so = (
        move.action is Action.NONE and move.image is not None and move.image.name == move.name
    )
    return move.action in MAKING or stands_so
