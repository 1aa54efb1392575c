# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How values look when Glance has stored them: always as strings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import InvalidRequest

# Glance's columns for the names of images, of tags and of properties.
LONGEST_NAME = 255
# And for the least disk and memory: a signed 32-bit integer.
LARGEST_MINIMUM = 2**31 - 1
# No character at all, halves of one, and what is outside of the basic plane of Unicode, for which
# the databases under Glance are made.
_UNSTORABLE = re.compile("[\0\ud800-\udfff\U00010000-\U0010ffff]")
# How many names a message lists before it only counts.
SHOWN = 5


def as_stored(name: str, value: Any) -> str:
    """A scalar as the string that Glance will keep for it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return storable(f"the value of {name}", str(value))
    raise InvalidRequest(
        f"The value of {name} is a {type(value).__name__}; Glance keeps strings only. "
        "Give a string, a number or a boolean; for a structure, its JSON as a quoted string."
    )


def same(stored: str | None, name: str, wanted: Any) -> bool:
    """Whether the stored string already says what is wanted.

    A boolean is written in more than one way by the tools that set properties ("True", "true"),
    and all who read them take both: rewriting one into the other is no change worth reporting.
    """
    if stored is None:
        return False
    wanted_string = as_stored(name, wanted)
    if isinstance(wanted, bool):
        return stored.lower() == wanted_string
    return stored == wanted_string


def storable(what: str, text: str) -> str:
    """The text, if Glance's database can hold it: nothing outside the basic plane of Unicode."""
    if found := _UNSTORABLE.search(text):
        raise InvalidRequest(
            f"{what[0].upper()}{what[1:]} holds the character {found[0]!r} "
            f"(U+{ord(found[0]):X}), which Glance cannot store. Leave it out."
        )
    return text


def storable_name(what: str, text: str) -> str:
    """The text, if it can be the name of something in Glance."""
    if len(text) > LONGEST_NAME:
        raise InvalidRequest(
            f"{what[0].upper()}{what[1:]} has {len(text)} characters; Glance takes at most "
            f"{LONGEST_NAME}: {text[:40]}…"
        )
    return storable(what, text)


def only_differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides reduced to what differs, so that a diff shows changes and nothing else."""
    left: dict[str, Any] = {}
    right: dict[str, Any] = {}
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            inner_old, inner_new = only_differences(old, new)
            if inner_old or inner_new:
                left[key], right[key] = inner_old, inner_new
        elif old != new:
            if key in before:
                left[key] = old
            if key in after:
                right[key] = new
    return left, right


def some(names: Sequence[str]) -> str:
    """As many of the names as a message bears, and how many more there are."""
    shown = ", ".join(names[:SHOWN]) or "nothing"
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
