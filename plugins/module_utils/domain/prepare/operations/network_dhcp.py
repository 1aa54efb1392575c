# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""network_dhcp: addresses come from the cloud, on whichever adapter there is.

A static address belongs to the network that the guest came from, and so does the name of an
adapter: ens192 is ens3 on another bus. Where cloud-init sets up the network, it is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .. import cloud_init
from ..edits import Edit
from ..guest import Guest, is_there
from ..kernel_arguments import Change, changed
from ..network import ifcfg, ifupdown, netplan, network_manager, networkd
from ..options import LocalFiles, Options

_SYSTEMS = {
    "ifupdown": ifupdown,
    "netplan": netplan,
    "networkd": networkd,
    "NetworkManager": network_manager,
    "ifcfg": ifcfg,
}
# In these, an adapter is written down with its name.
_BY_NAME = (ifupdown, ifcfg)
_UDEV = (
    "/lib/systemd/systemd-udevd",
    "/usr/lib/systemd/systemd-udevd",
    "/usr/bin/udevadm",
    "/bin/udevadm",
)
_KERNELS_NAMES = "net.ifnames=0"


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    by_cloud_init = cloud_init.sets_up_network(guest)
    if by_cloud_init:
        yield from cloud_init.forgetting_network(guest, cloud_init.with_network(guest))
    named = any(system.configured(guest) for system in _BY_NAME)
    for system in _SYSTEMS.values():
        yield from system.plan(guest, by_cloud_init=by_cloud_init)
    if named and not by_cloud_init and any(is_there(guest, path) for path in _UDEV):
        # Otherwise udev names adapters after their slots, which are the cloud's.
        yield from changed(guest, Change(each=_without_udevs_names, add=(_KERNELS_NAMES,)))


def systems(guest: Guest) -> list[str]:
    """What sets up the network of the guest."""
    return [name for name, system in _SYSTEMS.items() if system.configured(guest)]


def _without_udevs_names(word: str, _initramfs: bool) -> str | None:  # noqa: FBT001
    other = word.startswith(("net.ifnames=", "biosdevname=1")) and word != _KERNELS_NAMES
    return None if other else word
