# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Requests to one service of the cloud, with its errors in our words."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from ..errors import ConnectionLost, RequestFailed
from .answer import Answer
from .trouble import check_response, translated

# What a service that is restarting answers is worth two more tries: together under two seconds.
_RETRIES = 2
_FIRST_PAUSE = 0.5


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
        """The JSON of an answer, in which there is what the caller expects.

        A question is asked again if its connection is lost. Of anything else nobody knows then
        whether it was done: whoever wants it looks first.
        """
        response = self._asked(
            path,
            method,
            doing=doing,
            retries=_RETRIES if method == "GET" else 0,
            json=json,
            params=query,
            headers=dict(headers or {}),
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

    def _asked(self, path: str, method: str, *, doing: str, retries: int, **options: Any) -> Any:
        pause = _FIRST_PAUSE
        while True:
            try:
                with translated(doing, self._title):
                    return self._adapter.request(
                        path, method, status_code_retries=_RETRIES, **options
                    )
            except ConnectionLost:
                if not retries:
                    raise
            retries -= 1
            time.sleep(pause)
            pause *= 2

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

    @contextmanager
    def opened(
        self,
        path: str,
        *,
        doing: str,
        timeout: float,
        headers: Mapping[str, str] | None = None,
        hints: Mapping[int, str] | None = None,
        also: Collection[int] = (),
    ) -> Iterator[Answer]:
        """An answer whose body is read bit by bit; `also`: statuses that are no failure.

        Asks once: whoever reads on after a cut knows what is still missing.
        """
        with translated(doing, self._title):
            response = self._adapter.request(
                path,
                "GET",
                # Digests are of the bytes as they are stored: nothing may pack them on the way.
                headers={"Accept-Encoding": "identity", **(headers or {})},
                stream=True,
                timeout=timeout,
                connect_retries=0,
                status_code_retries=0,
            )
        with response:
            if response.status_code not in also:
                check_response(response, doing, hints)
            yield Answer(response, doing=doing, where=self._title, timeout=timeout)
