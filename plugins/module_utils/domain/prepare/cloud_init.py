# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""cloud-init in a guest: whether it is there, asks a cloud at all, and sets up the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .cloud_init_services import is_started
from .edits import Edit, Remove, Write
from .guest import Guest, encoded, is_file, is_there, matching
from .kernel_arguments import arguments
from .settings import at, names, settings_in, without

SWITCHED_OFF = "/etc/cloud/cloud-init.disabled"
PROGRAMS = ("/usr/bin/cloud-init", "/usr/local/bin/cloud-init", "/bin/cloud-init")
GROWPART = ("/usr/bin/growpart", "/bin/growpart", "/usr/sbin/growpart")
_SETTINGS = ("/etc/cloud/cloud.cfg", "/etc/cloud/cloud.cfg.d/*.cfg")
_NETWORK = "network"
# As systemd has a unit that nobody may start.
_MASKED = (
    "/etc/systemd/system/cloud-init.service",
    "/etc/systemd/system/cloud-init-local.service",
    "/etc/systemd/system/cloud-init-main.service",
    "/etc/systemd/system/cloud-init.target",
)
_NOWHERE = "/dev/null"
SWITCHING_OFF = "cloud-init=disabled"
NETWORK_ARGUMENT = "network-config="
_DISABLED = "disabled"
# Where it looks if no setting says it, besides clouds of others.
_LOOKS_ANYWAY = ("NoCloud", "ConfigDrive", "OpenStack", "None")


def is_installed(guest: Guest) -> bool:
    """Whether the program is there."""
    return any(is_file(guest, path) for path in PROGRAMS)


def is_at_work(guest: Guest) -> bool:
    """Whether it is there and started, and nobody switched it off."""
    return is_installed(guest) and not (
        is_there(guest, SWITCHED_OFF) or masked(guest) or without_it(guest) or not is_started(guest)
    )


def masked(guest: Guest) -> list[str]:
    """The units of it that systemd does not start, whoever wants them."""
    return [path for path in _MASKED if guest.link(path) == _NOWHERE]


def without_it(guest: Guest) -> bool:
    """Whether a kernel is told to do without it."""
    return any(SWITCHING_OFF in words for words in arguments(guest))


def sets_up_network(guest: Guest) -> bool:
    """Whether the network of each instance is its business."""
    return is_at_work(guest) and not (
        without_network(guest)
        or any(f"{NETWORK_ARGUMENT}{_DISABLED}" in words for words in arguments(guest))
    )


def without_network(guest: Guest) -> list[str]:
    """The settings that keep it from the network, such as those of installers."""
    return [
        path
        for path in settings(guest)
        if at(settings_in(guest, path), _NETWORK, "config") == _DISABLED
    ]


def with_network(guest: Guest) -> list[str]:
    """The settings that tell it of a network, which it believes rather than the cloud."""
    kept_from_it = without_network(guest)
    return [
        path
        for path in settings(guest)
        if _NETWORK in names(settings_in(guest, path)) and path not in kept_from_it
    ]


def forgetting_network(guest: Guest, paths: Sequence[str]) -> Iterator[Edit]:
    """Take what is said of a network out of these settings."""
    for path in paths:
        rest = without(settings_in(guest, path), _NETWORK)
        yield Remove(path=path) if rest is None else Write(path=path, data=encoded(rest))


def can_grow(guest: Guest) -> bool:
    """Whether the program is there that makes a partition larger."""
    return any(is_file(guest, path) for path in GROWPART)


def settings(guest: Guest) -> list[str]:
    """Its settings, in the order in which later ones win."""
    found = [path for pattern in _SETTINGS for path in matching(guest, pattern)]
    return [path for path in found if is_file(guest, path)]


def looks_at(guest: Guest, wanted: Sequence[str]) -> bool:
    """Whether it looks at all of these for what an instance is told."""
    found, _where = datasources(guest)
    return set(wanted) - {"None"} <= set(_LOOKS_ANYWAY if found is None else found)


def datasources(guest: Guest) -> tuple[list[str] | None, str | None]:
    """Where it looks for what an instance is told, and the setting that says so."""
    for path in reversed(settings(guest)):
        found = at(settings_in(guest, path), "datasource_list")
        if found is not None:
            return [found] if isinstance(found, str) else found, path
    return None, None
