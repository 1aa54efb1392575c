# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Have a source on this machine, proven, for source_fetch."""

from __future__ import annotations

from typing import Any

from ..domain.fetch import FetchWish
from ..domain.proof import Proof
from ..progress import progress_from_environment
from ..source.fetching import Fetched, fetched
from ..source.kept import Kept, Wanted
from ..source.looking import version_of
from ..source.proving import find_proof, verify_source
from .origin import Origin
from .watching import stoppable


def fetch(wish: FetchWish) -> dict[str, Any]:
    """Fetch it, unless it is here, and say where it lies."""
    origin = Origin(wish, wish.patience)
    with stoppable():
        proof = _proof(wish, origin)
        with fetched(
            origin.location,
            proof=proof,
            cache=origin.cache,
            web=origin.web,
            progress=progress_from_environment(origin.location.file_name),
        ) as source:
            return _as_result(wish, origin, proof, source)


def foresee(wish: FetchWish) -> dict[str, Any]:
    """What a run would do. What is here already is looked at; no byte of a source is fetched."""
    origin = Origin(wish, wish.patience)
    if not origin.location.is_url:
        return fetch(wish)
    proof = _proof(wish, origin)
    version = None if proof else version_of(origin.location, origin.web)
    wanted = Wanted(location=origin.location, proof=proof, version=version)
    record = Kept(origin.cache, wanted.key).record()
    if record is not None and wanted.accepts(record):
        return fetch(wish)
    return {
        "changed": True,
        "path": None,
        "name": origin.location.file_name,
        "url": origin.location.recorded,
        "size": version.size if version else None,
        "sha512": None,
        "checksum": proof.text if proof else None,
        "signed_by": proof.signed_by if proof else None,
    }


def _proof(wish: FetchWish, origin: Origin) -> Proof | None:
    return find_proof(
        wish.checksum,
        signature=wish.signature,
        keyring=wish.keyring,
        source=origin.location,
        web=origin.web,
    )


def _as_result(
    wish: FetchWish, origin: Origin, proof: Proof | None, source: Fetched
) -> dict[str, Any]:
    signed_by = proof.signed_by if proof else None
    if wish.signature is not None and wish.signs_source:
        signed_by = verify_source(
            source.path, signature=wish.signature, keyring=wish.keyring, web=origin.web
        )
    return {
        "changed": source.is_url and not source.from_cache,
        "path": str(source.path),
        "name": origin.location.file_name,
        "url": origin.location.recorded,
        "size": source.size,
        "sha512": source.sha512,
        "checksum": proof.text if proof else None,
        "signed_by": signed_by,
    }
