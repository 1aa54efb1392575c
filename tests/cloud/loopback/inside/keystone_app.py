# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keystone for gunicorn: bootstrapped by the process that serves it.

Runs inside the packages' environment. Bootstrapping costs some milliseconds here; as a command
of its own it would import all of Keystone a second time.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def _application() -> Any:
    # Keystone would take gunicorn's arguments for its own.
    sys.argv = sys.argv[:1]
    importlib.import_module("patient_sqlite").install()
    served = importlib.import_module("keystone.wsgi.api").application
    bootstrap: Any = importlib.import_module("keystone.cmd.bootstrap")
    # The application has loaded them, and Keystone allows that only once.
    bootstrap.backends = SimpleNamespace(load_backends=dict)
    account = json.loads(Path(os.environ["LOOPBACK_BOOTSTRAP"]).read_text())
    step = bootstrap.Bootstrapper()
    step.admin_username = step.project_name = account["name"]
    step.admin_password = account["password"]
    step.admin_role_name = "admin"
    step.region_id = account["region"]
    step.immutable_roles = True
    step.bootstrap()
    return served


application = _application()
