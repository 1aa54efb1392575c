# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The images that somebody wants to have elsewhere, as a list or as a selection of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ....errors import InvalidRequest
from ...catalog.keys import unknown
from ...catalog.reading import Reader, choice, flag, mapping, number, scalars, text
from ...find import chosen
from ...image import VISIBILITIES
from ..wish import KEEP, RAW, SERVER, STREAM

# What one image may have other than all the others.
_OF_THE_PLACE = ("name", "visibility", "owner")
_MOST_RETRIES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An image as it was asked for."""

    # By name or id.
    image: str
    # Where it was asked for, in words.
    place: str
    name: str | None = None
    visibility: str | None = None
    # The project there that it shall belong to, by name or id.
    owner: str | None = None
    # What else image_migrate is told of it, by its options.
    options: Mapping[str, Any] = field(default_factory=dict)


def elements_of(given: Any, common: Mapping[str, Any]) -> list[Element]:
    """The elements of a list, each with what goes for all of them and what it says itself."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise InvalidRequest(
            f"migrate_images_list is {given!r}. Give a list of names, ids, or maps with image."
        )
    shared = options_for_all(common)
    return [
        _element(f"Element {position} of migrate_images_list", element, shared)
        for position, element in enumerate(given, start=1)
    ]


def options_for_all(common: Mapping[str, Any]) -> dict[str, Any]:
    """What goes for every image, as image_migrate takes it."""
    return {
        key: _KEYS[key](f"migrate_images_{key}", value)
        for key, value in common.items()
        if value is not None
    }


def selected(
    query: str, listing: list[dict[str, Any]], common: Mapping[str, Any]
) -> Iterator[Element]:
    """The images that an expression chooses from a listing; whole images, or their ids."""
    place = "migrate_images_select"
    shared = options_for_all(common)
    for image_id in chosen(query, listing, place=place):
        yield Element(image=image_id, place=place, options=shared)


def _element(place: str, given: Any, shared: Mapping[str, Any]) -> Element:
    found = _read(place, given if isinstance(given, Mapping) else {"image": given})
    if "image" not in found:
        raise InvalidRequest(f"{place} has no image. Name the image by its name or id.")
    image = found.pop("image")
    other = {key: found.pop(key) for key in _OF_THE_PLACE if key in found}
    # Maps are added to one another; else what an element says itself wins.
    added = {
        key: {**shared[key], **value}
        for key, value in found.items()
        if isinstance(value, Mapping) and key in shared
    }
    return Element(image=image, place=place, **other, options={**shared, **found, **added})


def _read(place: str, given: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in given.items():
        if key not in _KEYS:
            raise InvalidRequest(unknown(key, _KEYS, place))
        if value is None:
            raise InvalidRequest(f"{place}: {key} has no value. Give it one, or leave it out.")
        try:
            found[key] = _KEYS[key](key, value)
        except InvalidRequest as error:
            raise InvalidRequest(f"{place}: {error.message}") from error
    return found


def _map_of_projects(key: str, value: Any) -> dict[str, str]:
    """Keys as well as values are names or ids, of which YAML takes some for numbers."""
    return {
        text(f"a key of {key}", here): text(f"{key}.{here}", there)
        for here, there in mapping(key, value).items()
    }


_KEYS: Mapping[str, Reader] = {
    "image": text,
    "name": text,
    "visibility": choice(*VISIBILITIES),
    "owner": text,
    "disk_format": choice(KEEP, RAW),
    "properties": scalars,
    "members": flag,
    "project_map": _map_of_projects,
    "on_conflict": choice("fail", "rotate"),
    "method": choice(STREAM, SERVER),
    "rate_limit": text,
    "retries": number(0, _MOST_RETRIES),
}
