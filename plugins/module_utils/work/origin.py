# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Where an upload takes its bytes from, and what they are checked against."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from ..cloud.connect import APP_NAME
from ..source.location import Location
from ..source.web import Web

DEFAULT_CACHE = Path("~/.cache/curator.glance/sources")


class FromSomewhere(Protocol):
    """A wish for what comes from a source."""

    @property
    def source(self) -> str: ...
    @property
    def username(self) -> str | None: ...
    @property
    def password(self) -> str | None: ...
    @property
    def cache_dir(self) -> str | None: ...


class Origin:
    """The source of an image, and the way to it."""

    def __init__(self, wish: FromSomewhere, patience: float) -> None:
        self.location = Location(wish.source)
        self.web = Web(
            source=self.location,
            username=wish.username,
            password=wish.password,
            timeout=patience,
            user_agent=APP_NAME,
        )
        # Named by the task, what was fetched stays for the next one.
        self.keeps = wish.cache_dir is not None
        self.cache = Path(wish.cache_dir or DEFAULT_CACHE).expanduser()
