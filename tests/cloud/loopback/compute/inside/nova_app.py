# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All of Nova for gunicorn, in one process. Runs inside the packages' environment.

The parts send each other messages through memory, so there is no broker, and there must be one
worker only.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any


def _application() -> Any:
    # Nova would take gunicorn's arguments for its own.
    sys.argv = sys.argv[:1]
    importlib.import_module("nova.monkey_patch").patch(backend="threading")
    rights: Any = importlib.import_module("own_rights")
    rights.use("nova.privsep", "os_brick.privileged")
    # Nova loads drivers from its own package alone.
    drivers = Path(__file__).resolve().parent / "drivers"
    importlib.import_module("nova.virt").__path__.append(str(drivers))
    loader: Any = importlib.import_module("nova.api.openstack.wsgi_app")
    served = loader.init_application("osapi_compute", "nova-api-os-compute")
    _start_parts()
    return served


def _start_parts() -> None:
    conf: Any = importlib.import_module("nova.conf").CONF
    conf.register_opts(importlib.import_module("oslo_service._options").service_opts)
    importlib.import_module("os_brick").setup(conf)
    importlib.import_module("os_vif").initialize()
    service: Any = importlib.import_module("nova.service").Service
    for part in ("conductor", "scheduler", "compute"):
        topics: Any = importlib.import_module(f"nova.{part}.rpcapi")
        service.create(
            binary=f"nova-{part}",
            topic=topics.RPC_TOPIC,
            topic_alt=getattr(topics, "RPC_TOPIC_ALT", None),
        ).start()
    # The scheduler would look for new hosts now and then; servers are wanted at once.
    context: Any = importlib.import_module("nova.context").get_admin_context()
    importlib.import_module("nova.objects.host_mapping").discover_hosts(context)


application = _application()
