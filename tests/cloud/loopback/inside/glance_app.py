# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Glance for gunicorn. Runs inside the packages' environment."""

from __future__ import annotations

import importlib
import sys
from typing import Any


def _application() -> Any:
    # Glance would take gunicorn's arguments for its own.
    sys.argv = sys.argv[:1]
    importlib.import_module("patient_sqlite").install()
    cfg = importlib.import_module("oslo_config.cfg")
    # Read by the library with which Glance prepares a trust (so that an upload may outlast its
    # token), but registered by nobody: without them every upload logs a failed trust.
    missing = [
        cfg.BoolOpt("collect-timing", default=False),
        cfg.BoolOpt("split-loggers", default=False),
        cfg.StrOpt("tls-min-version"),
        cfg.StrOpt("tls-ciphers"),
    ]
    cfg.CONF.register_opts(missing, group="keystone_authtoken")
    return importlib.import_module("glance.wsgi.api").application


application = _application()
