# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The machines that somebody wants to import, as a list or a table of theirs, made plain.

A list is written by hand, or comes out of somebody's spreadsheet. What is wrong with it is said
before the first machine is touched, with the machine and the key.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ..errors import InvalidRequest
from .catalog.keys import unknown
from .catalog.locations import located
from .catalog.reading import Reader, choice, number, scalars, text, texts
from .catalog.slugs import slugs
from .disk import FORMATS
from .hardware.known import is_hardware
from .image import VISIBILITIES
from .proof import ChecksumWish
from .values import LARGEST_MINIMUM

AUTO = "auto"
_INLINE = "inline"
# In a table, `properties.hw_disk_bus` is a column for one property.
_PROPERTIES = "properties."
_SEPARATOR = re.compile(r"[;\s]+")
# A fixed VHD shows itself only at its end, so a packed one is known by its name alone. In a cache
# of what was fetched, files have other names.
_PACKED_VHD = re.compile(r"\.vhd\.\w+$", re.IGNORECASE)


def rows_of(table: str) -> list[dict[str, Any]]:
    """The rows of a CSV file with a header; a cell that is empty says nothing."""
    lines = table.removeprefix("\ufeff").splitlines()
    rows = []
    reader = csv.DictReader(lines, skipinitialspace=True, delimiter=_delimiter(lines))
    for position, cells in enumerate(reader, start=1):
        if None in cells:
            raise InvalidRequest(
                f"Row {position} of the table has more cells than its header has names. Quote a "
                "cell that holds the separator."
            )
        row: dict[str, Any] = {}
        for column, cell in cells.items():
            key, value = column.strip(), (cell or "").strip()
            if value and key.startswith(_PROPERTIES):
                row.setdefault("properties", {})[key.removeprefix(_PROPERTIES)] = value
            elif value:
                row[key] = value
        if row:
            rows.append(row)
    return rows


def machines_of(
    elements: Sequence[Mapping[str, Any]],
    *,
    defaults: Mapping[str, Any] | None = None,
    base_dir: str = "",
) -> list[dict[str, Any]]:
    """Every machine, with the keys that it or the defaults give, each of its type.

    Properties are added key by key and tags to one another; else what a machine says wins.
    Relative paths begin in `base_dir`.
    """
    if not elements:
        raise InvalidRequest(
            "The list of machines is empty. Name at least one, with its source and its name."
        )
    common = _read(defaults or {}, "What goes for all machines", base_dir)
    machines = [
        _machine(f"Machine {position}", given, common, base_dir)
        for position, given in enumerate(elements, start=1)
    ]
    labels = _labels(machines)
    slug_of = slugs(labels)
    return [
        {**machine, "slug": slug_of[label]} for machine, label in zip(machines, labels, strict=True)
    ]


def _machine(place: str, given: Any, common: Mapping[str, Any], base_dir: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise InvalidRequest(f"{place} is {given!r}. Give a map with at least source and name.")
    if isinstance(given.get("name"), str):
        place = f"{place} ({given['name']})"
    own = _read(given, place, base_dir)
    for key in ("source", "name"):
        if key not in own:
            raise InvalidRequest(f"{place} has no {key}. Give every machine a source and a name.")
    properties = {**common.get("properties", {}), **own.get("properties", {})}
    machine = {
        "profile": [AUTO],
        **common,
        **own,
        "tags": list(dict.fromkeys([*common.get("tags", ()), *own.get("tags", ())])),
        "hardware": {n: v for n, v in properties.items() if is_hardware(n)},
        "properties": {n: v for n, v in properties.items() if not is_hardware(n)},
    }
    if AUTO in machine["profile"] and len(machine["profile"]) > 1:
        raise InvalidRequest(
            f"{place}: profile is {', '.join(machine['profile'])}. Give auto alone, to take what "
            "is proposed, or profiles without it."
        )
    if _PACKED_VHD.search(machine["source"].partition("?")[0]):
        machine.setdefault("format", "vhd")
    return machine


def _read(given: Mapping[str, Any], place: str, base_dir: str) -> dict[str, Any]:
    found = {}
    for key, value in given.items():
        if key not in _KEYS:
            raise InvalidRequest(unknown(key, _KEYS, place))
        if value is None:
            raise InvalidRequest(f"{place}: {key} has no value. Give it one, or leave it out.")
        try:
            found[key] = _placed(key, _KEYS[key](key, value), base_dir)
        except InvalidRequest as error:
            raise InvalidRequest(f"{place}: {error.message}") from error
    return found


def _placed(key: str, value: Any, base_dir: str) -> Any:
    match key:
        case "source" | "keyring":
            return located(key, value, base_dir)
        case "signature" if value != _INLINE:
            return located(key, value, base_dir)
        case "checksum":
            wish = ChecksumWish.from_option(value)
            manifest = wish.manifest and located(key, wish.manifest, base_dir)
            return f"{wish.algorithm}:{manifest or wish.digest}"
    return value


def _list(key: str, value: Any) -> list[str]:
    """A list, or one text with blanks or semicolons between: a cell of a table has no lists."""
    if isinstance(value, str):
        value = [part for part in _SEPARATOR.split(value) if part]
    return list(texts(key, value))


def _day(key: str, value: Any) -> str:
    """A day as catalogs write it; YAML makes a date of one without quotes."""
    written = text(key, value)
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise InvalidRequest(f"{key} is {written!r}. Give a day, such as 2027-06-30.") from error


_KEYS: Mapping[str, Reader] = {
    "source": text,
    "name": text,
    "profile": _list,
    "properties": scalars,
    "checksum": text,
    "signature": text,
    "keyring": text,
    "format": choice(*FORMATS),
    "member": text,
    "hypervisor": text,
    # YAML reads the word off as a boolean.
    "validation": lambda key, value: choice("strict", "warn", "off")(
        key, "off" if value is False else value
    ),
    "owner": text,
    "tags": _list,
    "expires": _day,
    "visibility": choice(*VISIBILITIES),
    "min_ram": number(0, LARGEST_MINIMUM, "MiB"),
    "min_disk": number(0, LARGEST_MINIMUM, "GiB"),
}


def _delimiter(lines: Sequence[str]) -> str:
    """What stands in the header: spreadsheets of many countries put semicolons between cells."""
    header = lines[0] if lines else ""
    return max(",;\t", key=header.count)


def _labels(machines: Iterable[Mapping[str, Any]]) -> list[str]:
    """What tells each machine from the others: its name, and its owner where two need it."""
    named = [(machine["name"], machine.get("owner", "")) for machine in machines]
    names = Counter(name for name, _owner in named)
    twice = [name for (name, _owner), count in Counter(named).items() if count > 1]
    if twice:
        raise InvalidRequest(
            f"Several machines of the list have the name {', '.join(sorted(twice))}, and each "
            "would take it from the other. Give every machine a name of its own."
        )
    return [name if names[name] == 1 else f"{name} {owner}" for name, owner in named]
