# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets a service do with the rights that it has what it would start a privileged helper for."""

from __future__ import annotations

import importlib
from typing import Any


def use(*packages: str) -> None:
    """For what these packages would have done by a helper."""
    kind: Any = importlib.import_module("oslo_privsep.priv_context").PrivContext
    for package in packages:
        for known in vars(importlib.import_module(package)).values():
            if isinstance(known, kind):
                known.set_client_mode(False)
