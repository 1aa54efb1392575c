# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What upstream has for the entries of a catalog: several things at a time, and each only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from ..cloud.connect import APP_NAME
from ..domain.proof import Proof
from ..domain.upload import UploadWish
from ..errors import CuratorError
from ..source.gpgv import Gpgv
from ..source.location import Location
from ..source.looking import Version, version_of
from ..source.proving import INLINE, Vouched, find_proof, vouched
from ..source.texts import Texts
from ..source.web import Web
from ..threads import abreast

# A server that is down is asked for many things: half a minute of patience for each is too much.
_TRIES = 3

_Key = TypeVar("_Key")
_Found = TypeVar("_Found")


class Upstream:
    """All that a run has to know of sources without fetching one."""

    def __init__(self, cache: Path, timeout: float) -> None:
        self._cache = cache
        self._timeout = timeout
        self._texts = Texts(cache, self._web)
        self._vouched: dict[tuple[str, str | None, str | None], Vouched | CuratorError] = {}
        self._versions: dict[str, Version | CuratorError] = {}

    def gather(self, wishes: Iterable[UploadWish]) -> None:
        """Ask for everything that these need. What fails is said where it is looked up."""
        wishes = list(wishes)
        signed = {
            (wish.checksum.manifest, wish.signature, wish.keyring)
            for wish in wishes
            if wish.checksum and wish.checksum.manifest
        }
        self._texts.gather(_places(signed))
        # gpgv runs once for each of these, not for each image that is in the manifest.
        _each(self._vouch, signed, self._vouched)
        unproven = {wish.source for wish in wishes if wish.checksum is None}
        _each(self._look, unproven, self._versions)

    def proof(self, wish: UploadWish) -> Proof | None:
        """Why the bytes of a source are to be believed."""
        source = Location(wish.source)
        return find_proof(
            wish.checksum,
            signature=wish.signature,
            keyring=wish.keyring,
            source=source,
            web=self._web(source),
            look_up=self._looked_up,
        )

    def version(self, wish: UploadWish) -> Version:
        """Which version of a source is there, where there is no proof."""
        return _known(self._versions[wish.source])

    def unreachable(
        self, wanted: Iterable[tuple[UploadWish, Proof]]
    ) -> Iterator[tuple[str, CuratorError]]:
        """Sources that have to be fetched and cannot be: for which image, and why."""
        missing = [
            wish
            for wish, proof in wanted
            # What an earlier run has fetched is there, whatever became of its server.
            if not (self._cache / f"{proof.algorithm}-{proof.digest}").exists()
        ]
        _each(self._look, {wish.source for wish in missing} - self._versions.keys(), self._versions)
        for wish in missing:
            found = self._versions[wish.source]
            if isinstance(found, CuratorError):
                yield wish.name, found

    def _web(self, place: Location) -> Web:
        return Web(source=place, timeout=self._timeout, user_agent=APP_NAME, tries=_TRIES)

    def _look(self, source: str) -> Version:
        place = Location(source)
        return version_of(place, self._web(place))

    def _vouch(self, named: tuple[str, str | None, str | None]) -> Vouched:
        manifest, signature, keyring = named
        gpgv = Gpgv.with_keyring(keyring) if keyring else None
        return vouched(manifest, signature, gpgv, self._texts.read)

    def _looked_up(self, manifest: str, signature: str | None, gpgv: Gpgv | None) -> Vouched:
        return _known(self._vouched[manifest, signature, gpgv.keyring if gpgv else None])


def _places(signed: Iterable[tuple[str, str | None, str | None]]) -> list[Location]:
    """Where the texts are; what names no place is an error of whoever looks it up."""
    found = []
    for manifest, signature, _keyring in signed:
        for text in (manifest, signature):
            if text and text != INLINE:
                with suppress(CuratorError):
                    found.append(Location(text))
    return found


def _each(
    find: Callable[[_Key], _Found],
    keys: Iterable[_Key],
    found: dict[_Key, _Found | CuratorError],
) -> None:
    """What is found for each key, or why nothing was."""

    def look(key: _Key) -> None:
        try:
            found[key] = find(key)
        except CuratorError as error:
            found[key] = error

    abreast(look, keys)


def _known(found: _Found | CuratorError) -> _Found:
    if isinstance(found, CuratorError):
        # A new one each time: an error remembers everybody who raised it.
        raise type(found)(found.message)
    return found
