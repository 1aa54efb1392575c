# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All of Cinder for gunicorn, in one process. Runs inside the packages' environment.

As with Nova, there is no broker, and there must be one worker only.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

# As in `enabled_backends`.
_BACKEND = "files"


def _application() -> Any:
    # Gunicorn's arguments are not for Cinder, which learns from its own where its configuration is.
    sys.argv = [sys.argv[0], "--config-file", os.environ["LOOPBACK_CINDER_CONFIG"]]
    importlib.import_module("cinder.monkey_patch").patch(backend="threading")
    rights: Any = importlib.import_module("own_rights")
    rights.use("cinder.privsep", "os_brick.privileged")
    loader: Any = importlib.import_module("cinder.wsgi.wsgi")
    served = loader.initialize_application()
    _start_parts(loader.CONF)
    return served


def _start_parts(conf: Any) -> None:
    importlib.import_module("os_brick").setup(conf)
    service: Any = importlib.import_module("cinder.service").Service
    service.create(binary="cinder-scheduler").start()
    # Last: whoever is started last is the one that Cinder notes to be alive, and of the two only
    # the one with the volumes has to be.
    service.create(
        host=f"{conf.host}@{_BACKEND}",
        service_name=_BACKEND,
        binary="cinder-volume",
        coordination=True,
    ).start()


application = _application()
