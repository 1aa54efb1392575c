# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Small texts of upstream that every run asks for: sent again only when they have changed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from ..errors import CuratorError
from ..threads import abreast
from .cache import prepare, writing
from .location import Location
from .reading import checked, content_of, read_file
from .records import write_json
from .web import Web

# What an answer says of its version, and how the next request asks whether that still holds.
_CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


class Texts:
    """The manifests and signatures of one run: each asked for once, whoever wants it.

    What was sent in an earlier run is kept beside the sources, and used where the server says that
    it has not changed.
    """

    def __init__(self, cache: Path, web: Callable[[Location], Web]) -> None:
        self._cache = cache
        self._web = web
        self._found: dict[Location, bytes | CuratorError] = {}

    def gather(self, places: Iterable[Location]) -> None:
        """Ask for texts of the web, several at a time. What fails is said to who reads it."""
        wanted = {place for place in places if place.is_url and place not in self._found}
        if wanted:
            prepare(self._cache)
            abreast(self._gather, wanted)

    def read(self, place: Location, what: str) -> bytes:
        """All bytes of a text: one of the web that was gathered, or a file of this machine."""
        if not place.is_url:
            return read_file(place, what)
        found = self._found[place]
        if isinstance(found, CuratorError):
            # A new one each time: an error remembers everybody who raised it.
            raise type(found)(found.message)
        return checked(found, place, what)

    def _gather(self, place: Location) -> None:
        web = self._web(place)
        try:
            self._found[place] = web.patience().until_done(lambda: self._asked(place, web))
        except CuratorError as error:
            self._found[place] = error

    def _asked(self, place: Location, web: Web) -> bytes:
        record = self._cache / f"text-{hashlib.sha256(place.requested.encode()).hexdigest()}.json"
        kept = _Kept.read(record)
        conditions = kept.conditions if kept else {}
        also = {HTTPStatus.NOT_MODIFIED} if kept else set()
        with web.ask("GET", place, headers=conditions, also=also) as response:
            if kept and response.status_code == HTTPStatus.NOT_MODIFIED:
                return kept.content
            content = content_of(response, place, web)
            with writing(self._cache, place.recorded):
                _Kept(content, response.headers).write(record)
            return content


class _Kept:
    """A text as it was sent once, with what the server said of its version."""

    def __init__(self, content: bytes, headers: Mapping[str, str]) -> None:
        self.content = content
        self._version = {name: headers[name] for name in _CONDITIONS if name in headers}

    @property
    def conditions(self) -> dict[str, str]:
        """What to ask with, so that the same text is not sent again."""
        return {_CONDITIONS[name]: value for name, value in self._version.items()}

    @classmethod
    def read(cls, record: Path) -> _Kept | None:
        """What is kept, if a server can be asked whether it still holds."""
        try:
            told: Any = json.loads(record.read_text())
            kept = cls(base64.b64decode(told["content"], validate=True), dict(told["version"]))
        except (OSError, ValueError, KeyError, TypeError):
            # Nothing that cannot be understood is worth an error: it is fetched anew.
            return None
        return kept if kept._version else None

    def write(self, record: Path) -> None:
        """Keep it for the next run."""
        content = base64.b64encode(self.content).decode()
        write_json(record, {"version": self._version, "content": content})
