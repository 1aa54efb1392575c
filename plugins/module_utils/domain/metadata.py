# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Everything about an image that stands, apart from its bytes and its members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from ..errors import InvalidRequest, NotReady
from .boot.record import outdated
from .image import Image, ImageState
from .plan import PatchImage, Plan, SetActive, Step
from .properties import applied, changes, check_names, operations
from .values import LARGEST_MINIMUM, some, storable_name
from .visibility import NOT_THE_OWNER, when_forbidden

# Where an attribute's name in the API differs from ours.
_API_NAMES = {"hidden": "os_hidden"}


def check_attributes(
    *, tags: Iterable[str] | None, min_disk: int | None, min_ram: int | None, owner: str | None
) -> None:
    """Refuse what Glance could not store of an image, whichever task names it."""
    for tag in tags or ():
        if not tag:
            raise InvalidRequest("tags holds an empty string. Remove it.")
        storable_name("a tag", tag)
    for option, value in (("min_disk", min_disk), ("min_ram", min_ram)):
        if value is not None and not 0 <= value <= LARGEST_MINIMUM:
            raise InvalidRequest(f"{option} is {value}. Give 0 to {LARGEST_MINIMUM}.")
    if owner == "":
        raise InvalidRequest("owner is empty. Give a project's name or id.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataWish:
    """What the task asks for; None where it says nothing."""

    image: str
    name: str | None = None
    visibility: str | None = None
    hidden: bool | None = None
    protected: bool | None = None
    min_disk: int | None = None
    min_ram: int | None = None
    # A project's name or id.
    owner: str | None = None
    tags: tuple[str, ...] | None = None
    properties: Mapping[str, Any] | None = None
    exact: bool = False
    active: bool | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what Glance could not store."""
        tags = params["tags"]
        own = {name for name in cls.__slots__ if name != "tags"}
        wish = cls(
            **{name: params[name] for name in own},
            tags=None if tags is None else tuple(sorted(set(tags))),
        )
        wish._check()
        return wish

    def _check(self) -> None:
        if not self.image:
            raise InvalidRequest("image is empty. Give the name or the id of an image.")
        if self.name is not None:
            if not self.name:
                raise InvalidRequest("name is empty. Give the image a name, or leave name out.")
            storable_name("the name", self.name)
        check_attributes(
            tags=self.tags, min_disk=self.min_disk, min_ram=self.min_ram, owner=self.owner
        )
        if self.exact and self.properties is None:
            raise InvalidRequest(
                "exact is true without properties. Name all properties that shall remain, or "
                "give an empty dict to remove them all."
            )
        # Values are checked with the names, though nothing is stored yet to compare them with.
        check_names(self.properties or {})
        changes({}, self.properties or {}, exact=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedImage:
    """What the cloud showed: the image, and the id of the project that shall own it."""

    state: ImageState
    new_owner: str | None = None
    warnings: tuple[str, ...] = ()


def plan_metadata(wish: MetadataWish, seen: DescribedImage) -> Plan:
    """What it takes to make the image say what the task wants."""
    image = seen.state.image
    wanted = {
        "name": wish.name,
        "visibility": wish.visibility,
        "hidden": wish.hidden,
        "protected": wish.protected,
        "min_disk": wish.min_disk,
        "min_ram": wish.min_ram,
        "owner": seen.new_owner,
        "tags": wish.tags,
    }
    differing: dict[str, Any] = {
        name: value
        for name, value in wanted.items()
        if value is not None and value != getattr(image, name)
    }
    needed = changes(image.properties, wish.properties or {}, exact=wish.exact)
    # Whoever booted it, booted another machine.
    needed = {**outdated(image, [*differing, *needed]), **needed}
    after = replace(image, **differing, properties=applied(image.properties, needed))
    steps: list[Step] = []
    if differing or needed:
        # First, because policy may refuse it: then nothing has changed yet.
        steps.append(_patch(image, differing, needed))
    if wish.active is not None and _changes_activity(image, active=wish.active):
        steps.append(SetActive(image_id=image.id, active=wish.active))
        after = replace(after, status="active" if wish.active else "deactivated")
    return Plan(
        before=seen.state,
        after=ImageState(image=after),
        steps=tuple(steps),
        warnings=seen.warnings,
    )


def _patch(
    image: Image, differing: Mapping[str, Any], needed: Mapping[str, str | None]
) -> PatchImage:
    attributes = [
        {
            "op": "replace",
            "path": f"/{_API_NAMES.get(name, name)}",
            "value": list(value) if isinstance(value, tuple) else value,
        }
        for name, value in differing.items()
    ]
    return PatchImage(
        image_id=image.id,
        operations=(*attributes, *operations(needed)),
        summary=f"change {some([*differing, *needed])} of image {image.id}",
        when_forbidden=_when_forbidden(differing),
    )


def _when_forbidden(differing: Mapping[str, Any]) -> str:
    if "owner" in differing:
        return "Only an administrator may give an image to another project."
    if "visibility" in differing:
        return when_forbidden(differing["visibility"])
    return NOT_THE_OWNER


def _changes_activity(image: Image, *, active: bool) -> bool:
    if image.status not in {"active", "deactivated"}:
        raise NotReady(
            f"Image {image.id} is {image.status}: only an image that has its data can be "
            "activated or deactivated. Upload it first, or wait until it is active."
        )
    return (image.status == "active") != active
