# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which images a search means, as listings of the API and a query over what they show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..errors import InvalidRequest, MissingLibrary
from .image import Image
from .values import as_stored

try:
    import jmespath
    from jmespath.exceptions import JMESPathError
except ImportError:
    jmespath = None  # type: ignore[assignment]

# An error of JMESPath may hold all that it was given.
_LONGEST_REASON = 200
_LONGEST_SHOWN = 60

MEMBER_STATUSES = ("accepted", "pending", "rejected", "all")

# Parts of a listing that have an option, or that the module sets itself.
_NOT_FILTERS = {
    "visibility": "visibility",
    "owner": "owner",
    "tag": "tags",
    "tags": "tags",
    "member_status": "member_status",
    "os_hidden": "include_hidden",
    "hidden": "include_hidden",
    "limit": "query",
    "marker": "query",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What the task looks for."""

    image: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    visibility: str | None = None
    owner: str | None = None
    tags: tuple[str, ...] = ()
    member_status: str | None = None
    include_hidden: bool = False
    query: str | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what no listing could answer."""
        for option in ("image", "owner"):
            if params[option] == "":
                raise InvalidRequest(f"{option} is empty. Give a name or an id, or leave it out.")
        filters = params["filters"] or {}
        for name, value in filters.items():
            if name in _NOT_FILTERS:
                raise InvalidRequest(f"{name} is no filter. Use the option {_NOT_FILTERS[name]}.")
            if value is None:
                raise InvalidRequest(
                    f"filters has no value for {name}. Glance finds images that have a value, "
                    "not those that lack one; use query for these."
                )
        if params["member_status"] and params["visibility"] not in {None, "shared"}:
            raise InvalidRequest(
                f"member_status is asked for with visibility: {params['visibility']}. Only shared "
                "images have members. Leave visibility out or set it to shared."
            )
        if params["query"] is not None:
            _compiled(params["query"])
        return cls(
            image=params["image"],
            filters={name: as_stored(name, value) for name, value in filters.items()},
            visibility=params["visibility"],
            owner=params["owner"],
            tags=tuple(params["tags"] or ()),
            member_status=params["member_status"],
            include_hidden=params["include_hidden"],
            query=params["query"],
        )

    def listings(self, owner: str | None) -> Iterator[list[tuple[str, str]]]:
        """The listings to ask for; `owner` is the search's, as an id.

        Glance shows visible images or hidden ones, never both in one listing.
        """
        asked = {
            **self.filters,
            "visibility": self.visibility or ("shared" if self.member_status else None),
            "owner": owner,
            "member_status": self.member_status,
        }
        parts = [(name, value) for name, value in asked.items() if value is not None]
        parts += [("tag", tag) for tag in self.tags]
        yield parts
        if self.include_hidden:
            yield [*parts, ("os_hidden", "true")]

    def admits(self, image: Image, owner: str | None) -> bool:
        """Whether an image that was found by its id also answers the rest of the search."""
        return self.visibility in {None, "all", image.visibility} and owner in {None, image.owner}


def ask(query: str, images: list[dict[str, Any]]) -> Any:
    """What a JMESPath expression says about the images found."""
    try:
        return _compiled(query).search(images)
    except JMESPathError as error:
        reason = str(error).partition("\n")[0]
        shown = reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}…"
        raise InvalidRequest(
            f"query {query!r} does not fit the {len(images)} images found: {shown} Values that "
            "some images lack are null; leave these images out first, as in [?size]."
        ) from error


def chosen(query: str, listing: list[dict[str, Any]], *, place: str) -> list[str]:
    """The ids of the images of a listing that an expression chooses, which stands at `place`."""
    try:
        found = ask(query, listing)
    except (InvalidRequest, MissingLibrary) as error:
        raise type(error)(error.message.replace("query", place, 1)) from error
    elements = [] if found is None else found
    if not isinstance(elements, list):
        raise InvalidRequest(
            f"{place} comes to {type(elements).__name__} and not to a list of images. Write an "
            "expression such as [?disk_format=='raw']."
        )
    known = {image["id"] for image in listing}
    ids: list[str] = []
    for element in elements:
        image_id = element.get("id") if isinstance(element, Mapping) else element
        if not isinstance(image_id, str) or image_id not in known:
            raise InvalidRequest(
                f"{place} comes to a list in which {_short(element)} is neither an image nor the "
                "id of one. End the expression with the images themselves, or with .id."
            )
        ids.append(image_id)
    return ids


def _short(value: Any) -> str:
    words = repr(value)
    return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN]}…"


def _compiled(query: str) -> Any:
    if jmespath is None:
        raise MissingLibrary(
            "query needs the Python library jmespath where the module runs. Install it, or leave "
            "query out."
        )
    try:
        return jmespath.compile(query)
    except JMESPathError as error:
        reason = str(error).partition("\n")[0]
        raise InvalidRequest(f"query {query!r} is no JMESPath expression: {reason}") from error
