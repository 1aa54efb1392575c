# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Values as people write them in YAML, read strictly and refused with what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeAlias

from ...errors import InvalidRequest

# From the name of a key and what stands behind it to the value, or InvalidRequest.
Reader: TypeAlias = Callable[[str, Any], Any]

_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_KINDS = (((list, tuple), "a list"), (Mapping, "a map"))
_LONGEST_SHOWN = 60


def shown(value: Any) -> str:
    """A value as a message bears it: as YAML would have it, and not too long."""
    words = repr(value) if isinstance(value, str) else str(value)
    if isinstance(value, bool):
        words = words.lower()
    return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN]}…"


@contextmanager
def at(*path: Any) -> Iterator[None]:
    """Let an error within say which key of a map it is about."""
    try:
        yield
    except InvalidRequest as error:
        raise InvalidRequest(error.message, path=tuple(map(str, path))) from error


def text(key: str, value: Any) -> str:
    """A text; whole numbers and dates, which YAML makes of some texts, become one again."""
    if isinstance(value, bool):
        raise InvalidRequest(
            f"{key} is {shown(value)}, which YAML makes of yes, no, on and off. Put it in quotes."
        )
    if isinstance(value, float):
        raise InvalidRequest(
            f"{key} is the number {value}: without quotes, YAML makes 24.1 of 24.10. Put it in "
            "quotes."
        )
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise InvalidRequest(f"{key} is {_kind(value)}. Give a text.")
    if not value.strip():
        raise InvalidRequest(f"{key} is empty. Give it a value, or leave it out.")
    return value.strip()


def flag(key: str, value: Any) -> bool:
    """Yes or no."""
    if isinstance(value, bool):
        return value
    known = _FLAGS.get(value.lower()) if isinstance(value, str) else None
    if known is None:
        raise InvalidRequest(f"{key} is {shown(value)}. Give true or false.")
    return known


def number(least: int, most: int, unit: str = "") -> Reader:
    """A whole number between two others."""
    asked = f"a whole number{f' of {unit}' if unit else ''} from {least} to {most}"

    def read(key: str, value: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,10}\s*", value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InvalidRequest(f"{key} is {shown(value)}. Give {asked}.")
        return value

    return read


def choice(*values: str) -> Reader:
    """One of a few words."""

    def read(key: str, value: Any) -> str:
        # on, off, yes and no are no word of any list; a boolean is one that lost its quotes.
        word = text(key, value)
        if word not in values:
            alike = difflib.get_close_matches(word.lower(), values, n=1)
            meant = f" Did you mean {alike[0]}?" if alike else ""
            possible = ", ".join(values)
            raise InvalidRequest(f"{key} is {shown(word)}. Possible are {possible}.{meant}")
        return word

    return read


def form(pattern: str, described: str) -> Reader:
    """A text of a certain form."""
    compiled = re.compile(pattern)

    def read(key: str, value: Any) -> str:
        word = text(key, value)
        if not compiled.fullmatch(word):
            raise InvalidRequest(f"{key} is {shown(word)}. Give {described}.")
        return word

    return read


def texts(key: str, value: Any) -> tuple[str, ...]:
    """A list of texts, each of them once."""
    if not isinstance(value, list | tuple):
        raise InvalidRequest(f"{key} is {shown(value)}. Give a list, as in [{key}].")
    return tuple(dict.fromkeys(text(f"an element of {key}", element) for element in value))


def one_or_several(key: str, value: Any) -> list[str]:
    """A text, or a list of some, as a list."""
    return list(texts(key, value)) if isinstance(value, list | tuple) else [text(key, value)]


def scalars(key: str, value: Any) -> dict[str, Any]:
    """A map of single values, in which null stands for none at all."""
    found: dict[str, Any] = {}
    for name, content in mapping(key, value).items():
        # A name, too, may be something that YAML took for no text.
        with at(key, name):
            found[text(f"a name in {key}", name)] = _scalar(f"{key}.{name}", content)
    return found


def mapping(key: str, value: Any) -> Mapping[Any, Any]:
    """A map, whatever is in it."""
    if not isinstance(value, Mapping):
        raise InvalidRequest(f"{key} is {shown(value)}. Give a map of names and values.")
    return value


def _scalar(key: str, value: Any) -> Any:
    if isinstance(value, Mapping | list | tuple):
        raise InvalidRequest(f"{key} is {_kind(value)}. Give a text, a number, true or false.")
    if value is None or isinstance(value, bool | int) or value == "":
        return value
    return text(key, value)


def _kind(value: Any) -> str:
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "no text")
