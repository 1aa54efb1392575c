# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""cloud_init: it is there, switched on, and asks this kind of cloud who the guest is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .. import cloud_init as there
from ..cloud_init_services import starting
from ..edits import Edit, Remove, Write
from ..guest import Guest, is_there, matching
from ..kernel_arguments import Change, changed
from ..options import LocalFiles, Options
from . import install

OURS = "/etc/cloud/cloud.cfg.d/zz-datasources.cfg"
# Those of OpenStack: a disk beside the guest's own, and an address in its network.
DATASOURCES = ("ConfigDrive", "OpenStack", "None")
# What installers of Ubuntu leave: with them, cloud-init is content with what it was told then, the
# password of the first user among that.
_INSTALLERS = (
    "/etc/cloud/cloud.cfg.d/99-installer.cfg",
    "/etc/cloud/ds-identify.cfg",
)
# What an instance would be told lies in the guest itself, for a datasource that no cloud has.
_SEEDS, _SEEDED = "/var/lib/cloud/seed/*", "NoCloud"
_PACKAGES = {
    "deb": ("cloud-init", "cloud-guest-utils"),
    "rpm": ("cloud-init", "cloud-utils-growpart"),
}


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    datasources = options.texts("datasources", DATASOURCES)
    packages = options.texts("files")
    options.end()

    def plan(guest: Guest) -> Iterator[Edit]:
        if not there.is_installed(guest):
            wanted = _PACKAGES.get(guest.system.packages, ("cloud-init",))
            yield from install.installing(guest, dict.fromkeys(wanted), packages)
        if is_there(guest, there.SWITCHED_OFF):
            yield Remove(path=there.SWITCHED_OFF)
        yield from (Remove(path=path) for path in there.masked(guest))
        yield from changed(guest, Change(each=_switched_on))
        yield from (Remove(path=path, secret=True) for path in _INSTALLERS if is_there(guest, path))
        yield from starting(guest)
        told = [*there.without_network(guest), *there.with_network(guest)]
        yield from there.forgetting_network(guest, told)
        if _SEEDED not in datasources:
            yield from (Remove(path=path, secret=True) for path in _seeds(guest))
        if not there.looks_at(guest, datasources):
            content = f"datasource_list: [{', '.join(datasources)}]\n"
            yield Write(path=OURS, data=content.encode())

    return plan


def _seeds(guest: Guest) -> list[str]:
    """The folders in which there is anything."""
    return [path for path in matching(guest, _SEEDS) if guest.names(path)]


def _switched_on(word: str, _initramfs: bool) -> str | None:  # noqa: FBT001  # As Change calls it.
    off = word == there.SWITCHING_OFF or word.startswith(there.NETWORK_ARGUMENT)
    return None if off else word
