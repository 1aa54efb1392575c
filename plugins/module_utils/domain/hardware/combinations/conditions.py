# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How a rule on combinations is written: as a row that says what must not stand together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ..hypervisors import QEMU
from ..reading import SAID_BY, name_of

Test: TypeAlias = "Callable[[str | None], bool]"
# What a rule calls the values it looks at: those of the reading, see ../reading.py.
Read = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A combination that no server starts with, or that does not do what it says."""

    name: str
    # What Nova or the hypervisor makes of it.
    reason: str
    # The properties that it is about; one that ends in a dot or colon stands for a family. A task
    # that touches none of them has not broken it.
    concerns: tuple[str, ...]
    # What is wrong with these properties, and what to do; None if nothing is.
    broken: Callable[[Read], str | None]
    # The hypervisors that it holds for; empty for all.
    only_on: tuple[str, ...] = QEMU
    # The names of the reading that decide it, where they are others than it concerns.
    decided_by: tuple[str, ...] = ()


def never(
    name: str,
    *,
    when: Mapping[str, Test],
    because: str,
    instead: str,
    unless: Mapping[str, Test] | None = None,
    also_about: tuple[str, ...] = (),
    only_on: tuple[str, ...] = QEMU,
) -> Rule:
    """A rule that is broken where all of `when` hold, and none of `unless`."""
    exempt = dict(unless or {})

    def broken(read: Read) -> str | None:
        if not all(test(read.get(key)) for key, test in when.items()):
            return None
        if any(test(read.get(key)) for key, test in exempt.items()):
            return None
        return complaint(read, tuple(when), because, instead)

    keys = (*when, *exempt, *also_about)
    concerned = [name for key in keys for name in SAID_BY.get(key, (key,))]
    return Rule(
        name=name,
        reason=because,
        concerns=tuple(dict.fromkeys(concerned)),
        broken=broken,
        only_on=only_on,
        decided_by=keys,
    )


def complaint(read: Read, keys: tuple[str, ...], because: str, instead: str) -> str:
    """What stands there, why that is wrong, and what to do: in three sentences."""
    states = list(dict.fromkeys(_state(read, key) for key in keys))
    *others, last = states
    said = f"{', '.join(others)} and {last}" if others else last
    return f"{said}. {because} {instead}"


def _state(read: Read, key: str) -> str:
    said_by = SAID_BY.get(key, (key,))[0]
    name = name_of(said_by, read)
    if said_by in read:
        return f"{name} is {read[said_by]}"
    if key in read:
        return f"{name} is not set, which means {read[key]}"
    return f"{name} is not set"


def is_one_of(*values: str) -> Test:
    """Holds for these values."""
    return lambda value: value in values


def is_other_than(*values: str) -> Test:
    """Holds for any value but these; not where nothing is said."""
    return lambda value: value is not None and value not in values


def is_set(value: str | None) -> bool:
    """Holds for any value."""
    return value is not None


def is_missing(value: str | None) -> bool:
    """Holds where nothing is said."""
    return value is None


def is_not(*values: str) -> Test:
    """Holds for any value but these, and where nothing is said."""
    return lambda value: value not in values


def has(part: str) -> Test:
    """Holds for text with this part."""
    return lambda value: value is not None and part in value


def lacks(part: str) -> Test:
    """Holds for text without this part; not where nothing is said."""
    return lambda value: value is not None and part not in value


def begins(*parts: str) -> Test:
    """Holds for text that begins with one of these."""
    return lambda value: value is not None and value.startswith(parts)


def exceeds(limit: int) -> Test:
    """Holds for whole numbers above this."""
    return lambda value: value is not None and value.isdigit() and int(value) > limit
