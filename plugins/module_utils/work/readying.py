# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The file that is sent: the source as it was proven, or the disk that was prepared of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.disk import DiskWish
from ..domain.upload import UploadWish
from ..errors import SourceFailed
from ..source.fetching import Fetched
from .origin import Origin
from .prepared import Source

# Kernels and their disks are no disks to look into.
_NO_DISKS = frozenset({"ami", "ari", "aki"})
# As many digits as tell one prepared disk from another in a folder.
_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A file, and what is to be opened in it."""

    source: Fetched
    path: Path
    disk: DiskWish
    # The disk that was made of the source, and what image_prepare returned of that.
    made: Source | None = None
    prepared: Mapping[str, Any] | None = None

    def unchanged(self) -> None:
        """Say so if a file was changed since it was proven or made."""
        self.source.unchanged()
        if self.made is not None:
            self.made.require_same()

    def require_made_by(self, wish: UploadWish, recipe: str) -> None:
        """See that it was made as planned: files of operations are read when they are used."""
        if self.prepared is not None and wish.recipe(self.prepared["fingerprint"]) != recipe:
            raise SourceFailed(
                "A file that the operations of prepare name was written to meanwhile: what was "
                "made is not what was planned. Wait until it is whole, and run the task again."
            )


def readied(wish: UploadWish, source: Fetched, origin: Origin, scratch: Path) -> Ready:
    """The file to send; a disk that was prepared already is taken as it is."""
    name = origin.location.file_name
    if wish.prepare is None:
        asked = DiskWish(
            name=name,
            declared=wish.source_format,
            member=wish.member,
            max_virtual_size=wish.max_virtual_size,
            verbatim=wish.disk_format in _NO_DISKS,
        )
        return Ready(source=source, path=source.path, disk=asked)
    # Most uploads prepare nothing: they are spared what it takes to look into guests.
    from .local_files import LocalFiles, fingerprint_of  # noqa: PLC0415
    from .preparing import prepare  # noqa: PLC0415

    mark = fingerprint_of(wish.prepare_wish(str(source.path)), LocalFiles())
    # Kept beside the source, it need not be made again if the cloud fails meanwhile.
    folder = origin.cache if origin.keeps else scratch
    output = folder / f"prepared-{source.sha512[:_DIGITS]}-{mark[:_DIGITS]}"
    asked_for = wish.prepare_wish(str(source.path), output=str(output))
    told = prepare(asked_for)
    path = Path(str(asked_for.output)).expanduser()
    return Ready(
        source=source,
        path=path,
        disk=DiskWish(name=name, max_virtual_size=wish.max_virtual_size),
        made=Source.of(path.resolve()),
        prepared=told,
    )
