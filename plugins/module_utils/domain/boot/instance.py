# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The instance that a cloud is asked for: its size, its disk, and the request for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import CheckFailed, InvalidRequest, NotFound
from ..flavor import Flavor
from ..image import Image
from .ticket import Ticket
from .wish import BootWish

_GIB = 1 << 30
# A disk that is less larger than its image shows nothing of whether its partitions grow.
_ROOM = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What an instance has to have at the least: MiB, processors, GiB."""

    ram: int
    vcpus: int
    disk: int
    # With room for its root file system to grow into.
    roomy: int

    @classmethod
    def of(cls, image: Image, wish: BootWish) -> Needs:
        """What the image needs and what the task wants, whatever is more."""
        size = image.virtual_size or image.size or 0
        disk = max(image.min_disk or 0, -(-size // _GIB), wish.disk_size or 0, 1)
        return cls(
            ram=max(image.min_ram or 0, wish.ram or 0),
            vcpus=wish.vcpus or 1,
            disk=disk,
            roomy=max(disk, -(-int(size * _ROOM) // _GIB)) if wish.expected.grown else disk,
        )


def choose_flavor(flavors: Sequence[Flavor], needs: Needs, wish: BootWish) -> Flavor:
    """The flavor that the task names, or the smallest that is large enough."""
    if wish.flavor is not None:
        for flavor in flavors:
            if wish.flavor in {flavor.id, flavor.name}:
                return flavor
        known = ", ".join(sorted(flavor.name for flavor in flavors)) or "none"
        raise NotFound(
            f"There is no flavor {wish.flavor!r} for this project; there are: {known}. Correct "
            "flavor, or leave it out."
        )
    fitting = [flavor for flavor in flavors if _fits(flavor, needs, wish)]
    if not fitting:
        room = "" if wish.boot_from_volume else f" and {needs.disk} GiB of disk"
        raise InvalidRequest(
            f"No flavor has {needs.vcpus} processors, {needs.ram} MiB of memory{room}, which "
            f"image {wish.image!r} needs. Name one with flavor, or set boot_from_volume."
        )

    def cost(flavor: Flavor) -> tuple[object, ...]:
        return (_is_tight(flavor, needs, wish), flavor.ram, flavor.vcpus, flavor.disk)

    return min(fitting, key=cost)


def nothing_to_grow(flavor: Flavor, needs: Needs, wish: BootWish) -> str | None:
    """That one thing expected cannot be seen with a flavor, if so."""
    if not _is_tight(flavor, needs, wish):
        return None
    return (
        f"The disk of flavor {flavor.name} is no larger than the image, so whether its root file "
        "system grows cannot be seen. Name a flavor with more disk, or set boot_from_volume."
    )


def _is_tight(flavor: Flavor, needs: Needs, wish: BootWish) -> bool:
    return not wish.boot_from_volume and flavor.disk < needs.roomy


def _fits(flavor: Flavor, needs: Needs, wish: BootWish) -> bool:
    return (
        flavor.ram >= needs.ram
        and flavor.vcpus >= needs.vcpus
        # One without a disk is for volumes, whatever their size.
        and (wish.boot_from_volume or flavor.disk >= needs.disk)
    )


def server_request(
    ticket: Ticket,
    image: Image,
    flavor: Flavor,
    *,
    networks: Sequence[str],
    security_groups: Sequence[str] | None,
    key_name: str | None,
    # GiB, where it boots from a volume.
    volume_size: int | None,
) -> dict[str, Any]:
    """What Nova is asked for."""
    request: dict[str, Any] = {
        "name": ticket.name,
        "metadata": dict(ticket.metadata()),
        "flavorRef": flavor.id,
        "networks": [{"uuid": network} for network in networks],
    }
    if key_name is not None:
        request["key_name"] = key_name
    if security_groups is not None:
        request["security_groups"] = [{"name": group} for group in security_groups]
    if volume_size is None:
        return {**request, "imageRef": image.id}
    volume = {
        "boot_index": 0,
        "uuid": image.id,
        "source_type": "image",
        "destination_type": "volume",
        "volume_size": volume_size,
        # Nova makes it, and takes it away with the server, whoever deletes that.
        "delete_on_termination": True,
    }
    return {**request, "block_device_mapping_v2": [volume]}


def require_bootable(image: Image) -> None:
    """A verdict where no server can come of an image."""
    if image.status != "active":
        raise CheckFailed(f"Image {image.id} is {image.status}, and only active ones are booted.")
