# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images that stand already: one that a tool made, and as many like it as a catalog has.

To let every tool make a thousand images would take hours, and what is measured is the run after.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from bench.measure import Failed
from support.cloud import User

# In names, addresses and versions, the number of an image stands behind this; no digest has it.
_NUMBER = "no{:04}"
_FIRST = _NUMBER.format(0)
_DATA = b"\0" * 512
_OCTETS = {"Content-Type": "application/octet-stream"}
# What Glance sets, or sets anew.
_SERVERS_OWN = frozenset(
    (
        *("checksum", "created_at", "direct_url", "file", "id", "locations", "os_hash_algo"),
        *("os_hash_value", "owner", "schema", "self", "size", "status", "stores", "updated_at"),
        *("virtual_size",),
    )
)
_AT_ONCE = 4


def numbered(prefix: str, number: int) -> str:
    """A name by which an image, its source and its entry are found again."""
    return f"{prefix} {_NUMBER.format(number)}"


def file_of(number: int) -> str:
    """The source of that number."""
    return f"tiny-{_NUMBER.format(number)}.qcow2"


def listed(owner: User) -> list[dict[str, Any]]:
    """All images that a user's project owns and that are in its listings."""
    found: list[dict[str, Any]] = []
    path = f"/images?owner={owner.project_id}&limit=1000"
    while path:
        page = owner.done("GET", path)
        found += page["images"]
        path = page.get("next", "").removeprefix("/v2")
    return found


def multiply(owner: User, numbers: Sequence[int]) -> None:
    """Make more images like the first, so that they differ as if the tool had made each."""
    (first,) = (image for image in listed(owner) if _FIRST in (image["name"] or ""))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda number: _make_like(owner, first, number), numbers))


def _make_like(owner: User, first: Mapping[str, Any], number: int) -> None:
    said = {
        name: value
        for name, value in first.items()
        if name not in _SERVERS_OWN and not name.startswith("os_glance_")
    }
    image_id = str(uuid.uuid4())
    record = {name: _renumbered(value, number) for name, value in said.items()}
    if "curator_id" in record:
        record["curator_id"] = image_id
    owner.done("POST", "/images", json={**record, "id": image_id})
    owner.done("PUT", f"/images/{image_id}/file", data=_DATA, headers=_OCTETS)


def _renumbered(value: Any, number: int) -> Any:
    return value.replace(_FIRST, _NUMBER.format(number)) if isinstance(value, str) else value


@contextmanager
def swept(owner: User, prefix: str) -> Iterator[None]:
    """Whatever has a name that begins so is gone before and afterwards."""
    _sweep(owner, prefix)
    try:
        yield
    finally:
        _sweep(owner, prefix)


def _sweep(owner: User, prefix: str) -> None:
    ids = [image["id"] for image in listed(owner) if (image["name"] or "").startswith(prefix)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda image_id: owner.http("DELETE", f"/images/{image_id}"), ids))


def check_unchanged(owner: User, prefix: str, before: Mapping[str, str]) -> None:
    """A run that had nothing to do made, removed and changed nothing."""
    if changes_of(owner, prefix) != before:
        raise Failed("the run changed images, though all were in place")


def changes_of(owner: User, prefix: str) -> dict[str, str]:
    """When each image changed last, by its id."""
    return {
        image["id"]: image["updated_at"]
        for image in listed(owner)
        if (image["name"] or "").startswith(prefix)
    }
