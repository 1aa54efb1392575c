# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A whole catalog: its entries, those that are none, and what they say against each other."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Self

from ...errors import InvalidRequest
from ..values import some
from .document import Document, Item
from .entry import Entry, InvalidEntry
from .places import Place
from .slugs import slugs

_GENERIC = "generic"
_SYSTEM = ("distro", "version", "architecture")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An element that cannot be carried out, and everything that is wrong with it."""

    name: str
    place: Place
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """What a provider wants to exist. One bad entry is that entry's matter, and nobody else's."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...]
    # A name for the host of each entry, the bad ones included.
    slugs: dict[str, str]

    @classmethod
    def read(cls, document: Document, *, base_dir: str = "") -> Self:
        """Read all of a document; relative paths in it begin in `base_dir`."""
        entries: list[Entry] = []
        faults: list[Fault] = []
        for item in document.items:
            try:
                entries.append(_entry(item, base_dir))
            except InvalidEntry as error:
                faults.append(_fault(error, item.place))
        twins = _grouped(_twins(entries, faults), itemgetter(0))
        faults = [replace(f, reasons=(*f.reasons, *_told(f, twins))) for f in faults]
        faults += [
            Fault(name=entry.name, place=entry.place, reasons=_told(entry, twins))
            for entry in entries
            if entry.place.number in twins
        ]
        entries = [entry for entry in entries if entry.place.number not in twins]
        return cls(
            entries=tuple(entries),
            faults=tuple(sorted(faults, key=lambda fault: fault.place.number)),
            warnings=tuple(_one_generic_image(entries)),
            slugs=slugs([*(e.name for e in entries), *(fault.name for fault in faults)]),
        )

    def only(self, names: Sequence[str]) -> Self:
        """The part of the catalog that a slice of a run is about."""
        known = self.slugs.keys()
        for name in names:
            if name not in known:
                alike = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
                hint = f"Did you mean {alike[0]!r}?" if alike else f"It has {some(sorted(known))}."
                raise InvalidRequest(f"only has {name!r}, which the catalog has not. {hint}")
        return type(self)(
            entries=tuple(entry for entry in self.entries if entry.name in names),
            faults=tuple(fault for fault in self.faults if fault.name in names),
            warnings=self.warnings,
            slugs=self.slugs,
        )


def _entry(item: Item, base_dir: str) -> Entry:
    if not isinstance(item.content, dict):
        fault = f"{item.place.of_key()}This is no map. Write the keys of an entry, as in name: …"
        raise InvalidEntry(item.place, None, (*item.faults, fault))
    entry: Entry | None = None
    name: str | None = None
    faults: tuple[str, ...] = ()
    try:
        entry = Entry.from_plain(item.content, base_dir=base_dir, place=item.place)
        name = entry.name
    except InvalidEntry as error:
        name, faults = error.name, error.faults
    if entry is None or item.faults:
        raise InvalidEntry(item.place, name, (*item.faults, *faults))
    return entry


def _fault(error: InvalidEntry, place: Place) -> Fault:
    return Fault(name=error.name or f"entry {place.number}", place=place, reasons=error.faults)


def _twins(entries: Sequence[Entry], faults: Sequence[Fault]) -> Iterator[tuple[int, str]]:
    """Entries, by their numbers, that claim what others claim: none of them is the right one."""
    named: list[Entry | Fault] = [*entries, *faults]
    by_name = _grouped(named, lambda element: element.name)
    by_id = _grouped((e for e in entries if e.image_id), lambda entry: entry.image_id)
    for key, groups in (("name", by_name), ("image_id", by_id)):
        for value, group in groups.items():
            if len(group) > 1:
                group.sort(key=lambda element: element.place.number)
                where = some([_described(element.place) for element in group])
                claim = f"{key} {value!r} is that of {len(group)} entries: {where}."
                for element in group:
                    place = element.place
                    yield place.number, f"{place.of_key(key)}{claim} Give each its own."


def _told(
    element: Entry | Fault, twins: Mapping[int, Sequence[tuple[int, str]]]
) -> tuple[str, ...]:
    return tuple(claim for _number, claim in twins.get(element.place.number, ()))


def _described(place: Place) -> str:
    return f"entry {place.number}" if place.line is None else f"line {place.line}"


def _one_generic_image(entries: Iterable[Entry]) -> Iterator[str]:
    """What the Sovereign Cloud Stack wants: of one system, one public image for everybody."""
    public = [
        entry
        for entry in entries
        if entry.is_present
        and entry.visibility == "public"
        and not entry.hidden
        and entry.os.get("purpose") == _GENERIC
    ]
    grouped = _grouped(public, lambda entry: tuple(map(entry.os.get, _SYSTEM)))
    for system, group in grouped.items():
        if None not in system and len(group) > 1:
            names = some([repr(entry.name) for entry in group])
            yield (
                f"{names} are all public and os.purpose: generic for {' '.join(system)}. The "
                "Sovereign Cloud Stack allows one: give the others another purpose, or hide them."
            )


def _grouped(elements: Iterable[Any], by: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found = defaultdict(list)
    for element in elements:
        found[by(element)].append(element)
    return found
