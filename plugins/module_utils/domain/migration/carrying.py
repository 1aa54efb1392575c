# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What of an image means the same in another cloud, and why the rest stays behind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import InvalidRequest
from ..image import Image
from ..lookup import is_uuid
from ..properties import check_names
from ..readable import refuse_unreadable
from ..values import as_stored

# Properties that name another image, which has to be there first.
COMPANIONS = ("kernel_id", "ramdisk_id")
# What the server that starts from the image shall have for disks: snapshots of one cloud's volumes.
_VOLUMES = "block_device_mapping"
# Keys in the source cloud's key manager, without which the bytes are noise.
_KEYS = ("cinder_encryption_key_id", "hw_ephemeral_encryption_secret_uuid")

_OF_A_SNAPSHOT = "says which server at the source the image was a snapshot of"
_OF_THE_STORE = "says where the source cloud keeps the bytes"
_SIGNED = "names a certificate in the source cloud's key manager"
_ENCRYPTED = "names a key in the source cloud's key manager"

# Names of properties that mean something in one cloud only, and what that is.
_LEFT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"os_glance_.*", "is set by the source's Glance alone"),
        (r"curator_.*", "records how the source image was made; the new one has its own record"),
        (r"save_images_for", "says that the source image is removed once it is a file"),
        (r"owner_specified\..*", "records which file openstacksdk once uploaded the image from"),
        (r"stores|locations?|direct_url", _OF_THE_STORE),
        (r"image_(type|state|location)|instance_uuid|base_image_ref|boot_roles", _OF_A_SNAPSHOT),
        (r"(user|owner|project)_id|owner_(project|user)_name", _OF_A_SNAPSHOT),
        (r"img_signature.*", _SIGNED),
        ("|".join([*_KEYS, "cinder_encryption_key_deletion_policy"]), _ENCRYPTED),
        (r"cinder_img_volume_type", "names a volume type of the source cloud"),
        (rf"{_VOLUMES}|bdm_v2", "names volumes or snapshots of the source cloud"),
    )
)
_OF_THE_FORMAT = re.compile(r"vmware_disktype|img_linked_clone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Something of the image that stays behind."""

    name: str
    reason: str

    def as_result(self) -> dict[str, str]:
        """The shape in which the module returns it."""
        return {"name": self.name, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The properties that the image shall have there."""

    properties: Mapping[str, str]
    dropped: tuple[Dropped, ...] = ()


def carry(image: Image, wanted: Mapping[str, Any], *, converts: bool) -> Carried:
    """Divide an image's properties; what the task names itself comes along as it says."""
    kept: dict[str, str] = {}
    # Glance shows these beside the properties, on some clouds.
    dropped = [Dropped(name=name, reason=_OF_THE_STORE) for name in sorted(image.extra)]
    for name, value in image.properties.items():
        if name in wanted:
            continue
        reason = _why_left(name, converts=converts)
        if reason:
            dropped.append(Dropped(name=name, reason=reason))
        else:
            kept[name] = value
    named = {name: as_stored(name, value) for name, value in wanted.items() if value is not None}
    return Carried(properties=dict(sorted({**kept, **named}.items())), dropped=tuple(dropped))


def companions(image: Image, wanted: Mapping[str, Any]) -> dict[str, str]:
    """The images that come along first: the property that names each, and its id at the source."""
    return {
        name: image.properties[name]
        for name in COMPANIONS
        # What is no id, such as "nokernel", means the same everywhere.
        if name not in wanted and is_uuid(image.properties.get(name, ""))
    }


def require_movable(image: Image, wanted: Mapping[str, Any], name: str | None) -> None:
    """Refuse an image of which the bytes cannot be had, or would be of no use elsewhere."""
    refuse_unreadable(image)
    if not name:
        raise InvalidRequest(
            f"Image {image.id} has no name. Give it one with destination.name, or at the source."
        )
    if image.properties.get(_VOLUMES) not in {None, "", "[]"} and _VOLUMES not in wanted:
        raise InvalidRequest(
            f"Image {image.id} has {_VOLUMES}: a server that starts from it takes its disks from "
            "snapshots of volumes, which other clouds do not have. Make an image of each volume "
            "(openstack image create --volume) and move these; or, if its own bytes are all that "
            f"it needs, set {_VOLUMES} to null in properties."
        )
    for key in _KEYS:
        if image.properties.get(key):
            raise InvalidRequest(
                f"Image {image.id} is encrypted, with a key in the source cloud's key manager "
                f"({key}): elsewhere nobody could read it. Make an image of a disk that is not "
                "encrypted, and move that."
            )


def _why_left(name: str, *, converts: bool) -> str | None:
    for pattern, reason in _LEFT:
        if pattern.fullmatch(name):
            return reason
    if converts and _OF_THE_FORMAT.fullmatch(name):
        return "describes the format that the disk had before it was converted"
    try:
        check_names({name: ""})
    except InvalidRequest:
        return "bears the name of an attribute, and Glance takes no property of that name"
    return None
