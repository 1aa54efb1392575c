# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which version of a source is there, by its metadata alone."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ..errors import SourceFailed
from .location import Location
from .web import Web

# Servers, and addresses signed for GET alone, that refuse a HEAD.
_NO_HEAD = frozenset({400, 403, 405, 501})


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What tells one version of a source from the next without reading it."""

    etag: str | None = None
    last_modified: str | None = None
    size: int | None = None
    # Of a file on this machine.
    mtime_ns: int | None = None

    @classmethod
    def of_answer(cls, headers: Mapping[str, str], size: int | None) -> Self:
        """As a web server tells it."""
        return cls(etag=headers.get("ETag"), last_modified=headers.get("Last-Modified"), size=size)

    @classmethod
    def of_file(cls, seen: os.stat_result) -> Self:
        return cls(size=seen.st_size, mtime_ns=seen.st_mtime_ns)

    @property
    def text(self) -> str | None:
        """As it is recorded and compared; None: nothing tells the version."""
        if self.mtime_ns is not None:
            return f"size={self.size} mtime={self.mtime_ns}"
        return self.etag or self.last_modified

    @property
    def condition(self) -> str | None:
        """What If-Range may name: a weak ETag promises less than equal bytes."""
        if self.etag and not self.etag.startswith("W/"):
            return self.etag
        return self.last_modified

    def contradicts(self, other: Self) -> bool:
        """Whether the two cannot be the same file; an answer need not tell everything again."""
        return any(
            None not in pair and pair[0] != pair[1]
            for pair in (
                (self.etag, other.etag),
                (self.last_modified, other.last_modified),
                (self.size, other.size),
            )
        )


def version_of(location: Location, web: Web) -> Version:
    """The version that is there now. No byte of the content is fetched, or at most one."""
    if location.is_url:
        return web.patience().until_done(lambda: _asked(location, web))
    try:
        return Version.of_file(location.path.stat())
    except OSError as error:
        raise unreadable(location, error) from error


def unreadable(location: Location, error: OSError) -> SourceFailed:
    """What to say of a file that is not there, or not for us."""
    return SourceFailed(
        f"The source {location.recorded} cannot be read: {error.strerror}. Check the path, which "
        "is one on the host that runs the module."
    )


def total_size(status: int, headers: Mapping[str, str]) -> int | None:
    """The size of the whole file, from an answer that has all of it or a part."""
    told = headers.get("Content-Length", "")
    if status != 200:  # noqa: PLR2004  (only a 200 is the whole)
        told = headers.get("Content-Range", "").rpartition("/")[2]
    return int(told) if re.fullmatch(r"[0-9]{1,18}", told) else None


def _asked(location: Location, web: Web) -> Version:
    with web.ask("HEAD", location, also=_NO_HEAD) as head:
        if head.status_code not in _NO_HEAD:
            return Version.of_answer(head.headers, total_size(head.status_code, head.headers))
    with web.ask("GET", location, headers={"Range": "bytes=0-0"}, also={416}) as first:
        return Version.of_answer(first.headers, total_size(first.status_code, first.headers))
