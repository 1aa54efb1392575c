# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""An answer whose body is still to come, and may break off on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Unreachable
from .sdk import transport_errors


class Answer:
    """The head of an answer, and its body as it comes."""

    def __init__(self, response: Any, *, doing: str, where: str, timeout: float) -> None:
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._raw = response.raw
        self._doing = doing
        self._where = where
        self._timeout = timeout

    def pieces(self, at_most: int) -> Iterator[bytes]:
        """The body in pieces: what is there at the moment, and no more than this."""
        # To wait until a piece is full would copy it together in memory, and takes twice the time.
        # Before 2.1, urllib3 has nothing else.
        read = getattr(self._raw, "read1", self._raw.read)
        count = 0
        try:
            while piece := read(at_most, decode_content=False):
                count += len(piece)
                yield piece
        except transport_errors.ReadTimeoutError as error:
            raise Unreachable(
                f"Could not {self._doing}: after {count} bytes, nothing came from {self._where} "
                f"for {self._timeout:g} seconds. Run the task again, or raise timeout."
            ) from error
        except transport_errors.HTTPError as error:
            raise Unreachable(
                f"Could not {self._doing}: after {count} bytes, the connection to {self._where} "
                "was cut. Run the task again."
            ) from error
