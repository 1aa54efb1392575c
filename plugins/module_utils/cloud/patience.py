# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How long a server is waited for: a silent one gets one chance, not one per address it has."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from .sdk import TCPKeepAliveAdapter, requests

# For clouds whose configuration says nothing: the SDK would wait for ever.
DEFAULT_TIMEOUT = 60.0


class PatientAdapter(TCPKeepAliveAdapter):  # type: ignore[misc,unused-ignore]
    """Transport in which all requests to a server share one timeout until it has answered.

    Discovery asks several addresses of a server in turn, and goes on with the next when one does
    not answer. A server that is down would cost the timeout each time.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        # When a server's time is up; None once it has answered.
        self._deadlines: dict[str, float | None] = {}
        super().__init__()

    def send(self, request: Any, *args: Any, **options: Any) -> Any:
        """Send a request, with what is left of the server's time."""
        server = urlsplit(request.url).netloc
        deadline = self._deadlines.setdefault(server, time.monotonic() + self._patience)
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise requests.exceptions.ConnectTimeout(f"{server} is silent", request=request)
            options["timeout"] = left
        response = super().send(request, *args, **options)
        self._deadlines[server] = None
        return response
