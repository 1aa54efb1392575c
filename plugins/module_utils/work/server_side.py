# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Letting one Glance fetch an image from another region's, and knowing what that has to come to."""

from __future__ import annotations

from dataclasses import dataclass

from ..cloud.connect import Cloud
from ..domain.image import Image
from ..domain.readable import known_digest
from ..errors import InvalidRequest, RequestFailed
from ..progress import Progress
from .importing import imported
from .proving import Content
from .watching import Stop

_METHOD = "glance-download"


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """An image of one region, for the Glance of another to fetch."""

    source: Cloud
    image: Image

    def bring(self, cloud: Cloud, image: Image, progress: Progress, stop: Stop) -> Content:
        """Let the other cloud fetch the bytes; what the source says of them is to be proven."""
        offered = cloud.data.import_methods()
        region = self.source.region
        if _METHOD not in offered or not region:
            missing = (
                f"the destination does not offer {_METHOD}; it offers "
                f"{', '.join(offered) or 'no imports at all'}"
                if region
                else "the source has no region by which the destination could find it"
            )
            raise InvalidRequest(f"method is server, but {missing}. Use method: stream.")
        how = {"name": _METHOD, "glance_region": region, "glance_image_id": self.image.id}
        cloud.data.start_import(image.id, how, store=None)
        found = imported(cloud, image.id, progress, stop)
        if found.disk_format != image.disk_format:
            raise RequestFailed(
                f"The destination imported the image as {found.disk_format}: it converts what it "
                "imports (image_conversion is among its image_import_plugins). Use method: stream."
            )
        known = known_digest(self.image)
        digests = {known.algorithm: known.value} if known else {}
        if self.image.checksum:
            digests["md5"] = self.image.checksum
        return Content(size=self.image.size or 0, digests=digests)
