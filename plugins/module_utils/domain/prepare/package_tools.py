# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How packages come into a guest, and go."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import CheckFailed
from .guest import Guest, is_file

_APT = (
    *("/usr/bin/env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"),
    *("-o", "Dpkg::Options::=--force-confold"),
)


class NoPackageTool(CheckFailed):
    """The guest has no program that installs packages, or nobody here knows what it installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageTool:
    """The commands of one."""

    add: tuple[str, ...]
    add_files: tuple[str, ...]
    remove: tuple[str, ...]
    update: tuple[str, ...]
    # What has to come before packages can be had, if that is not done by itself.
    refresh: tuple[str, ...] = ()
    # What it leaves behind, which nobody needs.
    clean: tuple[str, ...] = ()


def _of_rpm(program: str) -> PackageTool:
    return PackageTool(
        add=(program, "--assumeyes", "install"),
        add_files=("rpm", "--upgrade", "--replacepkgs"),
        remove=(program, "--assumeyes", "remove"),
        update=(program, "--assumeyes", "upgrade"),
        clean=(program, "clean", "all"),
    )


_TOOLS = (
    (
        "/usr/bin/apt-get",
        PackageTool(
            refresh=(*_APT, "update"),
            add=(*_APT, "install", "--no-install-recommends", "--"),
            add_files=("dpkg", "--force-confold", "--install", "--"),
            remove=(*_APT, "purge", "--"),
            update=(*_APT, "dist-upgrade"),
            clean=(*_APT, "clean"),
        ),
    ),
    ("/usr/bin/dnf", _of_rpm("dnf")),
    ("/usr/bin/microdnf", _of_rpm("microdnf")),
    ("/usr/bin/yum", _of_rpm("yum")),
    (
        "/usr/bin/zypper",
        PackageTool(
            add=("zypper", "--non-interactive", "install"),
            add_files=("rpm", "--upgrade", "--replacepkgs"),
            remove=("zypper", "--non-interactive", "remove"),
            update=("zypper", "--non-interactive", "update"),
            clean=("zypper", "clean", "--all"),
        ),
    ),
    (
        "/sbin/apk",
        PackageTool(
            add=("apk", "add", "--no-cache"),
            add_files=("apk", "add", "--no-network", "--allow-untrusted"),
            remove=("apk", "del"),
            update=("apk", "upgrade", "--no-cache"),
        ),
    ),
    (
        "/usr/bin/pacman",
        PackageTool(
            add=("pacman", "--noconfirm", "-Sy"),
            add_files=("pacman", "--noconfirm", "-U"),
            remove=("pacman", "--noconfirm", "-Rs"),
            update=("pacman", "--noconfirm", "-Syu"),
            clean=("pacman", "--noconfirm", "-Scc"),
        ),
    ),
)


def tool_of(guest: Guest) -> PackageTool:
    """The one that the guest has."""
    for program, tool in _TOOLS:
        if is_file(guest, program):
            return tool
    raise NoPackageTool(
        f"The guest ({guest.system.product or guest.system.distro}) has none of the package tools "
        f"that are known here: {', '.join(program for program, _tool in _TOOLS)}. Do it with the "
        "operation run."
    )
