# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""One value of one property: whether it can be read, and what it should have been."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from ..values import as_stored
from .cpu_lists import LAST, processors
from .flags import canonical
from .property import Kind, Property, is_whole, truth

# As many values as are worth reading in a message.
_SHOWN = 13
_LONGEST_SHOWN = 60
# A hypervisor's values are few: what is less alike than this is another device, and no slip.
_ALIKE = 0.6
# Version numbers that end in one figure may have lost a zero on their way: 4.10, or 22.10.
_MAYBE_CUT = re.compile(r"\d+\.[1-9]")
# A whole number, also one that is longer than any that is read.
_FIGURES = re.compile(r"\s*[+-]?\d+\s*", re.ASCII)


def wrong_value(row: Property, name: str, value: Any) -> str | None:
    """What is wrong with a value, and what to give; None if nothing is."""
    complaint = _COMPLAINTS[row.kind](row, canonical(name, value))
    if complaint is None:
        return _cut_version(name, value) if row.kind in _FREE else None
    return _told(row, name, value, complaint)


def not_among(row: Property, name: str, value: Any, allowed: Sequence[str], *, whose: str) -> str:
    """That a value is none of these, which is the right one, and whose values they are."""
    text = canonical(name, value)
    instead = _instead(text, allowed, likeness=_ALIKE)
    return _told(row, name, value, f"which {whose}. {instead}")


def closest(word: str, words: Sequence[str], *, likeness: float = 0.5) -> str | None:
    """The one of the words that was probably meant."""
    small = {candidate.lower(): candidate for candidate in words}
    found = get_close_matches(word.lower()[:_LONGEST_SHOWN], list(small), n=1, cutoff=likeness)
    return small[found[0]] if found else None


def listed(values: Sequence[str]) -> str:
    """The values, or as many of them as a message bears."""
    if len(values) <= _SHOWN:
        return ", ".join(values)
    return f"{', '.join(values[:_SHOWN])} and {len(values) - _SHOWN} more"


def is_among(row: Property, text: str, allowed: Sequence[str]) -> bool:
    """Whether a value is one of those that are allowed."""
    if text in allowed:
        return True
    return row.any_case and text.lower() in {value.lower() for value in allowed}


def in_tables(row: Property, text: str) -> bool:
    """Whether a value is one of those that the tables have, in any spelling that Nova takes."""
    return is_among(row, text, row.values) or text.lower() in row.also


def _told(row: Property, name: str, value: Any, complaint: str) -> str:
    text = canonical(name, value)
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return f"{name} is {shown!r}, {complaint}{_yaml(row, value)}"


def _instead(text: str, allowed: Sequence[str], *, likeness: float = 0.5) -> str:
    if not allowed:
        return "It has none at all: remove the property."
    meant = closest(text, allowed, likeness=likeness)
    hint = f" The closest is {meant}." if meant else ""
    return f"Possible are {listed(allowed)}.{hint}"


def _flag(_row: Property, text: str) -> str | None:
    return None if truth(text) is not None else "which is no switch. Give true or false."


def _number(row: Property, text: str) -> str | None:
    limits = _limits(row)
    if not is_whole(text):
        if _FIGURES.fullmatch(text):
            return f"which is out of range. Give {limits or 'fewer figures'}."
        return f"which is no whole number. Give {limits or 'one'}."
    least, most = row.least, row.most
    if (least is not None and int(text) < least) or (most is not None and int(text) > most):
        return f"which is out of range. Give {limits}."
    return None


def _limits(row: Property) -> str:
    match (row.least, row.most):
        case (None, None):
            return ""
        case (least, None):
            return f"{least} or more"
        case (None, most):
            return f"{most} or less"
        case (least, most):
            return f"{least} to {most}"


def _choice(row: Property, text: str) -> str | None:
    if in_tables(row, text):
        return None
    return f"which is none of its values. {_instead(text, row.values)}"


def _choices(row: Property, text: str) -> str | None:
    for part in map(str.strip, text.split(",")):
        if not in_tables(row, part):
            return f"of which {part!r} is none of its values. {_instead(part, row.values)}"
    return None


def _pattern(row: Property, text: str) -> str | None:
    if re.fullmatch(row.pattern, text, re.ASCII):
        return None
    return f"which nobody can read. Give something like {row.example}."


def _uuid(_row: Property, text: str) -> str | None:
    try:
        UUID(text)
    except ValueError:
        return "which is no UUID. Give one like 01234567-89ab-cdef-0123-456789abcdef."
    return None


def _processors(row: Property, text: str) -> str | None:
    if processors(text) is None:
        return (
            f"which is no list of processors between 0 and {LAST}. Give something like "
            f"{row.example}."
        )
    return None


def _line(_row: Property, text: str) -> str | None:
    if text.isprintable():
        return None
    return "which has a line break, or another character that nobody sees. Leave that out."


_FREE = frozenset({Kind.TEXT, Kind.VERSION})
_COMPLAINTS: dict[Kind, Callable[[Property, str], str | None]] = {
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.PATTERN: _pattern,
    Kind.UUID: _uuid,
    Kind.PROCESSORS: _processors,
    Kind.TEXT: _line,
    Kind.VERSION: _line,
}


def _cut_version(name: str, value: Any) -> str | None:
    """Free text that YAML has already read as something else, and perhaps shortened."""
    if isinstance(value, bool):
        return (
            f"{name} is a boolean, which YAML makes of words such as yes, no, on and off. Put the "
            "value in quotes."
        )
    if isinstance(value, float) and _MAYBE_CUT.fullmatch(text := as_stored(name, value)):
        return (
            f"{name} is the number {text}, which may have been {text}0: YAML reads both alike. Put "
            "the value in quotes."
        )
    return None


def _yaml(row: Property, value: Any) -> str:
    if isinstance(value, bool) and row.kind is not Kind.FLAG:
        return (
            " YAML makes booleans of words such as yes, no, on and off: put such a value in quotes."
        )
    return ""
