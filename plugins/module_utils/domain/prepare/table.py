# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The operations by their names, and what they are made of in a task."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InvalidRequest
from .edits import Edit
from .guest import Guest
from .operations import (
    append_line,
    cloud_init,
    compress,
    delete,
    device_names,
    grow_root,
    hostname,
    install,
    machine_identity,
    network_dhcp,
    run,
    selinux_relabel,
    serial_console,
    shrink,
    sparsify,
    timezone,
    udev_net_rules,
    uninstall,
    update,
    users,
    virtio,
    vmware_tools_removal,
    write,
)
from .options import LocalFiles, Options

Plan = Callable[[Guest], Iterator[Edit]]
# Stands for all that the guest needs, once it was looked at.
AS_NEEDED = "as_needed"
# Without these a guest does not start on a cloud, is not reached there, or is not one of its kind.
# In this order: what cloud-init takes care of is left to it.
NEEDED = (
    *("cloud_init", "grow_root", "device_names", "virtio", "udev_net_rules", "network_dhcp"),
    *("machine_identity",),
)
# Changes whenever the same options make another guest.
_EDITION = 3
# Options that are files of the host that runs the module, and come into the guest as they are.
_FILES = ("src", "files")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    understand: Callable[[Options, LocalFiles], Plan]
    # The option that may stand alone.
    shorthand: str | None = None
    # It does something anew whenever it is asked to.
    repeats: bool = False


_KNOWN: Mapping[str, _Known] = {
    "append_line": _Known(understand=append_line.understand),
    "cloud_init": _Known(understand=cloud_init.understand),
    "compress": _Known(understand=compress.understand),
    "delete": _Known(understand=delete.understand, shorthand="path"),
    "device_names": _Known(understand=device_names.understand),
    "grow_root": _Known(understand=grow_root.understand),
    "hostname": _Known(understand=hostname.understand, shorthand="name"),
    "install": _Known(understand=install.understand, shorthand="packages"),
    "machine_identity": _Known(understand=machine_identity.understand),
    "network_dhcp": _Known(understand=network_dhcp.understand),
    "run": _Known(understand=run.understand, shorthand="command", repeats=True),
    "selinux_relabel": _Known(understand=selinux_relabel.understand),
    "serial_console": _Known(understand=serial_console.understand),
    "shrink": _Known(understand=shrink.understand, repeats=True),
    "sparsify": _Known(understand=sparsify.understand, repeats=True),
    "timezone": _Known(understand=timezone.understand, shorthand="name"),
    "udev_net_rules": _Known(understand=udev_net_rules.understand),
    "uninstall": _Known(understand=uninstall.understand, shorthand="packages"),
    "update": _Known(understand=update.understand, repeats=True),
    "users": _Known(understand=users.understand),
    "virtio": _Known(understand=virtio.understand),
    "vmware_tools_removal": _Known(understand=vmware_tools_removal.understand),
    "write": _Known(understand=write.understand),
}
NAMES = tuple(_KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation with its options."""

    name: str
    plan: Plan
    # Whether it has something left to do as soon as it is done.
    repeats: bool = False


def understand(asked: Sequence[Any], files: LocalFiles) -> list[Operation]:
    """The operations of a task; AS_NEEDED among them has no plan of its own."""
    return [_operation(*_named(one), files) for one in asked]


def needed(name: str, files: LocalFiles) -> Operation:
    """One of those that a guest may need, as it is without options."""
    return _operation(name, None, files)


def fingerprint(asked: Sequence[Any], files: LocalFiles, *more: str) -> str:
    """What the operations make of a guest, in short: the same as long as they are the same."""
    told = [[_EDITION, *more]]
    for name, options in map(_named, asked):
        told.append([name, _told(options, files)])
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _operation(name: str, given: Any, files: LocalFiles) -> Operation:
    if name == AS_NEEDED:
        Options.of(name, given, None).end()
        return Operation(name=name, plan=lambda _guest: iter(()))
    known = _KNOWN[name]
    options = Options.of(name, given, known.shorthand)
    return Operation(name=name, plan=known.understand(options, files), repeats=known.repeats)


def _named(one: Any) -> tuple[str, Any]:
    """An operation as its name and its options: 'name', or a map of one."""
    if isinstance(one, Mapping):
        if len(one) != 1:
            raise InvalidRequest(
                f"An operation is its name, or a map of its name to its options; {sorted(one)} are "
                f"{len(one)}. Make each an element of the list."
            )
        name, options = next(iter(one.items()))
    else:
        name, options = one, None
    if name not in {*_KNOWN, AS_NEEDED}:
        raise InvalidRequest(
            f"There is no operation {name!r}. There are {AS_NEEDED}, {', '.join(NAMES)}."
        )
    return str(name), options


def _told(options: Any, files: LocalFiles) -> Any:
    """Options with files as what they are, wherever they lie: others have them elsewhere."""
    if not isinstance(options, Mapping):
        return options
    told = dict(options)
    for name in _FILES:
        if given := options.get(name):
            paths = [given] if isinstance(given, str) else given
            told[name] = [_file(path, files) for path in paths]
    return told


def _file(path: str, files: LocalFiles) -> list[str]:
    return [posixpath.basename(path), hashlib.sha256(files.read(path)).hexdigest()]
