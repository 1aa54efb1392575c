# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What went where, over all runs: one entry for each image and destination."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from ....errors import InvalidRequest
from .report import FAILED, MISSING

Entry: TypeAlias = Mapping[str, Any]

_KEY = ("source_id", "destination")
# By what an entry is known to speak of the same image as before.
_SAME = ("id", "size", "os_hash_algo", "os_hash_value", "checksum")


def entries_of(document: Any) -> Sequence[Entry]:
    """The entries of a ledger that was read back; nothing where there was none yet."""
    if document is None:
        return ()
    entries = document.get("images") if isinstance(document, Mapping) else None
    if not isinstance(entries, list) or not all(map(_is_entry, entries)):
        raise InvalidRequest(
            "migrate_images_ledger names a file that is no ledger: a map with images, each with "
            "source_id, destination and id. Give the path of another file, or of none yet."
        )
    return entries


def continued(known: Sequence[Entry], result: Mapping[str, Any], now: str) -> list[dict[str, Any]]:
    """The ledger after a run. What is as it was keeps its entry, and so its day."""
    entries = {_key(entry): dict(entry) for entry in known}
    for new in _entries(result, now):
        old = entries.get(_key(new))
        if old is None or any(old.get(name) != new[name] for name in _SAME):
            entries[_key(new)] = new
    return list(entries.values())


def _entries(result: Mapping[str, Any], now: str) -> Iterator[dict[str, Any]]:
    for image in result["images"]:
        for end in image["destinations"]:
            if end["action"] in {FAILED, MISSING} or not end["image"]:
                continue
            yield {
                "source": result["source"],
                "source_id": image["image"],
                "destination": end["destination"],
                "id": end["image"],
                "name": end["name"],
                "size": end["size"],
                "os_hash_algo": end["os_hash_algo"],
                "os_hash_value": end["os_hash_value"],
                "checksum": end["checksum"],
                "action": end["action"],
                "bytes": end["bytes"],
                "at": now,
            }


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, Mapping) and {*_KEY, "id"} <= entry.keys()


def _key(entry: Entry) -> tuple[Any, ...]:
    return tuple(entry[name] for name in _KEY)
