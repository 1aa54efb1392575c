# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""An image's virtual hardware: what has to be known to plan it, and making it so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..cloud.apply import carry_out
from ..cloud.connect import Cloud
from ..cloud.images import find_image
from ..cloud.metadefs import image_namespaces
from ..domain.hardware.definitions import Definitions, definitions_from
from ..domain.hardware_plan import HardwarePlan, HardwareSeen, HardwareWish, refuse_in_advance
from ..domain.plan import Plan
from ..errors import ImageNotFound


def read_hardware(cloud: Cloud, wish: HardwareWish) -> HardwareSeen:
    """The image as it stands, and what the cloud defines, where our own tables have a gap."""
    try:
        image = find_image(cloud, wish.image)
    except ImageNotFound:
        # Check mode goes on without it, and shall not promise what will be refused later.
        refuse_in_advance(wish, _definitions(cloud, wish.questions({})))
        raise
    return HardwareSeen(
        image=image, definitions=_definitions(cloud, wish.questions(image.properties))
    )


def _definitions(cloud: Cloud, questions: Sequence[str]) -> Definitions | None:
    return cloud_definitions(cloud) if questions else None


def cloud_definitions(cloud: Cloud) -> Definitions | None:
    """What the cloud itself defines; None where it does not show that."""
    namespaces = image_namespaces(cloud)
    return None if namespaces is None else definitions_from(namespaces)


def equip(
    cloud: Cloud, planned: HardwarePlan, look_again: Callable[[], HardwarePlan]
) -> HardwarePlan:
    """Carry the plan out; of an image that was being written, the plan that is made after that."""
    latest = planned

    def look() -> Plan:
        nonlocal latest
        latest = look_again()
        return latest.change

    done = carry_out(cloud, planned.change, look)
    return replace(latest, change=done)
