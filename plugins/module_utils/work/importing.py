# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Waiting for an image that the cloud imports."""

from __future__ import annotations

import time

from ..cloud.connect import Cloud
from ..cloud.images import being_written
from ..domain.image import Image
from ..errors import NotReady, RequestFailed
from ..progress import Progress
from .watching import Stop

_POLL_SECONDS = 1.0


def imported(cloud: Cloud, image_id: str, progress: Progress, stop: Stop) -> Image:
    """The image once the cloud has imported it."""
    progress.stage("waiting for the import")
    state: tuple[str, str | None] | None = None
    deadline = 0.0
    began = False
    while True:
        stop.check()
        image = cloud.glance.image(image_id)
        if image is None:
            raise RequestFailed(f"Image {image_id} was deleted while the cloud imported it.")
        if image.status == "active":
            return image
        began = began or being_written(image)
        # At first it is still queued, with a task that has yet to begin.
        waits = image.properties.get("os_glance_import_task") and not began
        failed = image.properties.get("os_glance_failed_import")
        if failed or not (being_written(image) or waits):
            raise RequestFailed(_no_reason(image))
        if (image.status, image.updated_at) != state:
            state = (image.status, image.updated_at)
            deadline = time.monotonic() + cloud.timeout
        if time.monotonic() > deadline:
            raise NotReady(
                f"Image {image_id} stays {image.status} for {cloud.timeout:.0f} s: the "
                "import does not move. Raise timeout, or use method: stream."
            )
        time.sleep(_POLL_SECONDS)


def _no_reason(image: Image) -> str:
    return (
        f"The cloud could not import image {image.id}, and does not tell why. Its operator finds "
        "the reason in the log of glance-api. Common ones: the format is not allowed there, the "
        "staging disk is full, a quota, or an address or an image that it may not or cannot "
        "reach. method: stream does without imports."
    )
