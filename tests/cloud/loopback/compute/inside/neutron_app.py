# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Neutron for gunicorn, with a driver of ours. Runs inside the packages' environment."""

from __future__ import annotations

import importlib
import os
import sys
from importlib.metadata import EntryPoint
from typing import Any

_DRIVERS = "neutron.ml2.mechanism_drivers"


def _application() -> Any:
    # Neutron would take gunicorn's arguments for its own.
    sys.argv = sys.argv[:1]
    # Where Neutron looks a driver up by its name; else ours would have to be an installed package.
    manager: Any = importlib.import_module("stevedore.extension").ExtensionManager
    manager.ENTRY_POINT_CACHE[_DRIVERS] = [
        EntryPoint("loopback", "loopback_binding:LoopbackDriver", _DRIVERS)
    ]
    served = importlib.import_module("neutron.wsgi.api").application
    if os.environ["LOOPBACK_BRIDGE"]:
        importlib.import_module("floating_addresses").follow()
    return served


application = _application()
