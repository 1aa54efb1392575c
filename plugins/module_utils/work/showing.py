# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The last step of a making: whoever shall see the image sees it, or it is gone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from ..cloud.connect import Cloud
from ..domain.image import Image
from ..domain.lineage import is_proven
from ..errors import CuratorError, Interrupted
from .making import remove


def shown(cloud: Cloud, image: Image, show: Callable[[], Image]) -> Image:
    """The image as it was shown; one that could not be shown is removed.

    The answer may be lost and the change be made: then the image is complete.
    """
    try:
        return show()
    except BaseException as error:
        found = _read(cloud, image.id)
        if found is None or not is_proven(found):
            remove(cloud, image, error)
            raise
        if isinstance(error, Interrupted) or not isinstance(error, CuratorError):
            raise
        return found


def _read(cloud: Cloud, image_id: str) -> Image | None:
    with suppress(CuratorError):
        return cloud.glance.image(image_id)
    return None
