# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Names that are no hardware, each with what to do instead."""

from __future__ import annotations

import re

from ...errors import InvalidRequest
from ..properties import check_names
from .judging import closest
from .known import hardware, is_hardware, known
from .tables.kept import KEPT

_WHY_KEPT = {row.name: why for row, why in KEPT}

# libosinfo has ids of its own, and tools differ in what they call them.
_OSINFO = "Nova asks libosinfo with os_distro, and reads no other name. Set os_distro"
_OSINFO_NAMES = frozenset({"short-id", "short_id", "osinfo_id", "libosinfo_id", "os_id"})

_SNAPSHOT = "Nova writes it on a snapshot, to say which server that is of"
_SNAPSHOT_NAMES = frozenset(
    {
        "base_image_ref",
        "boot_roles",
        "image_location",
        "image_state",
        "image_type",
        "instance_owner",
        "instance_uuid",
        "owner_project_name",
        "owner_user_name",
        "user_id",
    }
)
_BOOT_PARTS = frozenset({"kernel_id", "ramdisk_id"})

# Begins of names, and why such a name is no hardware.
_OTHERS: tuple[tuple[str, str], ...] = (
    ("curator_", "This collection records there what an image is and where it comes from"),
    (
        "owner_specified.",
        "OpenStack's clients keep digests there. Remove it with image_metadata if it is in the way",
    ),
    ("cinder_", "It is for volumes that are made from the image. Set it with image_metadata"),
)

# Flavors say the same things with a colon.
_FLAVORS = re.compile(r"(hw|os)[:](?P<rest>\w[\w.]*)")
_FLAVORS_ONLY = re.compile(
    r"(hw_rng|hw_video|quota|resources\d*|accel|aggregate_instance_extra_specs|capabilities|"
    r"pci_passthrough|powervm|vmware|trait\d+|traits\d*|group_policy)(:.*)?"
)
_TRAITS = "traits:"


def explain_refused(name: str) -> str | None:
    """Why a property cannot be set as hardware, and what to do; None if it can."""
    return None if is_hardware(name) else _glances_own(name) or _explained(name)


def _glances_own(name: str) -> str | None:
    if name == "id":
        return f"id is the image's own and cannot be a property. {_OSINFO}."
    try:
        check_names({name: None})
    except InvalidRequest as refused:
        # Here are none of the options that it may send to.
        sends = " option " in refused.message
        return (
            f"{refused.message.removesuffix('.')} of image_metadata." if sends else refused.message
        )
    return None


def _explained(name: str) -> str:
    reason = (
        _WHY_KEPT.get(name) or _of_others(name) or _spelled_for_flavors(name) or _no_hardware(name)
    )
    return f"{name} is no hardware property. {reason}."


def _of_others(name: str) -> str | None:
    if name in _OSINFO_NAMES:
        return _OSINFO
    if name in _SNAPSHOT_NAMES:
        return f"{_SNAPSHOT}. Leave it as it is, or change it with image_metadata"
    if name in _BOOT_PARTS:
        return (
            f"It names another image to start from. Give {name} to image_upload_raw, or set it "
            "with image_metadata"
        )
    return next((why for begin, why in _OTHERS if name.startswith(begin)), None)


def _spelled_for_flavors(name: str) -> str | None:
    if name.startswith(_TRAITS):
        return f"Nova reads trait:{name.removeprefix(_TRAITS)}, without the s"
    if match := _FLAVORS.fullmatch(name):
        spelled = name.replace(":", "_")
        if match["rest"] == "hide_hypervisor_id":
            spelled = "img_hide_hypervisor_id"
        if known(spelled) is not None:
            return f"With a colon it is a name for flavors; for images it is {spelled}"
        return "It is a name for flavors, and images have none like it"
    if _FLAVORS_ONLY.fullmatch(name):
        return "It is a name for flavors, and images have none like it"
    return None


def _no_hardware(name: str) -> str:
    meant = closest(name, [row.name for row in hardware()], likeness=0.8)
    if meant:
        return f"Did you mean {meant}? If not, set it with image_metadata"
    return "Set it with image_metadata"
