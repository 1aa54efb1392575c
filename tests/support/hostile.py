# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that must be refused: how each is made, and the words that have to be said about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from support.disks import Workshop

Make = Callable[[Workshop], bytes | Path]


@dataclass(frozen=True)
class Hostile:
    """How a file is made, what is said of it, and words of the verdict."""

    make: Make
    says: str
    wish: Mapping[str, Any]


class Lister(Protocol):
    """Put what a function makes on a list, with words of the reason to be given, and a wish."""

    def __call__(self, says: str, **wish: Any) -> Callable[[Make], None]: ...


def lister(cases: dict[str, Hostile]) -> Lister:
    """A decorator that adds to this list, under the name of the function."""

    def hostile(says: str, **wish: Any) -> Callable[[Make], None]:
        def listed(make: Make) -> None:
            name = getattr(make, "__name__", "").replace("_", " ")
            cases[name] = Hostile(make, says, wish)

        return listed

    return hostile
