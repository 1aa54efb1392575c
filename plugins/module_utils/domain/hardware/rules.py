# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Combinations of hardware that a hypervisor refuses, or that quietly do not what they say.

Each is judged on all properties as they will stand. Where the flavor has a say, too, the image is
judged only if it contradicts itself, or names the model of a thing that it does not ask for.
"""

from __future__ import annotations

from .combinations.boot import BOOT_RULES
from .combinations.conditions import Rule
from .combinations.devices import DEVICE_RULES
from .combinations.memory import MEMORY_RULES
from .combinations.names import NAME_RULES
from .combinations.nodes import NODE_RULES
from .combinations.processor import PROCESSOR_RULES

__all__ = ["RULES", "Rule"]

RULES: tuple[Rule, ...] = (
    *NAME_RULES,
    *BOOT_RULES,
    *DEVICE_RULES,
    *PROCESSOR_RULES,
    *NODE_RULES,
    *MEMORY_RULES,
)
