# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gunicorn's hooks. Runs inside the packages' environment."""

from __future__ import annotations

import os
from typing import Any

_LOG = os.open(os.environ["LOOPBACK_REQUEST_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def pre_request(worker: Any, request: Any) -> None:  # noqa: ARG001  # gunicorn's signature.
    """Log a request before it is answered: who has the answer can count on the line."""
    client = next((value for name, value in request.headers if name == "USER-AGENT"), "")
    os.write(_LOG, f"{request.method} {request.uri} {client}\n".encode())
