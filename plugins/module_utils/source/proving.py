# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""From what a task says about checksums and signatures to a proof; only small texts are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from ..domain.manifest import Manifest
from ..domain.proof import ChecksumWish, Proof
from ..errors import InvalidRequest
from .gpgv import Gpgv
from .location import Location
from .reading import read_small
from .web import Web

# The value of source_signature for a manifest that is signed in place.
INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Vouched:
    """A manifest, and the fingerprint of the key that signed it, if somebody did."""

    manifest: Manifest
    signed_by: str | None


# The bytes of a small text; the second argument says in messages what it is.
ReadText: TypeAlias = Callable[[Location, str], bytes]


def vouched(named: str, signature: str | None, gpgv: Gpgv | None, read: ReadText) -> Vouched:
    """A manifest, checked where there is something to check it with."""
    where = Location(named)
    content = read(where, "The manifest")
    signed_by = None
    if gpgv and signature:
        what = f"the manifest {where.recorded}"
        if signature == INLINE:
            content, signed_by = gpgv.signed_text(content, what)
        else:
            detached = read(Location(signature), "The signature")
            signed_by = gpgv.signer_of(content, detached, what)
    return Vouched(Manifest(content.decode("utf-8", "replace"), where.recorded), signed_by)


# What vouched() makes of its first three arguments.
LookUp: TypeAlias = Callable[[str, str | None, Gpgv | None], Vouched]


def find_proof(
    wish: ChecksumWish | None,
    *,
    signature: str | None,
    keyring: str | None,
    source: Location,
    web: Web,
    look_up: LookUp | None = None,
) -> Proof | None:
    """The digest that the source has to have, and who vouches for it.

    A signature beside a digest, or without a checksum, is one over the source itself: that has to
    be fetched first, and verify_source() then says who made it. `look_up` is for who has read the
    manifests already.
    """
    gpgv = _checked(wish, signature, keyring)
    if wish is None:
        return None
    if wish.digest is not None:
        return Proof(algorithm=wish.algorithm, digest=wish.digest)
    look_up = look_up or partial(vouched, read=lambda place, what: read_small(place, web, what))
    found = look_up(wish.manifest or "", signature, gpgv)
    digest = found.manifest.digest_of(source.file_name, wish.algorithm)
    return Proof(algorithm=wish.algorithm, digest=digest, signed_by=found.signed_by)


def verify_source(path: Path, *, signature: str, keyring: str | None, web: Web) -> str:
    """Who signed the source itself, now that it is on this machine."""
    gpgv = _checked(None, signature, keyring)
    if gpgv is None:
        raise InvalidRequest("source_signature is empty. Give its URL or path, or leave it out.")
    detached = read_small(Location(signature), web, "The signature")
    return gpgv.signer_of(path, detached, "the source")


def _checked(wish: ChecksumWish | None, signature: str | None, keyring: str | None) -> Gpgv | None:
    """The means to check a signature, if there is to be one; refuses what does not go together."""
    if signature and not keyring:
        raise InvalidRequest(
            "source_signature is given without source_keyring: a signature proves nothing without "
            "a key that is trusted. Give a file with upstream's public keys."
        )
    if keyring and not signature:
        raise InvalidRequest(
            "source_keyring is given without source_signature, so its keys would check nothing. "
            "Give the signature too, or leave both out."
        )
    if signature == INLINE and not (wish and wish.manifest):
        raise InvalidRequest(
            "source_signature is inline, but source_checksum names no manifest that could be "
            "signed in place. Name the manifest, or give the URL or path of a detached signature."
        )
    return Gpgv.with_keyring(keyring) if keyring else None
