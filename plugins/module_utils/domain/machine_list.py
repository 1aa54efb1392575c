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
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
from .import_prepare import read as read_preparation
from .proof import ChecksumWish
from .values import LARGEST_MINIMUM

AUTO = "auto"
_INLINE = "inline"
# In a table, `properties.hw_disk_bus` is a column for one property.
_PROPERTIES = "properties."
_SEPARATOR = re.compile(r"[,;\s]+")
# Ansible hands on bytes that are no UTF-8 as these.
_NO_UTF8 = re.compile("[\udc80-\udcff\0]")
# As the images of further disks are called.
_FURTHER_DISK = re.compile(r"(.+) disk [0-9]+", re.DOTALL)
# A fixed VHD shows itself only at its end, so a packed one is known by its name alone. In a cache
# of what was fetched, files have other names.
_PACKED_VHD = re.compile(r"\.vhd\.\w+$", re.IGNORECASE)


def rows_of(table: str) -> list[dict[str, Any]]:
    """The rows of a CSV file with a header; a cell that is empty says nothing."""
    text_of_table = table.removeprefix("\ufeff").lstrip("\r\n")
    if (strange := _NO_UTF8.search(text_of_table)) is not None:
        line = text_of_table.count("\n", 0, strange.start()) + 1
        raise InvalidRequest(
            f"The table is not in UTF-8: line {line} has a character in another encoding. Save it "
            "anew as CSV UTF-8."
        )
    # A cell in quotes may hold line breaks, which are the reader's to judge.
    reader = csv.DictReader(
        io.StringIO(text_of_table, newline=""),
        skipinitialspace=True,
        delimiter=_delimiter(text_of_table),
        # Else a quotation mark without another one swallows all machines that follow.
        strict=True,
    )
    try:
        _check_header(reader.fieldnames or ())
        rows = [_row(position, cells) for position, cells in enumerate(reader, start=1)]
    except csv.Error as error:
        raise InvalidRequest(
            f"The table cannot be read at line {reader.line_num}: {error}. Look for a quotation "
            "mark that has no other."
        ) from error
    return [row for row in rows if row]


def _check_header(columns: Sequence[str]) -> None:
    names = Counter(column.strip() for column in columns if column.strip())
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise InvalidRequest(
            f"The table has several columns {', '.join(twice)}, and one would win over the other. "
            "Leave one of them."
        )
    if "properties" in names:
        raise InvalidRequest(
            "The table has a column properties, and a cell holds one value. Give each property a "
            "column of its own, such as properties.hw_disk_bus."
        )


def _row(position: int, cells: Mapping[Any, Any]) -> dict[str, Any]:
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
    return row


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
    _refuse_rivals(machines)
    slug_of = slugs(labels := list(_labels(machines)))
    named = [
        {**machine, "slug": slug_of[label]} for machine, label in zip(machines, labels, strict=True)
    ]
    _refuse_one_host(named)
    return named


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
            return _located(key, value, base_dir)
        case "signature" if value != _INLINE:
            return _located(key, value, base_dir)
        case "checksum":
            wish = ChecksumWish.from_option(value)
            manifest = wish.manifest and _located(key, wish.manifest, base_dir)
            return f"{wish.algorithm}:{manifest or wish.digest}"
        case "prepare":
            return read_preparation(key, value, base_dir)
    return value


def _located(key: str, value: str, base_dir: str) -> str:
    try:
        return located(key, value, base_dir)
    except InvalidRequest as error:
        # The same rules as for a catalog, in the words of a list.
        raise InvalidRequest(error.message.replace("catalog", "list")) from error


def _list(key: str, value: Any) -> list[str]:
    """A list, or one text with blanks, commas or semicolons between: a cell has no lists."""
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
    # As it was written: auto is a word of its own.
    "prepare": lambda _key, value: value,
    "owner": text,
    "tags": _list,
    "expires": _day,
    "visibility": choice(*VISIBILITIES),
    "min_ram": number(0, LARGEST_MINIMUM, "MiB"),
    "min_disk": number(0, LARGEST_MINIMUM, "GiB"),
}


def _delimiter(table: str) -> str:
    """What stands in the header: spreadsheets of many countries put semicolons between cells."""
    header = next(iter(table.splitlines()), "")
    return max(",;\t", key=header.count)


def _refuse_rivals(machines: Sequence[Mapping[str, Any]]) -> None:
    """Refuse machines of which one would take the name of another one's image."""
    named = Counter(_named(machine) for machine in machines)
    twice = sorted(name for (name, _owner), count in named.items() if count > 1)
    if twice:
        raise InvalidRequest(
            f"Several machines of the list have the name {', '.join(twice)}, and each "
            "would take it from the other. Give every machine a name of its own."
        )
    for name, owner in named:
        further = _FURTHER_DISK.fullmatch(name)
        if further and (further[1], owner) in named:
            raise InvalidRequest(
                f"The list has a machine {name}, and a disk of the machine {further[1]} may be "
                "called just that. Give one of the two another name."
            )


def _refuse_one_host(machines: Sequence[Mapping[str, Any]]) -> None:
    """Refuse machines that would be one host of the play, where one is lost.

    By chance that never happens; whoever writes the list can bring it about.
    """
    first: dict[str, str] = {}
    for machine in machines:
        name, slug = machine["name"], machine["slug"]
        if slug in first:
            raise InvalidRequest(
                f"The machines {first[slug]} and {name} cannot be told apart as hosts of a play: "
                f"both come to {slug}. Give one of the two another name."
            )
        first[slug] = name


def _labels(machines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What tells each machine from the others: its name, and its owner where two need it.

    As JSON, since a blank between the two could be a part of either.
    """
    named = [_named(machine) for machine in machines]
    often = Counter(name for name, _owner in named)
    for name, owner in named:
        parts = [name] if often[name] == 1 else [name, owner]
        yield json.dumps(parts, ensure_ascii=False)


def _named(machine: Mapping[str, Any]) -> tuple[str, str]:
    return machine["name"], machine.get("owner", "")
