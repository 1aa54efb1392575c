# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gunicorn's hooks for compute. Runs inside the packages' environment."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

_shared = Path(__file__).resolve().parents[2] / "inside" / "gunicorn_conf.py"
pre_request = runpy.run_path(str(_shared))["pre_request"]


def worker_exit(server: Any, worker: Any) -> None:
    """End although Nova's threads do not: each would wait for its next message for ever."""
    os._exit(0 if worker.booted else server.WORKER_BOOT_ERROR)
