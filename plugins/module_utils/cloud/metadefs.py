# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a cloud itself says about the properties of images: its metadata definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from ..errors import Forbidden, NotFound
from .connect import Cloud


def image_namespaces(cloud: Cloud) -> tuple[Mapping[str, Any], ...] | None:
    """Every namespace that is meant for images, whole; None where the cloud does not show them.

    That takes a request for the list and one for each, about 20 in all.
    """
    try:
        return tuple(_each(cloud))
    except (Forbidden, NotFound):
        return None


def _each(cloud: Cloud) -> Iterator[Mapping[str, Any]]:
    for listed in cloud.glance.namespaces():
        # What a project defines for itself is no word on anybody else's images.
        if listed.get("visibility") == "public" or listed.get("owner") == cloud.project_id:
            # One that was removed since the list was made defines nothing.
            with suppress(NotFound):
                yield cloud.glance.namespace(listed["namespace"])
