# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Everything that the project has, from one listing, in the order in which a plan asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..image import Image
from ..lineage import has_stepped_back, is_ours

_ENTRY = "curator_entry"


class Listing:
    """The images of one project, visible and hidden."""

    def __init__(self, visible: Iterable[Image], hidden: Iterable[Image], project: str) -> None:
        self.project = project
        self.images: list[Image] = []
        # As in a listing by name: the visible ones, and only where there are none, the hidden.
        self._names: tuple[defaultdict[str, list[Image]], ...] = (
            defaultdict(list),
            defaultdict(list),
        )
        self._made: defaultdict[str, list[Image]] = defaultdict(list)
        for images, names in zip((visible, hidden), self._names, strict=True):
            for image in images:
                self._add(image, names)

    def named(self, name: str) -> tuple[Image, ...]:
        """Images that stand under a name."""
        return next((tuple(names[name]) for names in self._names if name in names), ())

    def made_for(self, entry: str) -> tuple[Image, ...]:
        """Images that say they were made for an entry, whatever they are called."""
        return tuple(self._made.get(entry, ()))

    def of_entry(self, entry: str) -> tuple[Image, ...]:
        """Images that this collection did make for an entry."""
        return tuple(image for image in self.made_for(entry) if is_ours(image, self.project))

    @property
    def unmanaged(self) -> list[Image]:
        """Images that this collection did not make."""
        return [image for image in self.images if not is_ours(image, self.project)]

    @property
    def entries(self) -> set[str]:
        """The entries that images of ours were made for."""
        return {
            entry
            for entry, images in self._made.items()
            if any(is_ours(image, self.project) for image in images)
        }

    def _add(self, image: Image, names: defaultdict[str, list[Image]]) -> None:
        if image.owner != self.project:
            return
        self.images.append(image)
        if image.name is not None and not has_stepped_back(image, self.project):
            names[image.name].append(image)
        if _ENTRY in image.properties:
            self._made[image.properties[_ENTRY]].append(image)
