# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an entry wants where upstream is not asked: the content that is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..image import Image
from ..lineage import PUBLISHED, STAGED, Lineage, is_ours, is_proven


def as_it_stands(
    lineage: Lineage, named: Sequence[Image], made: Sequence[Image], project: str
) -> Lineage:
    """A lineage without a proof, as that of the image under the name, or of one that waits for it.

    The recipe stays what the entry says: an image of another one is not the wanted one.
    """
    standing = _newest(named, PUBLISHED, project) or _newest(made, STAGED, project)
    if standing is None:
        return lineage
    stored = standing.properties
    return replace(
        lineage,
        proof=stored.get("curator_proof", ""),
        version=stored.get("curator_source_version", ""),
        source_sha512=stored.get("curator_source_sha512", ""),
        signed_by=stored.get("curator_signed_by", ""),
    )


def _newest(images: Iterable[Image], state: str, project: str) -> Image | None:
    fitting = (
        image
        for image in images
        if is_ours(image, project)
        and is_proven(image)
        and image.properties.get("curator_state") == state
    )
    return max(fitting, key=lambda image: (image.created_at or "", image.id), default=None)
