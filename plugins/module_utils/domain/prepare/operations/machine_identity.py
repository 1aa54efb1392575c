# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""machine_identity: what makes this guest one of its kind, and must differ in each copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .. import cloud_init
from ..edits import Edit, Remove, Write
from ..guest import Guest, Kind, data, is_file, is_there, matching
from ..options import LocalFiles, Options
from . import udev_net_rules

MACHINE_ID = "/etc/machine-id"
# As images have it for which each start is the very first one to systemd, which sets up more then.
_NONE = (b"", b"uninitialized")
_DBUS_ID = "/var/lib/dbus/machine-id"
HOST_KEYS, OLD_HOST_KEY = "/etc/ssh/ssh_host_*_key", "/etc/ssh/ssh_host_key"
_FILES = (
    "/etc/ssh/ssh_host_*_key.pub",
    # Of the first version of SSH.
    OLD_HOST_KEY,
    f"{OLD_HOST_KEY}.pub",
    # Addresses that were lent to this machine, and by which name it asked for them.
    "/var/lib/dhcp/*.leases",
    "/var/lib/dhclient/*.lease*",
    "/var/lib/dhcpcd/*.lease*",
    "/var/lib/dhcpcd/duid",
    "/var/lib/dhcpcd/secret",
    "/var/lib/wicked/*.xml",
    "/var/lib/NetworkManager/*.lease",
    "/var/lib/NetworkManager/secret_key",
    "/var/lib/NetworkManager/timestamps",
    # Two guests that begin with the same randomness may make the same keys.
    "/var/lib/systemd/random-seed",
    "/var/lib/urandom/random-seed",
    "/var/lib/random-seed",
    "/var/lib/seedrng/*",
    "/var/lib/systemd/credential.secret",
    # What cloud-init remembers of instances.
    "/var/lib/cloud/instance",
    "/var/lib/cloud/instances",
    "/var/lib/cloud/data",
    "/var/lib/cloud/sem",
    "/var/lib/cloud/handlers",
)
_SSHD_UNITS = ("/lib/systemd/system/ssh.service", "/usr/lib/systemd/system/ssh.service")
MAKES_KEYS = "/etc/systemd/system/ssh.service.d/10-host-keys.conf"
_MAKES_KEYS = """\
# Keys are made when the guest starts for the first time: an image has none.
[Service]
ExecStartPre=
ExecStartPre=/usr/bin/ssh-keygen -A
ExecStartPre=/usr/sbin/sshd -t
"""


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    options.end()
    return plan


def plan(guest: Guest) -> Iterator[Edit]:
    if has_machine_id(guest):
        # Empty, it is made when the guest starts. Were it not there, systemd would take this for
        # its very first start, and reset which services are enabled.
        yield Write(path=MACHINE_ID, data=b"", mode=0o444)
    if guest.link(_DBUS_ID) is None and is_file(guest, _DBUS_ID):
        yield Remove(path=_DBUS_ID)
    for pattern in (HOST_KEYS, *_FILES):
        for path in matching(guest, pattern):
            if _holds_anything(guest, path):
                yield Remove(path=path, secret=True)
    yield from udev_net_rules.plan(guest)
    yield from making_keys(guest)


def has_machine_id(guest: Guest) -> bool:
    """Whether it is one already, and not one that is to become one."""
    return (data(guest, MACHINE_ID) or b"").strip() not in _NONE


def making_keys(guest: Guest) -> Iterator[Edit]:
    """See that a guest without host keys makes some when it starts."""
    # Debian's ssh does not make its keys itself, as those of others do.
    debians = any(is_file(guest, path) for path in _SSHD_UNITS)
    if debians and not cloud_init.is_at_work(guest) and not is_there(guest, MAKES_KEYS):
        yield Write(path=MAKES_KEYS, data=_MAKES_KEYS.encode())


def _holds_anything(guest: Guest, path: str) -> bool:
    standing = guest.standing(path)
    if standing is not None and standing.kind is Kind.FOLDER and guest.link(path) is None:
        return bool(guest.names(path))
    return True
