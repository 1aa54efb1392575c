# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a guest is, as far as its files tell, and whether a cloud can run it."""

from __future__ import annotations

from typing import Any

from ...errors import CuratorError, InvalidRequest
from . import cloud_init
from .carrying import Outcome, carry_out
from .disk_names import FSTAB
from .doubts import boot_loader, doubts
from .edits import Run
from .guest import Guest, is_file, matching, text
from .kernel_arguments import arguments
from .kernels import kernels
from .operations import device_names, machine_identity, network_dhcp, udev_net_rules, users
from .operations.selinux_relabel import has_selinux
from .overlay import Overlay
from .package_tools import NoPackageTool
from .table import NEEDED, Operation, needed
from .verdict import CANNOT, NEEDS, READY
from .windows_drivers import facts, judge_windows

_INITS = (("systemd", "systemd"), ("busybox", "busybox"), ("openrc", "openrc"))
_TYPE = 2


class NoFiles:
    """For operations that take no file of this machine."""

    def read(self, path: str) -> bytes:
        raise InvalidRequest(f"{path} is of no use here.")

    def windows_drivers(self, given: str | None) -> str:
        raise InvalidRequest(f"{given} is of no use here.")


def inspect(guest: Guest) -> dict[str, Any]:
    """All that is known of a guest; in Ansible's words."""
    system = guest.system
    os_facts = {
        "type": system.type,
        "distro": system.distro,
        "version": system.version,
        "product": system.product,
        "architecture": system.architecture,
        "packages": system.packages,
    }
    firmware = {"partition_table": system.partition_table, "firmware": list(system.firmware)}
    if system.type != "linux":
        return {"os": os_facts, **firmware, "windows": facts(guest)}
    datasources, _where = cloud_init.datasources(guest)
    return {
        "os": os_facts,
        **firmware,
        "init": _init(guest),
        "boot_loader": boot_loader(guest),
        "kernels": [kernel.as_result() for kernel in kernels(guest)],
        "kernel_arguments": arguments(guest),
        "fstab": _fstab(guest),
        "moving_names": device_names.moving_names(guest),
        "network": network_dhcp.systems(guest),
        "net_rules": udev_net_rules.found(guest),
        "cloud_init": {
            "installed": cloud_init.is_installed(guest),
            "enabled": cloud_init.is_at_work(guest),
            "datasources": datasources,
        },
        "growpart": cloud_init.can_grow(guest),
        "host_keys": matching(guest, machine_identity.HOST_KEYS),
        "machine_id": machine_identity.has_machine_id(guest),
        "users_with_password": users.with_passwords(guest),
        "selinux": has_selinux(guest),
        "windows": None,
    }


def judge(guest: Guest) -> dict[str, Any]:
    """Whether a cloud can run the guest: it can, it needs these operations, or it cannot."""
    if guest.system.type == "windows":
        return judge_windows(guest)
    if guest.system.type != "linux":
        told = f"{guest.system.type} is not known here: nothing is said of it, or done to it."
        return {"state": CANNOT, "needs": [], "reasons": [told], "warnings": []}
    needs, reasons, cannot = [], [], []
    # What one operation does can call for another.
    after = Overlay(guest)
    for name in NEEDED:
        try:
            outcome = carry_out([needed(name, NoFiles())], after).outcomes[0]
        except NoPackageTool as error:
            # The guest runs on a cloud all the same, with less.
            needs.append(name)
            reasons.append(error.message)
            continue
        except CuratorError as error:
            cannot.append(error.message)
            continue
        if outcome.changed:
            needs.append(name)
            reasons.append(f"{name}: {'; '.join(outcome.what)}")
    if needs and has_selinux(guest):
        needs.append("selinux_relabel")
        reasons.append("selinux_relabel: what the others write has no labels")
    state = CANNOT if cannot else NEEDS if needs else READY
    found = kernels(guest)
    return {
        "state": state,
        "needs": needs,
        "reasons": cannot + reasons,
        "warnings": list(dict.fromkeys(doubts(guest, found))),
        "kernels": [kernel.as_result() for kernel in found],
    }


def foreseen(operation: Operation, guest: Guest) -> Outcome:
    """What an operation would do."""
    return carry_out([operation], Overlay(guest)).outcomes[0]


def hindrance(operation: Operation, guest: Guest, *, network: bool) -> str | None:
    """Why an operation cannot be done, where it lacks what nobody gave it."""
    try:
        edits = operation.plan(Overlay(guest))
        fetches = any(isinstance(edit, Run) and edit.network for edit in edits)
    except NoPackageTool as error:
        return error.message
    if fetches and not network:
        return "It has to fetch packages. Say network: true, or give it packages with files."
    return None


def _init(guest: Guest) -> str | None:
    target = guest.link("/sbin/init") or guest.link("/usr/sbin/init") or ""
    for sign, name in _INITS:
        if sign in target:
            return name
    if is_file(guest, "/etc/inittab"):
        return "sysvinit"
    return None


def _fstab(guest: Guest) -> list[dict[str, str]]:
    found = []
    for line in (text(guest, FSTAB) or "").splitlines():
        fields = line.split()
        if len(fields) > _TYPE and not fields[0].startswith("#"):
            found.append({"device": fields[0], "mount_point": fields[1], "type": fields[_TYPE]})
    return found
