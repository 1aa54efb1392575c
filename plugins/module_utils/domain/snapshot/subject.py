# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an image is made of: whether that can be read now, and what is noted down about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias

from ...errors import InvalidRequest, NotReady
from .. import server as servers
from .. import volume as volumes
from ..image import Image
from ..lineage import TAG, Maker
from ..server import Server
from ..values import some
from ..volume import Volume

Subject: TypeAlias = "Server | Volume"

# On an image that is only on the way to another: the server it is of, and the run that needs it.
ON_THE_WAY = "curator_snapshot_for"
# On a server that is down for the sake of its snapshot: the run that will start it again.
STOPPED_BY = "curator_stopped_by"
# By far more than lies between two requests, however the clocks of two machines differ.
_AT_WORK_AT_MOST = timedelta(hours=1)
# In these, Nova reads a server's disk.
_READABLE = frozenset({servers.ACTIVE, servers.SHUTOFF, "PAUSED", "SUSPENDED"})


def kind_of(subject: Subject) -> str:
    """What it is, in the word of the task's option."""
    return "server" if isinstance(subject, Server) else "volume"


def source_of(subject: Subject) -> str:
    """What an image of it says about where it is from."""
    return f"{kind_of(subject)}/{subject.id}"


def was_left_stopped(server: Server, now: str) -> bool:
    """Whether a server that a run stopped was left so, seen from where that run is unknown.

    As long as a run is at it, the server is busy, but for the moments between two requests.
    """
    if STOPPED_BY not in server.metadata or server.task_state or server.status != servers.SHUTOFF:
        return False
    if server.updated_at is None:
        return False
    still = datetime.fromisoformat(now) - datetime.fromisoformat(server.updated_at)
    return still > _AT_WORK_AT_MOST


def record_on_the_way(server: Server, maker: Maker) -> dict[str, str]:
    """What an image says that is only on the way to the one that is wanted."""
    return {ON_THE_WAY: f"{server.id} {maker}"}


def on_the_way_for(image: Image, server: Server, project: str) -> Maker | None:
    """The run that needs an image on the way, if it is one by every sign.

    Snapshots inherit properties, so whoever starts a server from such an image and makes a
    snapshot of it has the mark, too: but of another server.
    """
    server_id, _blank, maker = image.properties.get(ON_THE_WAY, "").partition(" ")
    signs = (
        image.owner == project,
        image.properties.get("instance_uuid") == server.id == server_id,
        TAG not in image.tags,
    )
    return Maker.from_text(maker) if all(signs) else None


def require_readable(subject: Subject, *, project: str, stopping: bool) -> None:
    """Refuse what Nova or Cinder would make no image of."""
    if subject.project not in {None, project}:
        raise InvalidRequest(
            f"{_upper(subject.label)} belongs to project {subject.project}, not to that of the "
            f"session ({project}). Use the cloud of the project that owns it."
        )
    if isinstance(subject, Volume):
        if subject.status not in {volumes.AVAILABLE, volumes.IN_USE}:
            raise NotReady(
                f"{_upper(subject.label)} is {subject.status}. Only one that is available or "
                "in-use can be read; run the task again when it is."
            )
        return
    if subject.image_id is None:
        raise InvalidRequest(
            f"{_upper(subject.label)} was started from a volume: its snapshot would be an image "
            "without data, which names snapshots of its volumes. Give the volume that it starts "
            f"from as volume instead; it has {some(subject.volumes)}."
        )
    if subject.status not in _READABLE:
        why = f" ({subject.fault})" if subject.fault else ""
        raise NotReady(
            f"{_upper(subject.label)} is {subject.status}{why}. An image is made of one that is "
            f"{', '.join(sorted(_READABLE))}."
        )
    if stopping and subject.status not in {servers.ACTIVE, servers.SHUTOFF}:
        raise NotReady(
            f"{_upper(subject.label)} is {subject.status}, and Nova stops only one that is "
            f"{servers.ACTIVE}. Resume it first, or leave stop out."
        )


def warnings_about(subject: Subject, *, stopping: bool) -> tuple[str, ...]:
    """What becomes of the bytes where somebody writes while they are read."""
    runs = isinstance(subject, Server) and subject.status == servers.ACTIVE and not stopping
    has_it = isinstance(subject, Volume) and subject.status == volumes.IN_USE
    if not (runs or has_it):
        return ()
    warning = (
        f"{_upper(subject.label)} is in use while it is read: the image has its disk as after a "
        "power cut, without what was only in memory."
    )
    return (f"{warning} With stop: true, the server is shut down meanwhile." if runs else warning,)


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
