# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What image_metadata has to know before it can plan."""

from __future__ import annotations

from ..cloud.connect import Cloud
from ..cloud.images import find_image
from ..cloud.projects import resolve
from ..domain.image import ImageState
from ..domain.metadata import DescribedImage, MetadataWish


def read_described_image(cloud: Cloud, wish: MetadataWish) -> DescribedImage:
    """The image as it stands, and the id of the owner that the task names."""
    image = find_image(cloud, wish.image)
    if wish.owner is None:
        return DescribedImage(state=ImageState(image=image))
    resolved = resolve(cloud, [wish.owner], known=[image.owner] if image.owner else [])
    return DescribedImage(
        state=ImageState(image=image),
        new_owner=resolved.ids[wish.owner],
        warnings=tuple(resolved.warnings),
    )
