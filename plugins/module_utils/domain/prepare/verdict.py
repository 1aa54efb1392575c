# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The words for whether a cloud can run a guest."""

from __future__ import annotations

READY, NEEDS, CANNOT = "ready", "needs", "cannot"
