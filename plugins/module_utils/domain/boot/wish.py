# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a task wants to have booted, where, and what it expects of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from ...errors import InvalidRequest
from ..disk import DiskWish, parse_size
from ..properties import check_names
from ..values import as_stored
from .expectations import Expectations

CLOUD = "cloud"
LOCAL = "local"
PLACES = (CLOUD, LOCAL)
# Properties of an image that name the user to log in as: what upstream made, then what others use.
USER_PROPERTIES = ("image_original_user", "os_admin_user")
# Options that only one of the places has a use for.
_OF_CLOUD = (
    *("flavor", "network", "temporary_network", "security_groups", "boot_from_volume"),
    *("floating_network", "jump_host", "record", "recheck_after"),
)
_OF_LOCAL = ("format", "member", "properties")


@dataclass(frozen=True, slots=True, kw_only=True)
class BootWish:
    """One image or file, and all that is said of how it shall be tried."""

    where: str
    image: str | None = None
    # A file, and how it is judged before it is opened.
    disk: DiskWish | None = None
    # Hardware as image properties name it, of a file. In a cloud, the image has its own.
    properties: Mapping[str, str]
    user: str | None = None
    expected: Expectations
    # Of the guest: MiB, processors, GiB. None where something else decides.
    ram: int | None = None
    vcpus: int | None = None
    disk_size: int | None = None
    flavor: str | None = None
    network: Sequence[str] = ()
    # Whether one is made for the check instead.
    temporary_network: bool = False
    security_groups: Sequence[str] = ()
    boot_from_volume: bool = False
    floating_network: str | None = None
    jump_host: str | None = None
    # Seconds without any progress, and seconds in all.
    patience: float
    time_limit: float
    cache_dir: str | None = None
    console_log: str | None = None
    # Whether the verdict is left on the image; how many days one that stands there holds.
    record: bool = False
    recheck_after: int | None = None

    @property
    def subject(self) -> str:
        """What is tried, for messages."""
        return self.image or (self.disk.name if self.disk else "")

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what contradicts itself."""
        where = _place(params)
        properties = params["properties"] or {}
        check_names(properties)
        for option in ("ram", "vcpus", "disk", "timeout", "time_limit", "recheck_after"):
            if params[option] is not None and params[option] < 1:
                raise InvalidRequest(f"{option} is {params[option]}. Give a number from 1 on.")
        expected = Expectations.from_option(_expect(params))
        if params["temporary_network"]:
            _require_way_in(params, expected)
        if params["jump_host"] and expected.rdp:
            raise InvalidRequest(
                "expect.rdp is true, but only ssh goes through jump_host. Leave one of them out."
            )
        return cls(
            where=where,
            image=params["image"],
            disk=_disk(params),
            properties={
                name: as_stored(name, value)
                for name, value in properties.items()
                if value is not None
            },
            user=params["user"] or None,
            expected=expected,
            ram=params["ram"],
            vcpus=params["vcpus"],
            disk_size=params["disk"],
            flavor=params["flavor"],
            network=tuple(params["network"] or ()),
            temporary_network=bool(params["temporary_network"]),
            security_groups=tuple(params["security_groups"] or ()),
            boot_from_volume=bool(params["boot_from_volume"]),
            floating_network=params["floating_network"],
            jump_host=params["jump_host"],
            patience=params["timeout"],
            time_limit=params["time_limit"],
            cache_dir=params["cache_dir"],
            console_log=params["console_log"],
            record=params["record"],
            recheck_after=params["recheck_after"],
        )

    def login_user(self, properties: Mapping[str, str]) -> str:
        """The user to log in as: the task's, or the one that the image's properties name."""
        named = [self.user, *(properties.get(name) for name in USER_PROPERTIES)]
        for user in filter(None, named):
            # It becomes a word of a command line.
            if user.startswith("-") or not user.isprintable() or set(user) & set(" @'\"\\"):
                raise InvalidRequest(f"{user!r} cannot be the name of a user. Correct user.")
            return user
        raise InvalidRequest(
            f"As whom is nobody to log in to {self.subject}? Give user, or set "
            f"{USER_PROPERTIES[0]} among its properties; or set expect.ssh to false."
        )


def _place(params: Mapping[str, Any]) -> str:
    """Where it is tried: an image in its cloud, a file on this machine."""
    if bool(params["image"]) == bool(params["path"]):
        raise InvalidRequest("Give one of image and path: an image in a cloud, or a file here.")
    place = CLOUD if params["image"] else LOCAL
    if params["where"] not in {None, place}:
        raise InvalidRequest(
            f"where is {params['where']}, but "
            + (
                "an image is booted in its cloud. Download it, and give its path, to boot it here."
                if params["image"]
                else "a file is booted on this machine. Upload it, and give image, for that."
            )
        )
    useless = [name for name in (_OF_LOCAL if place == CLOUD else _OF_CLOUD) if params[name]]
    if useless:
        raise InvalidRequest(
            f"{', '.join(useless)} has no meaning where an image is booted in a cloud."
            if place == CLOUD
            else f"{', '.join(useless)} has no meaning where a file is booted on this machine."
        )
    return place


def _require_way_in(params: Mapping[str, Any], expected: Expectations) -> None:
    """Refuse a network of the check's own that is none, or that nobody can see its guest in."""
    if params["network"]:
        raise InvalidRequest(
            "temporary_network is true, and network names one that is there. Leave one of them out."
        )
    if not (expected.console_only or params["floating_network"]):
        raise InvalidRequest(
            "No way leads into the network that temporary_network makes, so nobody gets in. Name "
            "the external network that floating addresses are from with floating_network, or set "
            "expect.ssh to false, to look at the console only."
        )


def _disk(params: Mapping[str, Any]) -> DiskWish | None:
    if not params["path"]:
        return None
    return DiskWish(
        name=params["path"],
        declared=params["format"],
        member=params["member"],
        first_disk=True,
        max_virtual_size=parse_size(params["max_virtual_size"]),
    )


def _expect(params: Mapping[str, Any]) -> Mapping[str, Any]:
    # Without the option, Ansible fills in none of its parts.
    return params["expect"] or {**dict.fromkeys(EXPECT_NAMES), "ssh": True, "rdp": False}


EXPECT_NAMES = (
    *("console", "ssh", "rdp", "ipv4", "ipv6", "authorized_keys", "single_nic", "interfaces"),
    *("cloud_init", "grown", "clock"),
)
