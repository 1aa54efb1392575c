# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Small texts of upstream, such as manifests and signatures: from the web or from this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SourceFailed
from .location import Location
from .web import Web

if TYPE_CHECKING:
    from requests import Response

_MIB = 1 << 20
_LONGEST = 10 * _MIB


def read_small(location: Location, web: Web, what: str) -> bytes:
    """All bytes of a small file; `what` says in messages what it is."""
    if not location.is_url:
        return read_file(location, what)
    return checked(web.patience().until_done(lambda: _downloaded(location, web)), location, what)


def read_file(location: Location, what: str) -> bytes:
    """The same of a file on this machine."""
    try:
        with location.path.open("rb") as stream:
            return checked(stream.read(_LONGEST + 1), location, what)
    except OSError as error:
        raise SourceFailed(
            f"{what} {location.recorded} cannot be read: {error.strerror}. Check the path, which "
            "is one on the host that runs the module."
        ) from error


def content_of(response: Response, location: Location, web: Web) -> bytes:
    """What a server sends, or enough of it to see that it is too much."""
    content = b""
    for piece in web.pieces(response, location):
        content += piece
        if len(content) > _LONGEST:
            break
    return content


def checked(content: bytes, location: Location, what: str) -> bytes:
    """The content, if it is small."""
    if len(content) > _LONGEST:
        raise SourceFailed(
            f"{what} {location.recorded} has more than {_LONGEST // _MIB} MiB, so it is something "
            "else. Check the address."
        )
    return content


def _downloaded(location: Location, web: Web) -> bytes:
    with web.ask("GET", location) as response:
        return content_of(response, location, web)
