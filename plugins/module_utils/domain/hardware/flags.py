# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Switches and numbers are written in more than one way, and each way means the same."""

from __future__ import annotations

from typing import Any

from ..values import as_stored, same
from .known import known
from .property import Kind


def canonical(name: str, wanted: Any) -> str:
    """The value as it shall be stored: switches as true or false, numbers in plain figures."""
    row = known(name)
    # Some JSON has no integers. YAML's 1.0 is meant as 1, too; the text "1.0" Nova cannot read.
    if row is not None and row.kind is Kind.NUMBER and isinstance(wanted, float):
        wanted = int(wanted) if wanted.is_integer() else wanted
    stored = as_stored(name, wanted)
    return row.read(stored) if row is not None and row.kind in _SPELLED else stored


def same_value(stored: str | None, name: str, wanted: Any) -> bool:
    """Whether the stored string already says what is wanted, to those who read it."""
    if stored is None:
        return False
    return canonical(name, stored) == canonical(name, wanted) or same(stored, name, wanted)


# Nova's other kinds of spelling, such as that of network models, are nobody's to correct.
_SPELLED = frozenset({Kind.FLAG, Kind.NUMBER})
