# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Why the bytes of a source are believed: a checksum, and who signed it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ..errors import InvalidRequest

# How many hexadecimal digits a digest of each algorithm has.
DIGITS: Mapping[str, int] = {
    "md5": 32,
    "sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
}
# Whoever wants to can make another file with the same digest.
_WEAK = frozenset({"md5", "sha1"})
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")
_FORMS = "sha512:<hexadecimal digest>, or sha512:<URL or path of a file with checksums>"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksumWish:
    """What source_checksum says: a digest, or where the manifest is that lists it."""

    algorithm: str
    digest: str | None = None
    manifest: str | None = None

    @classmethod
    def from_option(cls, text: str, *, allow_weak: bool = False) -> Self:
        """Read the option; the algorithm always stands before the first colon."""
        prefix, colon, value = (part.strip() for part in text.strip().partition(":"))
        algorithm = prefix.lower()
        if not colon or algorithm not in DIGITS:
            raise InvalidRequest(_without_algorithm(text.strip(), algorithm, colon))
        if algorithm in _WEAK and not allow_weak:
            raise InvalidRequest(
                f"source_checksum names {algorithm}, which proves nothing: files with a given "
                f"{algorithm} can be forged. Use a sha256 or sha512 of upstream, or set "
                "allow_weak_checksum: true where upstream publishes nothing better."
            )
        if not value:
            raise InvalidRequest(
                f"source_checksum is {text!r}, with nothing behind the colon. Give {_FORMS}."
            )
        if not _HEXADECIMAL.fullmatch(value):
            return cls(algorithm=algorithm, manifest=value)
        if len(value) != DIGITS[algorithm]:
            raise InvalidRequest(
                f"source_checksum gives a digest of {len(value)} digits for {algorithm}, which has "
                f"{DIGITS[algorithm]}{looks_like(value)}. Copy it whole, or name its algorithm; a "
                "file with checksums of such a name is written ./name."
            )
        return cls(algorithm=algorithm, digest=value.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The digest that the bytes have to have, and the key that vouches for it."""

    algorithm: str
    digest: str
    # The fingerprint of a primary key; None: nobody signed.
    signed_by: str | None = None

    @property
    def text(self) -> str:
        """As it is recorded, and as upstream gave it."""
        return f"{self.algorithm}:{self.digest}"


def looks_like(digest: str) -> str:
    """Whose digest has this length, as a clause that follows the wrong length."""
    names = [name for name, digits in DIGITS.items() if digits == len(digest)]
    return f" (this looks like {names[0]})" if names else ""


def _without_algorithm(text: str, prefix: str, colon: str) -> str:
    if not text:
        return f"source_checksum is empty. Give {_FORMS}, or leave it out."
    if _HEXADECIMAL.fullmatch(text):
        return (
            f"source_checksum is a digest without its algorithm{looks_like(text)}. Give {_FORMS}."
        )
    if not colon or "/" in prefix or prefix in {"http", "https", "file"}:
        return f"source_checksum does not begin with an algorithm. Give {_FORMS}."
    known = ", ".join(DIGITS)
    return f"source_checksum names the algorithm {prefix!r}; possible are {known}. Give {_FORMS}."
