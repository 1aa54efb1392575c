# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placement for gunicorn. Runs inside the packages' environment."""

from __future__ import annotations

import importlib
import sys

# Placement would take gunicorn's arguments for its own.
sys.argv = sys.argv[:1]
application = importlib.import_module("placement.wsgi.api").application
