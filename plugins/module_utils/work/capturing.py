# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Letting the cloud make an image of a server or volume, and waiting for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..cloud.connect import Cloud
from ..cloud.servers import require_cinder, require_nova
from ..domain.image import Image
from ..domain.lineage import staged_name
from ..domain.readable import refuse_unreadable
from ..domain.server import Server
from ..domain.snapshot.subject import Subject, record_on_the_way
from ..domain.snapshot.wish import SnapshotWish
from ..domain.values import LONGEST_NAME
from ..domain.volume import IN_USE, Volume
from ..errors import NotFound, NotReady, RequestFailed
from ..progress import Progress
from .maker import this_maker
from .making import patiently, remove
from .servers import POLL_SECONDS
from .watching import Stop

_UPLOADING = "uploading"


@contextmanager
def only_on_the_way(cloud: Cloud) -> Iterator[list[Image]]:
    """Images that are removed again where something goes wrong before the block's end."""
    begun: list[Image] = []
    try:
        yield begun
    except BaseException as error:
        for image in begun:
            remove(cloud, image, error)
        raise


def capture(
    cloud: Cloud, subject: Subject, wish: SnapshotWish, *, progress: Progress, stop: Stop
) -> Image:
    """An image of it, complete; it has yet to get its name."""
    progress.stage("waiting for the cloud to make the image")
    with only_on_the_way(cloud) as begun:
        image_id = _begin(cloud, subject, staged_name(wish.name, subject.id, LONGEST_NAME))
        begun.append(Image(id=image_id, name=wish.name, status="queued", visibility="private"))
        image = _complete(cloud, subject, image_id, limit=wish.time_limit, stop=stop)
        refuse_unreadable(image)
        return image


def _begin(cloud: Cloud, subject: Subject, name: str) -> str:
    if isinstance(subject, Server):
        properties = record_on_the_way(subject, this_maker())
        return require_nova(cloud).create_image(subject.id, name, properties)
    return require_cinder(cloud).create_image(subject.id, name, force=subject.status == IN_USE)


def _complete(cloud: Cloud, subject: Subject, image_id: str, *, limit: float, stop: Stop) -> Image:
    """The image once it has its data; nothing shows how much of it is through."""
    state: tuple[object, ...] = ()
    deadline = 0.0
    while True:
        stop.check()
        # In this order: what was at work before the image was read may have finished it by then.
        doing = patiently(lambda: _what_is_done_to(cloud, subject), cloud.timeout)
        image = patiently(lambda: cloud.glance.image(image_id), cloud.timeout)
        if image is not None and image.status == "active" and doing is None:
            return image
        if doing is None or image is None:
            raise RequestFailed(_no_image(cloud, subject))
        moved = (doing, image.status, image.updated_at)
        if moved != state:
            state, deadline = moved, time.monotonic() + limit
        if time.monotonic() > deadline:
            raise NotReady(
                f"Image {image_id} of {subject.label} stays {image.status} ({doing}) for "
                f"{limit:.0f} s. How far it is, the cloud does not tell: raise time_limit to what "
                "a disk of this size takes."
            )
        time.sleep(POLL_SECONDS)


def _what_is_done_to(cloud: Cloud, subject: Subject) -> str | None:
    """What the cloud does to it at the moment; None once it is done."""
    if isinstance(subject, Server):
        server = require_nova(cloud).server(subject.id)
        if server is None:
            raise NotFound(f"Server {subject.id} is gone: somebody deleted it meanwhile.")
        return server.task_state
    volume = require_cinder(cloud).volume(subject.id)
    if volume is None:
        raise NotFound(f"Volume {subject.id} is gone: somebody deleted it meanwhile.")
    return volume.status if volume.status == _UPLOADING else None


def _no_image(cloud: Cloud, subject: Subject) -> str:
    told = None
    service = "Cinder"
    if not isinstance(subject, Volume):
        service = "Nova"
        told = require_nova(cloud).trouble(subject.id, "createImage")
    reason = f"{service} says {told!r}" if told else f"{service} does not tell why"
    return (
        f"The cloud could make no image of {subject.label}: {reason}. Its operator finds the "
        "reason in the service's log; a common one is a quota on images or their size."
    )
