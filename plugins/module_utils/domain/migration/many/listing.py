# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a listing tells of the images that many elements are looked for in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ....errors import ImageNotFound, Unreachable
from ...image import Image
from ...lineage import has_stepped_back
from ...lookup import is_uuid, matching, the_only
from ...readable import known_digest
from ...retirement import image_from_result
from ..origin import Origin, is_unfinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The images of the source, and whose they are."""

    # The cloud in words.
    label: str
    # The session's own project, before whose images those of others do not count.
    project: str | None
    images: tuple[Image, ...]

    @classmethod
    def from_result(cls, label: str, shown: Mapping[str, Any], found: Iterable[Any] = ()) -> Self:
        """What image_info told, and what it found besides when it was asked for single images."""
        images = {image.id: image for image in map(image_from_result, [*shown["images"], *found])}
        return cls(label=label, project=shown["project_id"], images=tuple(images.values()))

    def image(self, reference: str) -> Image:
        """The one image of an id or of a name."""
        if is_uuid(reference):
            wanted = _plain(reference)
            for image in self.images:
                if _plain(image.id) == wanted:
                    return image
        for group in self._groups():
            found = the_only(matching(group, reference, self.project), reference)
            if found is not None:
                return found
        raise ImageNotFound(
            f"There is no image {reference!r} at {self.label}, or not for this session. Check the "
            "name, or give the id."
        )

    def _groups(self) -> Iterator[list[Image]]:
        """As names are looked for anywhere: own images before others, visible before hidden."""
        for is_own in (True, False):
            for hidden in (False, True):
                yield [
                    image
                    for image in self.images
                    if (image.owner == self.project) == is_own and image.hidden == hidden
                ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The images of the one project, at a destination, that new ones shall belong to."""

    # The session's own project, and the id of the one that is the owner.
    project: str = ""
    owner: str = ""
    # Why nothing is known of the destination, where it could not be listed.
    trouble: str = ""
    _by_name: Mapping[str | None, list[Image]] = field(default_factory=dict, repr=False)
    _by_content: Mapping[str, list[Image]] = field(default_factory=dict, repr=False)

    @classmethod
    def from_result(cls, shown: Mapping[str, Any], owner: str | None) -> Self:
        """What image_info told, of all projects or of the owner that it was asked for."""
        if "images" not in shown:
            return cls(trouble=shown.get("msg") or "It could not be listed.")
        images = [image_from_result(image) for image in shown["images"]]
        project = shown["project_id"] or ""
        # What was listed for one owner is the owner's; where there is nothing, any id will do.
        owner_id = project if owner is None else (images[0].owner if images else None) or owner
        by_name, by_content = defaultdict(list), defaultdict(list)
        for image in images:
            if image.owner != owner_id or is_unfinished(image):
                continue
            by_name[image.name].append(image)
            for content in _contents(image):
                by_content[content].append(image)
        return cls(project=project, owner=owner_id, _by_name=by_name, _by_content=by_content)

    def named(self, name: str) -> tuple[Image, ...]:
        """Who has the name: visible images, or else hidden ones; none that stepped back."""
        self._require_known()
        holders = [
            image
            for image in self._by_name.get(name, ())
            if not has_stepped_back(image, self.owner)
        ]
        visible = tuple(image for image in holders if not image.hidden)
        return visible or tuple(holders)

    def alike(self, origin: Origin) -> tuple[Image, ...]:
        """Those that may be what an image leads to; few, so that many can be looked for."""
        self._require_known()
        lineage = origin.lineage
        known = known_digest(origin.image)
        contents = {lineage.proof, lineage.version, known.value if known else ""} - {""}
        found = [image for content in contents for image in self._by_content.get(content, ())]
        return tuple({image.id: image for image in found}.values())

    def _require_known(self) -> None:
        if self.trouble:
            raise Unreachable(self.trouble)


def _contents(image: Image) -> set[str]:
    """By what the content of an image can be recognised."""
    known = known_digest(image)
    properties = image.properties
    return {
        known.value if known else "",
        properties.get("curator_proof", ""),
        properties.get("curator_source_version", ""),
    } - {""}


def _plain(text: str) -> str:
    return text.lower().replace("-", "")
