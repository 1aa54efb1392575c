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
from datetime import UTC, datetime, timedelta
from typing import Any

from ..cloud.connect import Cloud
from ..cloud.images import being_written
from ..domain.image import Image
from ..domain.lineage import is_ours, is_proven, maker_of
from ..errors import Conflict, InvalidRequest, NotReady
from ..progress import Progress
from .maker import is_alive, is_dead, this_maker

_POLL_SECONDS = 1.0
# More ids than that are not taken by earlier attempts: something else is wrong.
_MOST_IDS = 50
# Older than that, a clock that is wrong makes no difference.
_LONG_AGO = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An image to fill; or one that another run has filled meanwhile."""

    image: Image
    finished: bool = False


class Claims:
    """Images for one upload, each attempt under an id of its own."""

    def __init__(
        self,
        cloud: Cloud,
        *,
        project: str,
        record_of: Callable[[int], Mapping[str, Any]],
        is_wanted: Callable[[Image], bool],
        named: bool,
        progress: Progress,
    ) -> None:
        self._cloud = cloud
        self._project = project
        # An image as it is begun, by the number of the attempt.
        self._record_of = record_of
        self._is_wanted = is_wanted
        # Whether the task asks for one id: then every attempt has that, or there is none.
        self.named = named
        self._progress = progress
        self._attempt = 0
        # An id of which it is not known whether the cloud took it: its answer was lost.
        self._unsure: str | None = None

    def next(self) -> Claimed:
        """Make an image under the first id that is free."""
        for _n in range(_MOST_IDS):
            record = self._record_of(self._attempt)
            doing = f"make an image for {record['curator_entry']!r}"
            self._unsure = record["id"]
            try:
                image = self._cloud.glance.create(record, doing=doing)
            except Conflict as error:
                claimed = self._found(record["id"])
                self._unsure = None
                self._attempt += 1
                if claimed:
                    return claimed
                if self.named:
                    raise InvalidRequest(
                        f"image_id is {record['id']}, and that is taken: by an image of this or "
                        "another project, or by one that was deleted, for good. Choose another, or "
                        "leave image_id out."
                    ) from error
            else:
                self._unsure = None
                self._attempt += 1
                return Claimed(image=image)
        raise NotReady(
            f"The cloud takes no new image: it says of {_MOST_IDS} ids in a row that they are "
            "taken. Look at the log of glance-api, and at what stands between."
        )

    def give_up(self) -> None:
        """Remove what may have been made without our knowing."""
        if self._unsure is None:
            return
        image = self._cloud.glance.image(self._unsure)
        if image and self._is_mine(image):
            self._cloud.glance.delete(image.id)

    def _found(self, image_id: str) -> Claimed | None:
        """What can be had of an id that is taken, if it is by an image that we see."""
        # Deleted images keep their ids, and so do images that the session may not see.
        image = self._cloud.glance.image(image_id)
        if image is None or not is_ours(image, self._project):
            return None
        if self._is_mine(image):
            image = self._quiet(image)
            return Claimed(image=image) if image and image.status == "queued" else None
        finished = self._finished(image)
        return Claimed(image=finished, finished=True) if finished else None

    def _is_mine(self, image: Image) -> bool:
        """Whether this process made the image."""
        return not is_proven(image) and maker_of(image) == this_maker()

    def _quiet(self, image: Image) -> Image | None:
        """Our own image, once the cloud has noticed that its data broke off."""
        deadline = time.monotonic() + self._cloud.timeout
        found: Image | None = image
        while found and being_written(found) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
            found = self._cloud.glance.image(image.id)
        return found

    def _finished(self, image: Image) -> Image | None:
        """Another run's image once it is what we want; None where it came to something else."""
        self._progress.stage("waiting for another run")
        deadline = time.monotonic() + self._cloud.timeout
        found: Image | None = image
        while found and not is_proven(found):
            moved = (found.status, found.updated_at) != (image.status, image.updated_at)
            if moved or is_alive(maker_of(found)):
                image, deadline = found, time.monotonic() + self._cloud.timeout
            waited = time.monotonic() > deadline
            if is_left_behind(found) or (waited and found.status == "queued"):
                found = _removed(self._cloud, found)
                continue
            if waited or not self._cloud.wait:
                raise _somebody_else_makes(found, self._cloud)
            time.sleep(_POLL_SECONDS)
            found = self._cloud.glance.image(image.id)
        return found if found and self._is_wanted(found) else None


def is_left_behind(image: Image) -> bool:
    """Whether nobody works any more on an image of ours that is not proven.

    On this host, that is known of the process. Of another one, only an image without data that is
    very old is nobody's: data follows within seconds. Data on its way means that a connection is
    alive, and one that is whole may just be read back.
    """
    if is_dead(maker_of(image)):
        return True
    return image.status == "queued" and _age(image) > _LONG_AGO


def sweep(cloud: Cloud, images: Iterable[Image], project: str) -> None:
    """Remove what dead runs left: ours by every sign, and not proven."""
    for image in images:
        if is_ours(image, project) and not is_proven(image) and is_left_behind(image):
            _removed(cloud, image)


def _removed(cloud: Cloud, image: Image) -> Image | None:
    """Delete what its maker left, unless that has come to its end since we looked.

    Whoever is gone changes nothing any more: what is read now is how it stays.
    """
    found = cloud.glance.image(image.id)
    if found and not is_proven(found):
        cloud.glance.delete(found.id)
        return None
    return found


def _age(image: Image) -> timedelta:
    try:
        moved = datetime.fromisoformat(image.updated_at or "")
    except ValueError:
        return timedelta()
    return datetime.now(UTC) - moved


def _somebody_else_makes(image: Image, cloud: Cloud) -> NotReady:
    maker = maker_of(image)
    who = f"process {maker.pid} on {maker.host}" if maker else "somebody"
    waited = f" (waited {cloud.timeout:.0f} s)" if cloud.wait else ""
    return NotReady(
        f"Image {image.id} is {image.status}: {who} makes the same image{waited}. Run the task "
        f"again when that is done; if nobody is there any more, delete image {image.id} first.",
        image_id=image.id,
    )
