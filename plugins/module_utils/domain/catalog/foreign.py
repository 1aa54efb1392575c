# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What becomes of a catalog that was written for another tool: entries, and what found no place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from .catalog import Catalog
from .document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMapped:
    """Something that the other catalog says and an entry does not say, or not in that way."""

    entry: str
    # None: it is about all of it.
    key: str | None
    value: Any
    reason: str


@dataclass(slots=True)
class Converted:
    """Entries as a person would have written them, and everything that is not in them."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    not_mapped: list[NotMapped] = field(default_factory=list)

    def report(self, entry: str, key: str | None, value: Any, reason: str) -> None:
        """Tell the reader of something that an entry does not say."""
        self.not_mapped.append(NotMapped(entry=entry, key=key, value=as_data(value), reason=reason))

    def leave_out(self, entry: str, value: Any, reason: str) -> None:
        """Tell the reader of something that is no entry at all."""
        self.report(entry, None, value, f"It is left out. {reason}")

    def leave_out_what_no_catalog_takes(self) -> None:
        """So that one bad entry of theirs is a line of the report, and the rest a catalog."""
        if not self.entries:
            return
        faults = Catalog.read(Document.of(self.entries)).faults
        for fault in faults:
            self.leave_out(fault.name, None, " ".join(fault.reasons))
        refused = {fault.place.number for fault in faults}
        self.entries = [e for n, e in enumerate(self.entries, start=1) if n not in refused]

    def as_result(self) -> dict[str, list[dict[str, Any]]]:
        """Plain data, for a playbook."""
        reported = [
            {"entry": one.entry, "key": one.key, "value": one.value, "reason": one.reason}
            for one in self.not_mapped
        ]
        return {"entries": self.entries, "not_mapped": reported}


def as_data(value: Any) -> Any:
    """A value as JSON has it: days and times, which YAML knows, become texts."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_data(content) for key, content in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(element) for element in value]
    return value


def natural(text: str) -> list[Any]:
    """A key to sort versions by: 1.10 comes after 1.9, and words come after numbers."""
    return [int(part) if n % 2 else part for n, part in enumerate(re.split(r"([0-9]+)", text))]
