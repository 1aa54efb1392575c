# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""install: packages that are not there yet, from where the guest takes them or from files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from ....errors import InvalidRequest
from ..edits import Edit, Run
from ..guest import Guest
from ..options import LocalFiles, Options
from ..package_tools import tool_of

# A package and its version, as the name of a file says them.
_NAMES = (
    re.compile(r"([a-z0-9][a-z0-9+.-]*)_([^_]+)(?:_[^_]+)?\.deb"),
    re.compile(r"(.+)-([^-]+-[^-]+)\.[^.-]+\.rpm"),
    re.compile(r"(.+?)-(\d[^-]*-[^-]+)\.apk"),
    re.compile(r"(.+)-([^-]+-[^-]+)-[^-]+\.pkg\.tar\.\w+"),
)
# Between an epoch, which no guest tells, and the rest.
_EPOCH = "%3a"


def understand(options: Options, _files: LocalFiles) -> Callable[[Guest], Iterator[Edit]]:
    packages, files = options.texts("packages"), options.texts("files")
    options.end()
    if not packages and not files:
        raise InvalidRequest("The operation install needs names of packages, or files.")
    # Who names packages is content with any version of them.
    wanted = dict.fromkeys(packages) if packages else dict(map(_package_in, files))
    return lambda guest: installing(guest, wanted, files)


def installing(
    guest: Guest, wanted: Mapping[str, str | None], files: Sequence[str]
) -> Iterator[Edit]:
    """Install what is missing of these, or is there in another version; from files if given."""
    installed = guest.packages()
    missing = [name for name, version in wanted.items() if not _is_there(name, version, installed)]
    if not missing:
        return
    tool = tool_of(guest)
    why = f"install {', '.join(missing)}"
    if files:
        yield Run(command=tool.add_files, why=why, files=tuple(files))
        return
    if tool.refresh:
        yield Run(
            command=tool.refresh, why="learn which packages there are", counts="never", network=True
        )
    yield Run(command=(*tool.add, *missing), why=why, network=True)


def _is_there(name: str, version: str | None, installed: Mapping[str, str]) -> bool:
    found = installed.get(name)
    if found is None or version is None:
        return found is not None
    # A name may leave out which release of a version it is.
    return found == version or found.startswith(f"{version}-")


def _package_in(path: str) -> tuple[str, str | None]:
    name = posixpath.basename(path)
    match = next((found for pattern in _NAMES if (found := pattern.fullmatch(name))), None)
    if match is None:
        raise InvalidRequest(
            f"{path} does not tell by its name which package it holds. Name it in packages too."
        )
    return match[1], match[2].rpartition(_EPOCH)[2]
