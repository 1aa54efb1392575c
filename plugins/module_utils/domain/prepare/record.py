# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What lies beside a prepared disk: what it was made of, so that it is made once only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from .wish import IGNORE

SUFFIX = ".prepared.json"
_EDITION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What changes when a file is written to, and stays when it is moved."""

    size: int
    mtime_ns: int
    # Of a file that stays where it is: its time alone can be set back to what it was.
    inode: int | None = None
    ctime_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Of which bytes a disk was made, by which operations, and what was found."""

    source: Stamp
    source_sha256: str
    fingerprint: str
    # What was to be done about secrets.
    secrets: str
    output: Stamp
    # Our earlier disk of the same name: it is the one that stands, if the new one never got there.
    replaced: Stamp | None = None
    # As the module returned it.
    result: Mapping[str, Any]

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """As it was written; nothing where it was not written by us."""
        try:
            found = json.loads(text)
            if found.pop("edition") != _EDITION:
                return None
            source, output = Stamp(**found.pop("source")), Stamp(**found.pop("output"))
            former = found.pop("replaced")
            replaced = None if former is None else Stamp(**former)
            return cls(source=source, output=output, replaced=replaced, **found)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def as_text(self) -> str:
        return json.dumps({"edition": _EDITION, **asdict(self)}, indent=1, sort_keys=True) + "\n"

    def is_of(self, stamp: Stamp | None) -> bool:
        """Whether a file is a disk of ours, which nobody changed since."""
        return stamp is not None and stamp in {self.output, self.replaced}

    def answers(self, stamp: Stamp | None, *, fingerprint: str, secrets: str) -> bool:
        """Whether a file is what is asked for, as long as it was made of the same disk."""
        # A disk in which nobody looked for secrets says nothing of them.
        has_looked = secrets == IGNORE or self.secrets != IGNORE
        return self.output == stamp and self.fingerprint == fingerprint and has_looked
