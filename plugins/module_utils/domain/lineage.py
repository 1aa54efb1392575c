# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Where an image comes from, as it is written on the image: so that the next run can tell.

Everything stands in properties `curator_*` of the image itself; there is no other memory.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from .image import Image

TAG = "managed_by_curator"

# What becomes of an image: proven and waiting; in use under its name; stepped back for another;
# or taken out of use.
STAGED = "staged"
PUBLISHED = "published"
SUPERSEDED = "superseded"
RETIRED = "retired"
STEPPED_BACK = frozenset({SUPERSEDED, RETIRED})
_PROVEN = frozenset({STAGED, PUBLISHED, *STEPPED_BACK})

# The image that one of ours took the name of.
SUPERSEDES = "curator_supersedes"
# When one of ours stepped back, and how far it was retired since then.
STEPPED_BACK_AT = "curator_stepped_back_at"
RETIRED_AS = "curator_retired_as"
# The last boot check of one of ours: when it passed, how long each phase took, and what for; or
# when it failed, and why.
VERIFIED_AT = "curator_verified_at"
VERIFIED = "curator_verified"
VERIFIED_AS = "curator_verified_as"
VERIFY_FAILED = "curator_verify_failed"
VERDICT = (VERIFIED_AT, VERIFIED, VERIFIED_AS, VERIFY_FAILED)
# Properties that Nova gives to what it makes of a server.
SNAPSHOT_SIGNS = frozenset({"image_type", "instance_uuid"})
# Changes when the same source and options begin to make other bytes.
_RECIPES = "1"
_NAMESPACE = uuid.UUID("3f0c5c5e-0f9d-5f0a-9a55-4c1d2f1b7e6a")
_SHORT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """What tells one making of an image from another."""

    # What the image is, whatever its name is at the moment.
    entry: str
    source: str
    # Why the bytes are believed, `<algorithm>:<digest>`; empty without a proof.
    proof: str = ""
    # What tells the bytes from others where there is no proof: what the server says of them, and,
    # once they were read, their digest.
    version: str = ""
    source_sha512: str = ""
    recipe: str
    signed_by: str = ""
    # The operations that made another disk of the source, by their names; empty where none did.
    prepared: str = ""

    def as_properties(self) -> dict[str, str]:
        """The lineage as it stands on an image."""
        found = {
            "curator_entry": self.entry,
            "curator_source": self.source,
            "curator_proof": self.proof,
            "curator_source_version": self.version,
            "curator_source_sha512": self.source_sha512,
            "curator_recipe": self.recipe,
            "curator_signed_by": self.signed_by,
            "curator_prepared": self.prepared,
        }
        return {name: value for name, value in found.items() if value}

    def made(self, image: Image) -> bool:
        """Whether an image holds what this lineage leads to."""
        stored = image.properties
        if stored.get("curator_recipe") != self.recipe:
            return False
        if self.proof:
            return stored.get("curator_proof") == self.proof
        return any(
            known and stored.get(name) == known
            for name, known in (
                ("curator_source_version", self.version),
                ("curator_source_sha512", self.source_sha512),
            )
        )

    def image_id(self, project: str, attempt: int) -> str:
        """The id under which this image is made: whoever makes the same meets it there.

        Glance keeps the ids of deleted images taken, so each further attempt has another.
        """
        bytes_of = self.proof or self.version or self.source_sha512
        parts = [project, self.entry, bytes_of, self.recipe, attempt]
        return str(uuid.uuid5(_NAMESPACE, json.dumps(parts)))


def recipe(
    *, disk_format: str, container_format: str, member: str | None, prepared: str | None = None
) -> str:
    """What shapes an image besides its source, and cannot be changed afterwards, in short.

    `prepared` is the fingerprint of the operations that its disk went through.
    """
    shapes = [_RECIPES, disk_format, container_format, member]
    text = json.dumps(shapes if prepared is None else [*shapes, prepared])
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]


def as_recorded(operations: Iterable[str]) -> str:
    """The names of operations, each once and in order."""
    return ", ".join(dict.fromkeys(operations))


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """The process that makes an image: where it runs, and how it is told from a later one."""

    host: str
    pid: int
    # When the process started, in the clock of its host: numbers of processes come again.
    start: int

    def __str__(self) -> str:
        return f"{self.host} {self.pid} {self.start}"

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """Read what stands on an image, if it is one of ours."""
        match text.split():
            case [host, pid, start, *_] if pid.isdigit() and start.isdigit():
                return cls(host=host, pid=int(pid), start=int(start))
        return None


def is_ours(image: Image, project: str | None) -> bool:
    """Whether this collection made the image, by every sign.

    Servers' snapshots inherit the properties of their image, so the marks alone say nothing: a
    snapshot has another id, and says what it is a snapshot of.
    """
    return (
        project is not None
        and image.owner == project
        and TAG in image.tags
        and image.properties.get("curator_id") == image.id
        and not SNAPSHOT_SIGNS & image.properties.keys()
    )


def is_proven(image: Image) -> bool:
    """Whether the bytes of an image of ours were compared with what was sent."""
    return (
        image.status in {"active", "deactivated"}
        and image.properties.get("curator_state") in _PROVEN
    )


def has_stepped_back(image: Image, project: str | None) -> bool:
    """Whether an image of ours made way, so that a name which it kept is free all the same."""
    return is_ours(image, project) and image.properties.get("curator_state") in STEPPED_BACK


def maker_of(image: Image) -> Maker | None:
    """Who makes, or made, an image of ours."""
    return Maker.from_text(image.properties.get("curator_maker", ""))


def staged_name(name: str, image_id: str, longest: int) -> str:
    """What an image is called before it has its name."""
    suffix = f" (staged {image_id[:8]})"
    return name[: longest - len(suffix)] + suffix


def published_marks(now: str, predecessor: Image | None) -> dict[str, str | None]:
    """What is recorded on an image when it gets its name; what it says of an earlier end goes."""
    return {
        "curator_state": PUBLISHED,
        "curator_published_at": now,
        SUPERSEDES: predecessor.id if predecessor else None,
        STEPPED_BACK_AT: None,
        RETIRED_AS: None,
    }


def marks(lineage: Lineage, image_id: str, maker: Maker, attempt: int) -> dict[str, str]:
    """Everything that a later run has to find on an image while it is being made."""
    return {
        **lineage.as_properties(),
        "curator_id": image_id,
        "curator_maker": f"{maker} {attempt}",
    }
