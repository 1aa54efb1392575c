# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What an image is for, in the words of the Sovereign Cloud Stack (`os_purpose`).

Among the images that everybody sees there is one `generic` image at most for a version of a
distribution on an architecture; what came before it and is still in sight is `oldgeneric`.
"""

from __future__ import annotations

from collections.abc import Iterable

from .image import Image
from .values import some

_PURPOSE = "os_purpose"
_GENERIC, _OLD_GENERIC = "generic", "oldgeneric"
_SYSTEM = ("os_distro", "os_version", "architecture")


def when_stepping_back(image: Image, *, hidden: bool) -> dict[str, str]:
    """What an image that makes way says of its purpose from then on, if that changes."""
    if hidden or image.properties.get(_PURPOSE) != _GENERIC:
        return {}
    return {_PURPOSE: _OLD_GENERIC}


def when_stepping_forward(image: Image) -> dict[str, str]:
    """The way back, for one that had stepped back: others mean what they say."""
    return {_PURPOSE: _GENERIC} if image.properties.get(_PURPOSE) == _OLD_GENERIC else {}


def like(image: Image) -> dict[str, str] | None:
    """A listing of the images that may not stand beside this one; None if any may."""
    system = {name: image.properties.get(name, "") for name in _SYSTEM}
    if not _in_sight(image) or not all(system.values()):
        return None
    return {_PURPOSE: _GENERIC, "visibility": "public", **system}


def second_generic(image: Image, others: Iterable[Image]) -> tuple[str, ...]:
    """A warning where there are others of the kind; `others` come from the listing above."""
    names = [f"{other.name!r} ({other.id})" for other in others if _in_sight(other)]
    if not names:
        return ()
    system = " ".join(image.properties[name] for name in _SYSTEM)
    warning = (
        f"There is more than one public image for general use of {system}: besides {image.name!r} "
        f"also {some(names)}. The Sovereign Cloud Stack allows one with os_purpose generic. Hide "
        "the others, or give them another os_purpose with image_metadata."
    )
    return (warning,)


def _in_sight(image: Image) -> bool:
    return (
        image.properties.get(_PURPOSE) == _GENERIC
        and image.visibility == "public"
        and not image.hidden
    )
