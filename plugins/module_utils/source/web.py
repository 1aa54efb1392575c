# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Requests to web servers: redirects, proxies and certificates as the environment has them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .library import requests, require_requests
from .location import Location
from .patience import TRIES, Patience
from .trouble import failure, translated

if TYPE_CHECKING:
    from requests import Response

_PIECE = 1 << 20
_SUCCESS = frozenset({200, 206})


class Web:
    """The web, as seen for one source: its server alone is told the user and the password."""

    def __init__(
        self,
        *,
        source: Location,
        username: str | None = None,
        password: str | None = None,
        timeout: float,
        user_agent: str = "curator.glance",
        first_pause: float = 1.0,
        tries: int = TRIES,
    ) -> None:
        require_requests()
        self._source = source
        self._login = (username, password or "") if username else None
        self._timeout = timeout
        self._first_pause = first_pause
        self._tries = tries
        self._session = requests.Session()
        # Checksums are of the bytes as they were published: nothing may pack them on the way.
        self._session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "identity"})

    def patience(self) -> Patience:
        """The tries for one piece of work."""
        return Patience(self._first_pause, self._tries)

    @contextmanager
    def ask(
        self,
        method: str,
        location: Location,
        *,
        headers: Mapping[str, str] | None = None,
        also: Collection[int] = (),
    ) -> Iterator[Response]:
        """The head of an answer, its content still to come; `also`: statuses that are no failure.

        Asks once. What another try may mend is raised as ForNow.
        """
        with translated(location.recorded, self._timeout):
            response = self._session.request(
                method,
                location.requested,
                headers=dict(headers or {}),
                auth=self._credentials(location),
                timeout=self._timeout,
                stream=True,
                # requests follows the redirects of a HEAD only when it is told to.
                allow_redirects=True,
            )
        with response:
            if response.status_code not in _SUCCESS.union(also):
                raise failure(location.recorded, response.status_code, response.headers)
            yield response

    def pieces(self, response: Response, location: Location) -> Iterator[bytes]:
        """The content as it comes over the wire, in pieces of at most 1 MiB."""
        # What is there already takes half the time of a full piece, which is put together in
        # memory. Before 2.1, urllib3 only has those.
        read = getattr(response.raw, "read1", response.raw.read)
        with translated(location.recorded, self._timeout):
            while piece := read(_PIECE, decode_content=False):
                yield piece

    def _credentials(self, location: Location) -> tuple[str, str] | None:
        if location.credentials:
            return location.credentials
        return self._login if location.shares_server_with(self._source) else None
