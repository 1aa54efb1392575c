# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes from the system's packages and not from PyPI: programs, and bindings for Python."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from loopback.layout import CloudError

_INSTALL = Path(__file__).resolve().parents[2] / "tools" / "system-packages"
_PYTHON = Path("/usr/bin/python3")
_MODULES = Path("/usr/lib/python3/dist-packages")


def ensure(packages: Path, option: str) -> None:
    """Install what is missing of a list, or raise with the names of it."""
    done = subprocess.run(
        [_INSTALL, sys.executable, packages],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    if done.returncode:
        raise CloudError(f"the system lacks what {option} needs; see above")


def link_bindings(folder: Path, *modules: str) -> None:
    """Make a folder from which our Python imports these modules, and nothing else of the system."""
    folder.mkdir(parents=True, exist_ok=True)
    for found in map(_found, modules):
        link = folder / found.name
        if not (link.is_symlink() and link.readlink() == found):
            link.unlink(missing_ok=True)
            link.symlink_to(found)


def _found(module: str) -> Path:
    """The file of a module, if this Python can load it: a compiled one's name says who can."""
    for suffix in (".py", *EXTENSION_SUFFIXES):
        path = _MODULES / f"{module}{suffix}"
        if path.exists():
            return path
    raise CloudError(
        f"the system's module {module} is not for Python {sys.version_info[0]}."
        f"{sys.version_info[1]}, which runs this; say {_PYTHON} {sys.argv[0]} ..., "
        "and the cloud will run with the Python that the system's modules are for"
    )
