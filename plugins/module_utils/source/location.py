# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Where a file is: an address on the web, or a path on this machine."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from ..errors import InvalidRequest

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):/")
_WEB = frozenset({"http", "https"})
_ON_THIS_MACHINE = frozenset({"", "localhost"})


@dataclass(frozen=True)
class Location:
    """A source, a manifest or a signature, as the task names it."""

    # Not shown where it is printed: it may hold a password.
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidRequest(
                "A source is named by an empty string, often an undefined variable. Give a URL "
                "(http, https, file) or a path."
            )
        if self._scheme not in {"", "file", *_WEB}:
            raise InvalidRequest(
                f"Nothing can be fetched with {self._scheme}. Give a URL with http, https or file, "
                "or a path."
            )
        if self._scheme and not self._names_a_server_it_can_reach():
            # Not shown: what of it is a password cannot be told where it cannot be read.
            raise InvalidRequest(
                f"A URL with {self._scheme} names no server that can be asked. Give a whole URL, "
                "such as https://example.org/disk.qcow2 or file:///srv/disk.qcow2."
            )

    @property
    def is_url(self) -> bool:
        """Whether it has to be fetched from the web."""
        return self._scheme in _WEB

    @cached_property
    def path(self) -> Path:
        """Where the file is on this machine."""
        named = unquote(self._parts.path) if self._scheme else self.text
        # Not resolve(): a link is known by its own name.
        return Path(os.path.abspath(Path(named).expanduser()))  # noqa: PTH100

    @property
    def file_name(self) -> str:
        """The name under which a manifest lists it."""
        path = unquote(self._parts.path) if self.is_url else str(self.path)
        return path.rpartition("/")[2]

    @property
    def recorded(self) -> str:
        """All of it that may be kept and shown: no user, no password and no query."""
        if not self.is_url:
            return str(self.path)
        return urlunsplit((self._parts.scheme, self.server, self._parts.path, "", ""))

    @property
    def requested(self) -> str:
        """The URL to ask for: the credentials in it are sent in another way."""
        parts = self._parts
        return urlunsplit((parts.scheme, self.server, parts.path, parts.query, ""))

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User and password, where the URL holds them."""
        if self._parts.username is None:
            return None
        return unquote(self._parts.username), unquote(self._parts.password or "")

    @property
    def server(self) -> str:
        """Host and port, without user and password."""
        return self._parts.netloc.rpartition("@")[2]

    def shares_server_with(self, other: Location) -> bool:
        """Whether what is secret to one of them may be told to the other."""
        ours, theirs = self._parts, other._parts
        return (ours.scheme, self.server.lower()) == (theirs.scheme, other.server.lower())

    @cached_property
    def _scheme(self) -> str:
        found = _SCHEME.match(self.text.strip())
        return found[1].lower() if found else ""

    @cached_property
    def _parts(self) -> SplitResult:
        return urlsplit(self.text.strip())

    def _names_a_server_it_can_reach(self) -> bool:
        try:
            if self._scheme == "file":
                return self._parts.netloc in _ON_THIS_MACHINE
            return bool(self._parts.hostname) and self._parts.port != 0
        except ValueError:
            return False
