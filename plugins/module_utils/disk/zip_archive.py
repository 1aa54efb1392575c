# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The members of a zip archive."""

from __future__ import annotations

import zipfile

from ..domain.disk_members import MOST_MEMBERS, plain_name, too_many
from ..errors import RefusedDisk
from .reading import RegionReader, parsing
from .region import PIECE, Pieces, Region

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_SYMBOLIC_LINK = 0o12


def files(region: Region) -> dict[str, int]:
    """The size of each file in the archive."""
    found: dict[str, int] = {}
    with parsing("zip archive"), _opened(region) as archive:
        for member in archive.infolist():
            name = plain_name(member.filename)
            if member.is_dir():
                continue
            if name in found:
                raise RefusedDisk(f"It is an archive with two members named {name}.")
            found[name] = member.file_size
            if len(found) > MOST_MEMBERS:
                raise too_many()
    return found


def pieces(region: Region, name: str) -> Pieces:
    """All bytes of one file; zipfile compares them with size and checksum of the list."""
    with parsing("zip archive"), _opened(region) as archive:
        (member,) = (m for m in archive.infolist() if plain_name(m.filename) == name)
        _require_readable(member, name)
        left = member.file_size
        with archive.open(member) as file:
            while piece := file.read(PIECE):
                left -= len(piece)
                yield piece
        if left:
            raise RefusedDisk(f"It is an archive that lies about the size of {name}.")


def _opened(region: Region) -> zipfile.ZipFile:
    reader = RegionReader(region)
    archive = zipfile.ZipFile(reader)
    reader.allowance = None
    return archive


def _require_readable(member: zipfile.ZipInfo, name: str) -> None:
    if member.external_attr >> 28 == _SYMBOLIC_LINK:
        raise RefusedDisk(f"It is an archive whose member {name} is a link; pack the disk itself.")
    if member.flag_bits & _ENCRYPTED:
        raise RefusedDisk(f"It is an archive whose member {name} is encrypted. Unpack it yourself.")
    if member.compress_type not in _METHODS:
        raise RefusedDisk(
            f"It is an archive whose member {name} is packed in a way that is not unpacked here "
            f"(method {member.compress_type}). Pack "
            "it with deflate, which every zip program knows."
        )
