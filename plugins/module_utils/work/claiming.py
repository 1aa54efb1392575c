# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Getting an image to fill: one maker at a time, and what dead ones left is removed.

The id of an image is derived from what it is made of, and Glance gives every id once. So it is a
lock: whoever makes the same at the same time meets the other one at the id.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..cloud.connect import Cloud
from ..cloud.images import being_written
from ..domain.image import Image
from ..domain.lineage import is_ours, is_proven, maker_of
from ..errors import Conflict, NotReady
from ..progress import Progress
from .maker import is_alive, is_dead, this_maker

_POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An image to fill; or one that another run has filled meanwhile."""

    image: Image
    finished: bool = False


class Claims:
    """Images for one upload, each attempt under an id of its own."""

    def __init__(self, cloud: Cloud, project: str, progress: Progress) -> None:
        self._cloud = cloud
        self._project = project
        self._progress = progress
        self._attempt = 0
        # An id of which it is not known whether the cloud took it: its answer was lost.
        self._unsure: str | None = None

    def next(self, record_of: Callable[[int], Mapping[str, Any]]) -> Claimed:
        """Make an image as `record_of(attempt)` describes it, under the first id that is free."""
        while True:
            record = record_of(self._attempt)
            doing = f"make an image for {record['curator_entry']!r}"
            self._unsure = record["id"]
            try:
                image = self._cloud.glance.create(record, doing=doing)
            except Conflict:
                # Deleted images keep their ids, and so do images that the session may not see.
                other = self._cloud.glance.image(record["id"])
                if other and self._is_mine(other):
                    return self._taken(other)
                self._unsure = None
                other = other and self._waited_for(other)
                if other and is_proven(other) and other.status == "active":
                    return Claimed(image=other, finished=True)
                self._attempt += 1
            else:
                return self._taken(image)

    def give_up(self) -> None:
        """Remove what may have been made without our knowing."""
        if self._unsure is None:
            return
        image = self._cloud.glance.image(self._unsure)
        if image and self._is_mine(image):
            self._cloud.glance.delete(image.id)

    def _taken(self, image: Image) -> Claimed:
        self._unsure = None
        self._attempt += 1
        return Claimed(image=image)

    def _is_mine(self, image: Image) -> bool:
        """Whether this process made the image, and has not yet heard of it."""
        return (
            is_ours(image, self._project)
            and image.status == "queued"
            and maker_of(image) == this_maker()
        )

    def _waited_for(self, image: Image) -> Image | None:
        """Another run's image once it is finished; None where it came to nothing."""
        if not is_ours(image, self._project):
            return None
        self._progress.stage("waiting for another run")
        deadline = time.monotonic() + self._cloud.timeout
        found: Image | None = image
        while found and not is_proven(found):
            if is_left_behind(found, self._cloud.timeout):
                self._cloud.glance.delete(found.id)
                return None
            if is_alive(maker_of(found)):
                deadline = time.monotonic() + self._cloud.timeout
            if not self._cloud.wait or time.monotonic() > deadline:
                raise _somebody_else_makes(found, self._cloud)
            time.sleep(_POLL_SECONDS)
            found = self._cloud.glance.image(image.id)
            if found and not being_written(found) and found.updated_at != image.updated_at:
                image, deadline = found, time.monotonic() + self._cloud.timeout
        return found


def is_left_behind(image: Image, timeout: float) -> bool:
    """Whether nobody works any more on an image of ours that is not proven.

    On this host, that is known of the process. Elsewhere, an image without data that has not moved
    for so long is nobody's: data follows within seconds. Data on its way means that a connection
    is alive.
    """
    if is_dead(maker_of(image)):
        return True
    return not being_written(image) and _age(image) > timeout


def sweep(cloud: Cloud, images: Iterable[Image], project: str) -> None:
    """Remove what dead runs left: ours by every sign, and not proven."""
    for image in images:
        if (
            is_ours(image, project)
            and not is_proven(image)
            and is_left_behind(image, cloud.timeout)
        ):
            cloud.glance.delete(image.id)


def _age(image: Image) -> float:
    try:
        moved = datetime.fromisoformat(image.updated_at or "")
    except ValueError:
        return 0.0
    return (datetime.now(UTC) - moved).total_seconds()


def _somebody_else_makes(image: Image, cloud: Cloud) -> NotReady:
    maker = maker_of(image)
    who = f"process {maker.pid} on {maker.host}" if maker else "somebody"
    waited = f" (waited {cloud.timeout:.0f} s)" if cloud.wait else ""
    return NotReady(
        f"Image {image.id} is {image.status}: {who} makes the same image{waited}. Run the task "
        f"again when that is done; if nobody is there any more, delete image {image.id} first.",
        image_id=image.id,
    )
