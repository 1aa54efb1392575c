# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How an image steps back for its successor: the one way in which all modules do it."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from ..errors import InvalidRequest
from .image import VISIBILITIES, Image, ImageState
from .lineage import STEPPED_BACK_AT, SUPERSEDED, is_ours
from .plan import PatchImage, Plan, SetActive, Step
from .properties import applied, operations
from .purpose import when_stepping_back
from .values import LONGEST_NAME, storable_name
from .visibility import NOT_THE_OWNER

UNCHANGED = "unchanged"
_FIELDS = frozenset({"name", "date", "id"})
_DATE = len("2026-10-01")
_SHORT_ID = 8

# The option, for every module that has it.
SUPERSEDE_OPTIONS = {
    "rename": {"type": "str", "default": "{name} {date}"},
    "hidden": {"type": "bool", "default": True},
    "visibility": {
        "type": "str",
        "choices": [UNCHANGED, *VISIBILITIES],
        "default": UNCHANGED,
    },
    "deactivate": {"type": "bool", "default": False},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Supersede:
    """What becomes of the image that another one takes the name of."""

    rename: str = "{name} {date}"
    hidden: bool = True
    visibility: str = UNCHANGED
    deactivate: bool = False

    @classmethod
    def from_option(cls, option: Mapping[str, Any] | None) -> Self:
        """Read the option, and refuse a name that could not be made."""
        wish = cls(**option) if option else cls()
        try:
            parts = list(string.Formatter().parse(wish.rename))
        except ValueError as error:
            raise InvalidRequest(
                f"supersede.rename is {wish.rename!r}, which is no pattern: {error}."
            ) from error
        plain = all(
            field in _FIELDS and not form and not conversion
            for _literal, field, form, conversion in parts
            if field is not None
        )
        if not plain or not wish.rename:
            raise InvalidRequest(
                f"supersede.rename is {wish.rename!r}. Write a name with {{name}}, {{date}} (when "
                "the old image was made) and {id} in it."
            )
        for literal, *_field in parts:
            storable_name("supersede.rename", literal)
        return wish

    def name_of(self, image: Image, taken: Collection[str]) -> str:
        """The name under which an image steps back; not that of another one."""
        name = self.rename.format(
            name=image.name or "", date=(image.created_at or "")[:_DATE], id=image.id
        )
        name = name[:LONGEST_NAME]
        if name in taken:
            # Two in one day: both keep what their owner knows them by, told apart by their ids.
            suffix = f" {image.id[:_SHORT_ID]}"
            name = name[: LONGEST_NAME - len(suffix)] + suffix
        return storable_name("the name that the old image gets", name)


def plan_step_back(
    image: Image,
    wish: Supersede,
    *,
    project: str | None,
    taken: Collection[str] = (),
    now: str | None = None,
) -> Plan:
    """What it takes to make an image step back; nothing where it did already."""
    new_name = wish.name_of(image, taken)
    attributes: dict[str, Any] = {"name": new_name, "hidden": wish.hidden}
    if wish.visibility != UNCHANGED:
        attributes["visibility"] = wish.visibility
    differing = {k: v for k, v in attributes.items() if getattr(image, k) != v}
    marked = when_stepping_back(image, hidden=wish.hidden)
    # Our marks on a foreign image would count for nothing, and are not ours to write.
    if is_ours(image, project):
        marked["curator_state"] = SUPERSEDED
        if now is not None:
            marked[STEPPED_BACK_AT] = now
    steps: list[Step] = []
    after = replace(image, **differing, properties=applied(image.properties, marked))
    # The name goes last: an image that still has it is seen by the next run.
    if wish.deactivate and image.status == "active":
        steps.append(SetActive(image_id=image.id, active=False))
        after = replace(after, status="deactivated")
    if differing:
        steps.append(
            PatchImage(
                image_id=image.id,
                operations=(*_replacing(differing), *operations(marked)),
                summary=f"let image {image.id} step back as {new_name!r}",
                when_forbidden=NOT_THE_OWNER,
            )
        )
    return Plan(before=ImageState(image=image), after=ImageState(image=after), steps=tuple(steps))


def _replacing(attributes: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in attributes.items():
        path = "os_hidden" if name == "hidden" else name
        yield {"op": "replace", "path": f"/{path}", "value": value}
