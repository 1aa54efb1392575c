# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine and the versions, without which no figure means anything."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path

# By environment.
_PACKAGES = {
    "cloud": ("glance",),
    "ours": ("ansible-core", "openstacksdk"),
    "ansible": ("ansible", "ansible-core", "openstacksdk"),
    "clients": ("python-openstackclient", "python-glanceclient"),
    "manager": ("openstack-image-manager",),
}
_PROGRAMS = ("curl", "qemu-img", "nbdcopy")


def described(programs: Mapping[str, Path]) -> dict[str, str]:
    """What there is, and which versions of it; `programs` has the folders of what else ran."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    environments = {"ours": Path(sys.executable).parent, **programs}
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{program: _version(program) for program in _PROGRAMS},
        **{name: _packages(environments[name], _PACKAGES[name]) for name in environments},
    }


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _version(program: str) -> str:
    if not shutil.which(program):
        return "absent"
    shown = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    found = re.search(r"\d[\w.]*", shown.stdout)
    return found[0] if found else "unknown"


def _packages(programs: Path, wanted: tuple[str, ...]) -> str:
    folders = [str(folder) for folder in programs.parent.glob("lib/python*/site-packages")]
    found = {each.name: each.version for each in distributions(path=folders)}
    return ", ".join(f"{name} {found.get(name, 'absent')}" for name in wanted)
