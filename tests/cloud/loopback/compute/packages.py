# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova, Neutron and Placement from PyPI, and what they need of the system."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from loopback import environment, system
from loopback.compute import blank, mariadb
from loopback.compute.chosen import LIBVIRT
from loopback.environment import REQUIREMENTS, Environment, Kit
from loopback.layout import CloudError

_ASKED = REQUIREMENTS / "compute"


def ensure(kind: str, *, volumes: bool) -> Environment:
    """Install what is missing; raise with what cannot be installed from here."""
    if kind == LIBVIRT and os.geteuid() != 0:
        raise CloudError(
            "--compute libvirt makes network interfaces and mounts, which only root may; without "
            "root there is --compute fake"
        )
    if volumes and os.geteuid() != 0:
        raise CloudError("--volumes is for root only; anybody else's Cinder works through sudo")
    system.ensure(_ASKED / "system-packages.txt", "--compute")
    if kind == LIBVIRT:
        system.ensure(_ASKED / "system-packages-libvirt.txt", "--compute libvirt")
    return environment.ensure(_kit())


@cache
def located() -> Environment:
    """Where they are, or will be."""
    return environment.located(_kit())


def _kit() -> Kit:
    asked, constraints = _ASKED / "compute.txt", _ASKED / "constraints.txt"
    # The packages that Keystone and Glance need as well have the same versions.
    shared = REQUIREMENTS / "constraints.txt"
    return Kit(
        name="compute",
        title="Nova, Cinder, Neutron and Placement",
        asked=asked,
        constraints=(shared, constraints),
        sources=(asked, constraints, shared, Path(blank.__file__), Path(mariadb.__file__)),
        versions=blank.version(),
        fill=blank.fill,
    )
