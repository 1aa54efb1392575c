# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was measured, and what is left of several runs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.measure import Cost

# What was measured, beside the contenders, who have keys of their own.
OURS = "ours"
OPENSTACK_CLOUD = "openstack_cloud"
DOWNLOAD = "download"
PUT = "put"
WIDE = "ours_wide"
# Of several smaller disks: the first alone, and all at once.
OURS_FIRST = "ours_first"
OURS_TOGETHER = "ours_together"
PUT_FIRST = "put_first"
PUT_TOGETHER = "put_together"


def again(contender: str) -> str:
    """A run that finds the image there already."""
    return f"{contender}_unchanged"


def nothing(contender: str) -> str:
    """ansible-playbook with nothing to do: what Ansible itself takes."""
    return f"{contender}_nothing"


def typical(costs: Sequence[Cost]) -> Cost:
    """Of several runs: time and CPU in the middle, memory and disk at their highest."""
    return Cost(
        seconds=statistics.median(cost.seconds for cost in costs),
        cpu=statistics.median(cost.cpu for cost in costs),
        memory=max(cost.memory for cost in costs),
        disk=max(cost.disk for cost in costs),
        module_memory=max(cost.module_memory for cost in costs),
    )


@dataclass
class Results:
    """All runs, by what was measured; what could not be, with the reason."""

    machine: dict[str, str]
    # What was uploaded, and what became of it.
    source: dict[str, Any]
    titles: dict[str, str]
    notes: dict[str, str]
    runs: dict[str, list[Cost]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, cost: Cost) -> None:
        if key not in self.missing:
            self.runs.setdefault(key, []).append(cost)

    def fail(self, key: str, reason: str) -> None:
        """Whoever failed once has no figures: there is no telling what they would mean."""
        self.missing[key] = reason
        self.runs.pop(key, None)

    def __getitem__(self, key: str) -> Cost | None:
        return typical(self.runs[key]) if self.runs.get(key) else None

    @property
    def limit(self) -> float | None:
        """Seconds that fetching and sending take where there is nothing else to do."""
        download, put = self[DOWNLOAD], self[PUT]
        return download.seconds + put.seconds if download and put else None

    @property
    def peers(self) -> list[str]:
        return [key for key in self.titles if key != OURS]
