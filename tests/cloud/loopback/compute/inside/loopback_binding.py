# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Neutron's way to a port without any agent. Runs inside the packages' environment.

Every port is bound on every host, and active at once: whoever starts a guest plugs it in.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

_api: Any = importlib.import_module("neutron_lib.plugins.ml2.api")
_bindings: Any = importlib.import_module("neutron_lib.api.definitions.portbindings")
_constants: Any = importlib.import_module("neutron_lib.constants")


class LoopbackDriver(_api.MechanismDriver):  # type: ignore[misc]  # Of the packages.
    # What Neutron tells about each driver.
    connectivity = _bindings.CONNECTIVITY_L2

    def initialize(self) -> None:
        self._vif_type = os.environ["LOOPBACK_VIF_TYPE"]

    def bind_port(self, context: Any) -> None:
        details = {
            # No security group is ever enforced.
            _bindings.CAP_PORT_FILTER: False,
            _bindings.VIF_DETAILS_CONNECTIVITY: self.connectivity,
        }
        for segment in context.segments_to_bind[:1]:
            active = _constants.PORT_STATUS_ACTIVE
            context.set_binding(segment[_api.ID], self._vif_type, details, status=active)
