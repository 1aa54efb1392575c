# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The one guarded import of requests, which openstacksdk brings along."""

from __future__ import annotations

from typing import Any

from ..errors import MissingLibrary

try:
    import requests
    from urllib3 import exceptions as transport_errors
except ImportError as error:
    # The other files of this room take these names from here: they exist, and require_requests()
    # ends the task before one is used.
    _missing: ImportError | None = error
    requests: Any = None  # type: ignore[no-redef]
    transport_errors: Any = None  # type: ignore[no-redef]
else:
    _missing = None

__all__ = ["requests", "require_requests", "transport_errors"]


def require_requests() -> None:
    """Say what to install where the library is missing."""
    if _missing is not None:
        raise MissingLibrary(
            f"Fetching from the web needs requests in the Python that runs the module ({_missing})."
            " Install openstacksdk there, which brings it along."
        )
