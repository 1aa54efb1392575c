# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One entry and the image that it comes to, for tests to turn about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.entry import Entry
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.equipment import (
    Vocabulary,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.listing import Listing
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.planning import (
    EntryPlan,
    EntrySeen,
    plan_entry,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image, Member
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import (
    TAG,
    Lineage,
    Maker,
    marks,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.upload import UploadWish
from ansible_collections.curator.glance.plugins.module_utils.domain.upload_plan import UploadSeen

PROJECT = "p"
NOW = "2026-11-21T00:00:00Z"
PROOF = "sha512:" + "a" * 128
OTHER_PROOF = "sha512:" + "b" * 128


def entry(**said: Any) -> Entry:
    """An entry that is right, with what the test says of it."""
    plain = {"name": "img", "source": "https://up.example.org/d.qcow2", "checksum": PROOF}
    return Entry.from_plain({**plain, **said})


def lineage_of(wanted: Entry, proof: str = PROOF) -> Lineage:
    """The lineage that the entry leads to."""
    wish = UploadWish.from_params(wanted.upload_params())
    return Lineage(entry=wanted.name, source=wanted.source, proof=proof, recipe=wish.recipe())


def image(
    wanted: Entry, image_id: str = "i1", state: str | None = "published", **other: Any
) -> Image:
    """The image that an entry leads to, made by this collection; differing where the test says."""
    lineage = other.pop("lineage", None) or lineage_of(wanted, other.pop("proof", PROOF))
    wish = UploadWish.from_params(wanted.upload_params())
    properties = {
        **marks(lineage, image_id, Maker(host="h", pid=1, start=1), 0),
        **wish.given_properties,
        **({"curator_state": state} if state else {}),
        **other.pop("properties", {}),
    }
    made = Image(
        id=image_id,
        name=wanted.name,
        status="active",
        visibility=wanted.visibility or "private",
        owner=PROJECT,
        created_at="2026-01-01T00:00:00Z",
        updated_at="2026-01-01T00:00:00Z",
        size=1,
        min_disk=wanted.min_disk or 0,
        min_ram=wanted.min_ram or 0,
        tags=tuple(sorted({TAG, *(wanted.tags or ())})),
        properties=properties,
    )
    return replace(made, **other)


def stranger(wanted: Entry, image_id: str = "s1", **other: Any) -> Image:
    """An image of the project under the name, made by somebody else."""
    return replace(image(wanted, image_id, None, **other), tags=(), properties={})


def listing(*images: Image) -> Listing:
    """What the project has."""
    return Listing(
        [found for found in images if not found.hidden],
        [found for found in images if found.hidden],
        PROJECT,
    )


def planned(
    wanted: Entry,
    *images: Image,
    proof: str = PROOF,
    members: tuple[Member, ...] | None = None,
    projects: dict[str, str] | None = None,
    profiles: dict[str, Any] | None = None,
    asked: bool = False,
) -> EntryPlan:
    """The plan of an entry in a project that has these images."""
    there = listing(*images)
    seen = UploadSeen(
        lineage=lineage_of(wanted, proof),
        proof=None,
        project=PROJECT,
        owner=PROJECT,
        named=there.named(wanted.name),
        made=there.made_for(wanted.name),
        now=NOW,
    )
    return plan_entry(
        wanted,
        UploadWish.from_params(wanted.upload_params()),
        EntrySeen(upload=seen, members=members, projects=projects or {}),
        Vocabulary(profiles=profiles or {}, asked=asked),
    )
