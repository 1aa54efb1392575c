# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Requests to one service of the cloud, with its errors in our words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from ..errors import RequestFailed
from .trouble import check_response, translated

# What a service that is restarting answers is worth two more tries: together under two seconds.
_RETRIES = 2


class Service:
    """One service, spoken to in plain JSON.

    The SDK finds the service, authenticates, and renews the session. Its resource classes are not
    used: they turn some properties into booleans and numbers and put others elsewhere, and what
    is compared here is what Glance stores.
    """

    def __init__(self, title: str, adapter: Any) -> None:
        self._title = title
        self._adapter = adapter

    def send(
        self,
        method: str,
        path: str,
        *,
        doing: str,
        expect: str = "",
        hints: Mapping[int, str] | None = None,
        query: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON of an answer, in which there is what the caller expects."""
        with translated(doing, self._title):
            response = self._adapter.request(
                path,
                method,
                json=json,
                params=query,
                headers=dict(headers or {}),
                status_code_retries=_RETRIES,
            )
        check_response(response, doing, hints)
        if not expect:
            return None
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or expect not in answer:
            raise RequestFailed(
                f"Could not {doing}: what answers at {response.url} is not {self._title} "
                f"(HTTP {response.status_code} without {expect!r}). Check the cloud's catalog, "
                "endpoint overrides, and proxies in between."
            )
        return answer

    def stream_up(
        self,
        path: str,
        pieces: Iterable[bytes],
        *,
        doing: str,
        headers: Mapping[str, str],
        timeout: float,
        hints: Mapping[int, str] | None = None,
    ) -> None:
        """Send bytes that exist only once.

        The session would log in anew after a 401, follow a redirect, or try again after a lost
        connection, each time sending what is left of the bytes as if it were all of them.
        """
        with translated(doing, self._title):
            response = self._adapter.request(
                path,
                "PUT",
                data=pieces,
                headers=dict(headers),
                timeout=timeout,
                allow_reauth=False,
                redirect=False,
                connect_retries=0,
                status_code_retries=0,
            )
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            # Whoever tries once more, with bytes of their own, has to log in first.
            self._adapter.invalidate()
        check_response(response, doing, hints)

    def stream_down(self, path: str, *, doing: str, piece: int, timeout: float) -> Iterator[bytes]:
        """The bytes of an answer, in pieces."""
        ask = self._adapter.request
        with translated(doing, self._title), ask(path, "GET", stream=True, timeout=timeout) as got:
            check_response(got, doing)
            yield from got.iter_content(piece)
