# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A catalog as it was given: a list of entries, and what they have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from ...errors import InvalidRequest
from .keys import KEYS, NO_DEFAULTS, unknown
from .places import Lines, Place
from .reading import shown

# Under which of its keys a map has the entries.
ENTRIES = ("images", "catalog")
_DEFAULTS = "defaults"
_SHAPE = (
    "Give a list of entries, or a map with that list as images, and under defaults what the "
    "entries have in common"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One element of the list, whatever it is, and where it stands."""

    content: Any
    place: Place
    # What can be said of it already.
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The elements in their order, with what stands under defaults put into each of them."""

    items: tuple[Item, ...]
    file: str | None = None

    @classmethod
    def of(
        cls,
        content: Any,
        *,
        file: str | None = None,
        lines: Sequence[Lines] = (),
        faults: Sequence[tuple[str, ...]] = (),
    ) -> Self:
        """Take a document apart; with the lines of each element, and what is wrong with it."""
        source = file or "The catalog"
        elements, defaults = _parts(content, source)
        if not elements:
            raise InvalidRequest(
                f"{source} has no entries: a run would do nothing and be green. {_SHAPE}."
            )
        return cls(
            file=file,
            items=tuple(
                Item(
                    content=_completed(element, defaults),
                    place=Place(number=n + 1, file=file, lines=lines[n] if lines else {}),
                    faults=faults[n] if faults else (),
                )
                for n, element in enumerate(elements)
            ),
        )


def _parts(content: Any, source: str) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """The list of entries, and the defaults."""
    if isinstance(content, list | tuple):
        return content, {}
    if content is None:
        return (), {}
    if not isinstance(content, Mapping):
        raise InvalidRequest(f"{source} is no list but {shown(content)}. {_SHAPE}.")
    strange = [key for key in content if key not in {*ENTRIES, _DEFAULTS}]
    named = [key for key in ENTRIES if key in content]
    if strange or len(named) != 1:
        keys = ", ".join(map(str, content)) or "none"
        raise InvalidRequest(f"{source} is a map with the keys {keys}. {_SHAPE}.")
    elements = content[named[0]]
    if elements is not None and not isinstance(elements, list | tuple):
        raise InvalidRequest(f"{source} has no list under {named[0]}. {_SHAPE}.")
    return elements or (), _defaults(content.get(_DEFAULTS), source)


def _defaults(content: Any, source: str) -> Mapping[str, Any]:
    if content is None:
        return {}
    if not isinstance(content, Mapping):
        raise InvalidRequest(f"{source} has no map under defaults. {_SHAPE}.")
    for key in content:
        if key not in KEYS:
            raise InvalidRequest(f"defaults of {source}: {unknown(key, KEYS)}")
        if key in NO_DEFAULTS:
            raise InvalidRequest(
                f"defaults of {source} has {key}, which no two entries share. Write it in each."
            )
    return content


def _completed(element: Any, defaults: Mapping[str, Any]) -> Any:
    """An element with the defaults that it does not say itself; maps are completed key by key."""
    if not defaults or not isinstance(element, Mapping):
        return element
    completed = {**defaults, **element}
    for key, common in defaults.items():
        own = element.get(key)
        if isinstance(common, Mapping) and isinstance(own, Mapping):
            completed[key] = {**common, **own}
    return completed
