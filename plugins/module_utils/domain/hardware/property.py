# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What can be said of one image property: the kind of its value, and what it decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# What oslo.utils takes for a switch, and Nova with it.
_ON = frozenset({"1", "t", "true", "on", "y", "yes"})
_OFF = frozenset({"0", "f", "false", "off", "n", "no"})
# No property needs more figures, and Python refuses to read very many.
_WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*", re.ASCII)


class Kind(StrEnum):
    """What a value has to look like to be read as it was meant."""

    FLAG = "switch"
    NUMBER = "whole number"
    # One of the values, or several of them with commas between.
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    # Text that YAML takes for a number, unless it stands in quotes.
    VERSION = "version"
    UUID = "UUID"
    # A list of processors: 0-3,^2,6.
    PROCESSORS = "processors"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A row of the tables."""

    name: str
    kind: Kind
    meaning: str
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    # Other spellings that Nova translates, in small letters, and whether case counts at all.
    also: Mapping[str, str] = field(default_factory=dict)
    any_case: bool = False
    # Of Kind.PATTERN: the whole value. The example is for those who met it not.
    pattern: str = ""
    example: str = ""
    # The name that Nova knows it by today, where this is an older one.
    instead: str = ""

    def read(self, text: str) -> str:
        """The value as those take it who read it, whichever way it is spelled."""
        if self.kind is Kind.FLAG and (on := truth(text)) is not None:
            return "true" if on else "false"
        if self.kind is Kind.NUMBER and is_whole(text):
            return str(int(text))
        if self.any_case or self.also:
            small = text.lower()
            return self.also.get(small, small if self.any_case else text)
        return text


def truth(text: str) -> bool | None:
    """Whether the text switches on or off; None if it is no switch."""
    word = text.strip().lower()
    if word in _ON:
        return True
    return False if word in _OFF else None


def is_whole(text: str) -> bool:
    """Whether the text is a whole number."""
    return _WHOLE.fullmatch(text) is not None


def flag(name: str, meaning: str, *, instead: str = "") -> Property:
    """A row for a switch."""
    return Property(name=name, kind=Kind.FLAG, meaning=meaning, instead=instead)


def number(
    name: str,
    meaning: str,
    *,
    least: int | None = None,
    most: int | None = None,
    instead: str = "",
) -> Property:
    """A row for a whole number."""
    return Property(
        name=name, kind=Kind.NUMBER, meaning=meaning, least=least, most=most, instead=instead
    )


def choice(
    name: str,
    meaning: str,
    *values: str,
    also: Mapping[str, str] | None = None,
    any_case: bool = False,
    instead: str = "",
) -> Property:
    """A row for one of several values."""
    return Property(
        name=name,
        kind=Kind.CHOICE,
        meaning=meaning,
        values=values,
        also=also or {},
        any_case=any_case,
        instead=instead,
    )


def text(name: str, meaning: str, *, instead: str = "") -> Property:
    """A row for anything."""
    return Property(name=name, kind=Kind.TEXT, meaning=meaning, instead=instead)


def processor_list(name: str, meaning: str, example: str) -> Property:
    """A row for a list of processors."""
    return Property(name=name, kind=Kind.PROCESSORS, meaning=meaning, example=example)


def pattern(name: str, meaning: str, regex: str, example: str, *, instead: str = "") -> Property:
    """A row for text of a certain form."""
    return Property(
        name=name,
        kind=Kind.PATTERN,
        meaning=meaning,
        pattern=regex,
        example=example,
        instead=instead,
    )
