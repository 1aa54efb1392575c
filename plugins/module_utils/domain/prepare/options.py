# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The options of an operation, as a task names them: taken one by one, and none left over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ...errors import InvalidRequest

_MODE = re.compile(r"0?o?[0-7]{3,4}")
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


class LocalFiles(Protocol):
    """Files of the host that runs the module."""

    def read(self, path: str) -> bytes:
        """All of one."""

    def windows_drivers(self, given: str | None) -> str:
        """Where the drivers of virtio for Windows are, if they can be put into one here."""


@dataclass(slots=True)
class Options:
    """What stands behind the name of an operation.

    Ansible knows nothing of their types: a template makes texts of numbers and of booleans.
    """

    operation: str
    left: dict[str, Any]

    @classmethod
    def of(cls, operation: str, given: Any, shorthand: str | None) -> Options:
        """From a map, or from what may stand alone in place of it."""
        if given is None:
            return cls(operation, {})
        if isinstance(given, Mapping):
            return cls(operation, {str(name): value for name, value in given.items()})
        if shorthand is None:
            raise InvalidRequest(
                f"The operation {operation} has options, and {given!r} is none. Write "
                f"'{operation}: {{option: value}}', or its name alone."
            )
        return cls(operation, {shorthand: given})

    def text(self, name: str, default: str | None = None) -> str | None:
        """One that is a text."""
        value = self.left.pop(name, None)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._wrong(name, value, "a text")
        return str(value)

    def needed(self, name: str) -> str:
        """One that has to be there."""
        value = self.text(name)
        if not value:
            raise InvalidRequest(f"The operation {self.operation} needs the option {name}.")
        return value

    def path(self, name: str = "path") -> str:
        """A path in the guest."""
        value = self.needed(name)
        if not value.startswith("/") or "\0" in value or ".." in value.split("/"):
            raise self._wrong(name, value, "an absolute path in the guest, without '..'")
        return re.sub("/+", "/", value).rstrip("/") or "/"

    def flag(self, name: str, *, default: bool) -> bool:
        """One that is true or false."""
        value = self.left.pop(name, default)
        word = str(value).lower()
        if word not in _TRUE | _FALSE:
            raise self._wrong(name, value, "true or false")
        return word in _TRUE

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts, or one alone."""
        value = self.left.pop(name, None)
        if value is None:
            return default
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list | tuple) or not all(
            isinstance(one, str) and one for one in found
        ):
            raise self._wrong(name, value, "a list of texts")
        return tuple(found)

    def mode(self, name: str = "mode") -> int | None:
        """Rights of a file, octal.

        Never a number: 0600 is octal in one YAML and decimal in another, and 600 means 0o1130.
        """
        value = self.left.pop(name, None)
        if value is None:
            return None
        if isinstance(value, str) and _MODE.fullmatch(value):
            return int(value.replace("o", ""), 8)
        raise self._wrong(name, value, "rights of a file such as '0644', in quotes")

    def owner(self) -> tuple[int | None, int | None] | None:
        """The numbers of a user and a group; what is said of neither stays as it is."""
        user, group = self.text("owner"), self.text("group")
        if user is None and group is None:
            return None
        for name, value in (("owner", user), ("group", group)):
            if value is not None and not value.isdecimal():
                raise self._wrong(name, value, "a number: names mean other users elsewhere")
        return (int(user) if user else None), (int(group) if group else None)

    def end(self) -> None:
        """See that nothing is left."""
        if self.left:
            raise InvalidRequest(
                f"The operation {self.operation} has no option {', '.join(sorted(self.left))}."
            )

    def _wrong(self, name: str, value: Any, wanted: str) -> InvalidRequest:
        return InvalidRequest(
            f"The option {name} of the operation {self.operation} is {value!r}; give {wanted}."
        )
