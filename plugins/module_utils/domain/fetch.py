# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a task wants to have on this machine before an image is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..errors import InvalidRequest
from .proof import ChecksumWish


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchWish:
    """A source, and what proves it."""

    source: str
    checksum: ChecksumWish | None
    signature: str | None
    keyring: str | None
    username: str | None
    password: str | None = field(repr=False)
    cache_dir: str
    patience: float

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what could not come true."""
        if not params["source"]:
            raise InvalidRequest("source is empty. Give a URL or a path.")
        checksum = params["source_checksum"]
        return cls(
            source=params["source"],
            checksum=(
                ChecksumWish.from_option(checksum, allow_weak=params["allow_weak_checksum"])
                if checksum is not None
                else None
            ),
            signature=params["source_signature"],
            keyring=params["source_keyring"],
            username=params["url_username"],
            password=params["url_password"],
            cache_dir=params["cache_dir"],
            patience=params["timeout"],
        )

    @property
    def signs_source(self) -> bool:
        """Whether the signature is over the source itself, and not over a list of checksums."""
        return self.signature is not None and not (self.checksum and self.checksum.manifest)
