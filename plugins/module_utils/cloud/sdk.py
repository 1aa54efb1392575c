# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The one guarded import of openstacksdk, and which of it will do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..errors import MissingLibrary

# The floor is stated in meta/ee-requirements.txt; a test keeps this line equal to it.
REQUIREMENT = "openstacksdk >= 4.0.0"

try:
    import openstack
    import requests
    from keystoneauth1 import exceptions as keystone_errors
    from keystoneauth1.session import TCPKeepAliveAdapter
    from openstack import exceptions as sdk_errors
    from urllib3 import exceptions as transport_errors
except ImportError as error:
    # Every other file of this room takes these names from here: they exist, and require_sdk()
    # ends the task before one is used.
    _missing: ImportError | None = error
    openstack: Any = None  # type: ignore[no-redef]
    requests: Any = None  # type: ignore[no-redef]
    keystone_errors: Any = None  # type: ignore[no-redef]
    sdk_errors: Any = None  # type: ignore[no-redef]
    transport_errors: Any = None  # type: ignore[no-redef]
    TCPKeepAliveAdapter: Any = object  # type: ignore[no-redef]
else:
    _missing = None

__all__ = [
    "TCPKeepAliveAdapter",
    "keystone_errors",
    "openstack",
    "requests",
    "require_sdk",
    "sdk_errors",
    "steady_path",
    "transport_errors",
]


def require_sdk() -> None:
    """Say what to install where the library is missing or too old."""
    if _missing is not None:
        raise MissingLibrary(
            f"This module needs {REQUIREMENT} in the Python that runs it ({_missing}). Install it "
            "there, or point ansible_python_interpreter at a Python that has it."
        )
    library, floor = REQUIREMENT.split(" >= ")
    installed = version(library)
    if _numbers(installed) < _numbers(floor):
        raise MissingLibrary(
            f"This module needs {REQUIREMENT}; the Python that runs it has {installed}. Upgrade it."
        )


@contextmanager
def steady_path() -> Iterator[None]:
    """Meanwhile the search path is the same for all tasks: without the archive of this one.

    What looks for login plugins (stevedore) keeps what it found in a file of the user's cache, by
    search path. Each task has an archive of its own there: each would search all over again, which
    takes longer than logging in, and leave a file behind that no other task ever reads.
    """
    whole = sys.path[:]
    sys.path[:] = [entry for entry in whole if not Path(entry).is_file()]
    try:
        yield
    finally:
        sys.path[:] = whole


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
