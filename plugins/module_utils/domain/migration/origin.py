# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Whether an image is at its destination already: by its content and origin, not by its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..image import Image
from ..lineage import PUBLISHED, STEPPED_BACK, TAG, Lineage, is_ours, recipe
from ..readable import known_digest
from .wish import RAW

# On an image that was brought from elsewhere: the cloud and the id of the image that it was there.
MIGRATED_FROM = "curator_migrated_from"
# What has to be there already, be it that nobody may start it for the moment.
_WHOLE = frozenset({"active", "deactivated"})
_FINISHED = frozenset({PUBLISHED, *STEPPED_BACK})
_ALIKE = ("size", "disk_format", "container_format")
# Formats of disks that can be converted; what is raw is that already, and others are no disks.
_CONVERTIBLE = frozenset({"qcow2", "vmdk", "vdi", "vhd", "vhdx"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An image at its source, as it is to be somewhere else."""

    image: Image
    # The source, in words.
    cloud: str
    disk_format: str
    # The name that the task wants it to have there, if it names one.
    name_wanted: str | None = None

    @property
    def name(self) -> str:
        """The name of the image there."""
        return self.name_wanted or self.image.name or ""

    @property
    def converts(self) -> bool:
        """Whether the image shall have other bytes there."""
        return self.disk_format == RAW and self.image.disk_format in _CONVERTIBLE

    @property
    def format_there(self) -> str:
        """The disk format of the image there."""
        return RAW if self.converts else str(self.image.disk_format)

    @property
    def mark(self) -> dict[str, str]:
        """What says on the new image where it is from, beside its lineage."""
        return {MIGRATED_FROM: f"{self.cloud}/{self.image.id}"}

    @property
    def lineage(self) -> Lineage:
        """What tells the making of the new image from others."""
        known = known_digest(self.image)
        return Lineage(
            entry=self.name,
            source="",
            proof=f"{known.algorithm}:{known.value}" if known else "",
            # The bytes of an image never change, so its id stands for them.
            version="" if known else f"image {self.image.id}",
            recipe=recipe(
                disk_format=self.format_there,
                container_format=str(self.image.container_format),
                member=None,
            ),
        )

    def standing(self, images: Iterable[Image], *, owner: str) -> Image | None:
        """The image of this owner that is what the migration leads to, whatever it is called."""
        ranked = [
            (rank, image)
            for image in images
            if image.owner == owner and (rank := self._rank(image)) is not None
        ]
        return min(ranked, key=_best_first, default=(0, None))[1]

    def _rank(self, image: Image) -> int | None:
        """How surely an image is the wanted one, the least most so; None where it is not."""
        if not self._has_the_content(image):
            return None
        if self._is_the_source(image):
            # Under the name that it has, it need not be brought to where it is.
            return 0 if image.name == self.name else None
        brought_from = image.properties.get(MIGRATED_FROM, "") if _is_ours(image) else ""
        from_here = brought_from.rpartition("/")[2] == self.image.id
        if image.name == self.name:
            return 1 if from_here else 2
        if self.name_wanted is not None:
            # A copy under a name of its own: one that was made for another name is another copy.
            made_for = image.properties.get("curator_entry")
            return 1 if from_here and made_for == self.name else None
        if brought_from:
            # Two images that share their bytes, and perhaps nothing else, are both brought along.
            return 1 if from_here else None
        return 3

    def _has_the_content(self, image: Image) -> bool:
        if image.status not in _WHOLE or self._is_on_its_way(image):
            return False
        if _is_ours(image) and self.lineage.made(image):
            return True
        return not self.converts and _same_bytes(image, self.image)

    def _is_on_its_way(self, image: Image) -> bool:
        return is_unfinished(image) and not self._is_the_source(image)

    def _is_the_source(self, image: Image) -> bool:
        """Whether this is the source image itself, seen as its destination.

        Another cloud may have an image of the same id: providers give them on purpose.
        """
        return all(
            getattr(image, name) == getattr(self.image, name)
            for name in ("id", "owner", "created_at")
        )


def is_unfinished(image: Image) -> bool:
    """Whether a run has begun the image and not shown it yet: it may hold all bytes by then.

    If that run is gone, the image is what the next one removes.
    """
    return _is_ours(image) and image.properties.get("curator_state") not in _FINISHED


def _is_ours(image: Image) -> bool:
    return is_ours(image, image.owner)


def _same_bytes(one: Image, other: Image) -> bool:
    """Whether two images are the same to those who start them."""
    if any(getattr(one, name) != getattr(other, name) for name in _ALIKE):
        return False
    if one.os_hash_value and other.os_hash_value and one.os_hash_algo == other.os_hash_algo:
        return one.os_hash_value == other.os_hash_value
    # Clouds that hash in different ways, or one that is older than that, have this in common.
    return one.checksum is not None and one.checksum == other.checksum


def _best_first(ranked: tuple[int, Image]) -> tuple[object, ...]:
    rank, image = ranked
    return rank, image.status != "active", TAG not in image.tags, image.hidden, image.id
