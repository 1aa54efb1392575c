# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a task wants to be made of which disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from ...errors import InvalidRequest
from ..disk import DiskWish, parse_size
from .inspecting import NoFiles
from .table import understand

FAIL, WARN, REMOVE, IGNORE = "fail", "warn", "remove", "ignore"
SECRETS = (WARN, FAIL, REMOVE, IGNORE)
OUTPUT_FORMATS = ("raw", "qcow2")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareWish:
    """One disk, what shall be done to it, and where the outcome goes."""

    path: str
    disk: DiskWish
    # As the task has them: they are understood where the files are that they name.
    asked: Sequence[Any]
    output: str | None
    output_format: str | None
    in_place: bool
    overwrite: bool
    secrets: str
    network: bool
    cache_dir: str | None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """The wish of image_prepare; what contradicts itself is refused."""
        path = params["path"]
        asked = list(params["operations"])
        # What nobody could do is said before anything is opened.
        understand(asked, NoFiles())
        wish = cls(
            path=path,
            disk=DiskWish(
                name=path,
                declared=params["format"],
                member=params["member"],
                first_disk=True,
                max_virtual_size=parse_size(params["max_virtual_size"]),
            ),
            asked=asked,
            output=params["output"],
            output_format=params["output_format"],
            in_place=params["in_place"],
            overwrite=params["overwrite"],
            secrets=params["secrets"],
            network=params["network"],
            cache_dir=params["cache_dir"],
        )
        wish._check()
        return wish

    @property
    def writes(self) -> bool:
        """Whether there is to be a disk that is not the one that is there."""
        return self.output is not None or self.in_place

    def _check(self) -> None:
        if self.output is not None and self.in_place:
            raise InvalidRequest("output and in_place exclude each other: name one of them.")
        if (self.asked or self.secrets == REMOVE) and not self.writes:
            raise InvalidRequest(
                "Operations need a place for what they make. Name a file with output, or say "
                "in_place: true; without operations, the disk is only inspected."
            )
