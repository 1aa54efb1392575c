# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Interfaces that are made of others: bonds, bridges, teams, VLANs.

Where the adapters go of which one is made, it would be left with its address, and with no way out.
One without any adapter, such as that of virtual machines within, is somebody's doing, and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file with an interface."""

    path: str
    # As others call it.
    names: frozenset[str]
    # The interfaces that are made of it, and those of which it is made, where it says so.
    part_of: frozenset[str] = frozenset()
    made_of: frozenset[str] = frozenset()


def made_of(parts: Sequence[Part], gone: Collection[str]) -> list[str]:
    """The files of all that is made, directly or not, of the interfaces in the files that go."""
    lost = [part for part in parts if part.path in gone]
    rest = [part for part in parts if part.path not in gone]
    found = []
    while lost:
        names = {name for part in lost for name in part.names}
        above = {name for part in lost for name in part.part_of}
        lost = [part for part in rest if part.names & above or part.made_of & names]
        paths = {part.path for part in lost}
        rest = [part for part in rest if part.path not in paths]
        found += sorted(paths)
    return found
