# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""From a source to a proven image, in as many attempts as it takes.

An attempt that fails leaves nothing: its image is deleted, and the next one starts with a new
image and a new stream. Nobody but the maker sees an image before it is proven.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from ..cloud.connect import Cloud
from ..domain.image import Image
from ..errors import (
    AuthenticationFailed,
    Conflict,
    CuratorError,
    Interrupted,
    NotFound,
    RequestFailed,
    Unproven,
    Unreachable,
)
from ..progress import Progress
from .claiming import Claims
from .pausing import FIRST_PAUSE, longer

Answer = TypeVar("Answer")

TRIES = 4
# What is left for cleaning up when the task is told to stop.
_SECONDS_TO_STOP = 10.0
_SERVER_ERROR = 500
# In the facts of an error: the image that could not be taken away again.
_LEFT = "left_behind"
_WORTH_A_TRY = frozenset({404, 408, 409, 410, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """An image with proven bytes, and how they came there; no way where another run made it."""

    image: Image
    transfer: Mapping[str, Any] | None = None


def make(
    cloud: Cloud,
    claims: Claims,
    fill: Callable[[Image], Filled],
    progress: Progress,
    *,
    tries: int = TRIES,
) -> Filled:
    """Claim images and fill them until one is proven, or trying again makes no sense."""
    pause = FIRST_PAUSE
    for tries_left in reversed(range(tries)):
        try:
            claimed = claims.next()
            if claimed.finished:
                return Filled(image=claimed.image)
            # Glance gives an id once: what has to have this one is filled again.
            return _filled_or_gone(
                cloud, claimed.image, fill, keep=bool(claims.named and tries_left)
            )
        except CuratorError as error:
            if not tries_left or _LEFT in error.facts or not may_pass(error):
                with suppress(CuratorError):
                    claims.give_up()
                raise
            progress.stage(f"trying again: {error.message}")
        time.sleep(pause)
        pause = longer(pause)
    raise AssertionError  # The last attempt returns or raises.


def _filled_or_gone(
    cloud: Cloud, image: Image, fill: Callable[[Image], Filled], *, keep: bool
) -> Filled:
    try:
        return fill(image)
    except BaseException as error:
        if not (keep and isinstance(error, CuratorError) and may_pass(error)):
            remove(cloud, image, error)
        raise


def remove(cloud: Cloud, image: Image, error: BaseException) -> None:
    """Delete an image that came to nothing, and say where that failed too."""
    patience = _SECONDS_TO_STOP if is_urgent(error) else cloud.timeout
    try:
        patiently(lambda: cloud.glance.delete(image.id), patience)
    except CuratorError:
        if isinstance(error, CuratorError):
            raise type(error)(
                f"{error.message} Image {image.id} was begun and could not be deleted; it is "
                "private, and the next run of the task removes it.",
                **{**error.facts, _LEFT: image.id},
            ) from error


def patiently(ask: Callable[[], Answer], patience: float) -> Answer:
    """Ask a cloud that may just be restarting until it answers, or for so long."""
    deadline = time.monotonic() + patience
    pause = FIRST_PAUSE
    while True:
        try:
            return ask()
        except CuratorError as error:
            if not may_pass(error) or time.monotonic() + pause > deadline:
                raise
        time.sleep(pause)
        pause = longer(pause)


def is_urgent(error: BaseException) -> bool:
    """Whether the task was told to stop, so that little time is left for cleaning up."""
    return isinstance(error, Interrupted) or not isinstance(error, Exception)


def may_pass(error: CuratorError) -> bool:
    """Whether the same may succeed a moment later."""
    if isinstance(error, Unreachable | AuthenticationFailed | Unproven | Conflict):
        return True
    status = error.facts.get("http_status", 0)
    return isinstance(error, RequestFailed | NotFound) and (
        status >= _SERVER_ERROR or status in _WORTH_A_TRY
    )
