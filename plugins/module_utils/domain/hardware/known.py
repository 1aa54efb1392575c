# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Every property that says which virtual hardware a server gets, and how names are told apart.

The tables follow Nova 34 (nova/objects/image_meta.py and fields.py); a test compares them with it.
"""

from __future__ import annotations

import re

from .property import Kind, Property
from .tables.devices import NETWORK, PERIPHERALS, STORAGE
from .tables.guest import BESIDE_NOVA, HOSTING, STARTING, SYSTEM
from .tables.kept import KEPT
from .tables.older import ADAPTER, OLDER
from .tables.processor import FAMILIES, MEMORY, PROCESSOR

__all__ = ["Kind", "Property", "every", "hardware", "is_flag", "is_hardware", "known"]

_HARDWARE = (
    *STORAGE,
    *NETWORK,
    *PERIPHERALS,
    *PROCESSOR,
    *MEMORY,
    *STARTING,
    *HOSTING,
    *SYSTEM,
    *BESIDE_NOVA,
    *OLDER,
    ADAPTER,
)
_KEPT = tuple(row for row, _why in KEPT)
_BY_NAME = {row.name: row for row in (*_HARDWARE, *_KEPT)}
_KEPT_NAMES = frozenset(row.name for row in _KEPT)
_FAMILIES = tuple((re.compile(form, re.ASCII), row) for form, row in FAMILIES)
# Whoever writes these means hardware, also where nobody knows the rest of the name.
_PREFIXES = ("hw_", "vmware_", "xenapi_")
_TRAIT = "trait:"


def known(name: str) -> Property | None:
    """What the tables say of a property, also one of a numbered family or a trait."""
    if (row := _BY_NAME.get(name)) is not None:
        return row
    return next((family for form, family in _FAMILIES if form.fullmatch(name)), None)


def every() -> tuple[Property, ...]:
    """All rows, families by an example of their names, in the order of the tables."""
    return (*_HARDWARE, *(row for _form, row in _FAMILIES), *_KEPT)


def hardware() -> tuple[Property, ...]:
    """The rows that a task may set."""
    return tuple(row for row in every() if row.name not in _KEPT_NAMES)


def is_hardware(name: str) -> bool:
    """Whether a property is a part of what `image_hw_props` looks after, and `exact` removes.

    That is all that Nova reads to build a server, save what says what an image is made of, whose
    it is and why it is believed (tables/kept.py). With a colon it is a name for flavors.
    """
    if name in _KEPT_NAMES:
        return False
    if name in _BY_NAME or name.startswith(_TRAIT):
        return True
    return name.startswith(_PREFIXES) and ":" not in name


def is_flag(name: str) -> bool:
    """Whether the property is a switch, which everybody spells as they like."""
    row = known(name)
    return row is not None and row.kind is Kind.FLAG
