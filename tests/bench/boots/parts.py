# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A boot check in parts: Nova's, the guest's, and what is left, which is ours."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from bench.targets import Verdict

_WHOLE_SECONDS = 45.0
_OUR_SECONDS = 5.0


@dataclass(frozen=True)
class Parts:
    """One check, in seconds."""

    # Of one task, with Ansible around it.
    whole: float
    # A play without a task.
    ansible: float
    # From the server's first sign to ACTIVE.
    starting: float
    # From there until its ssh server answers.
    booting: float
    # From the request to delete it until it is gone.
    deleting: float

    @property
    def ours(self) -> float:
        """What is neither Nova's start nor the guest's boot: logging in and looking around too."""
        return self.whole - self.ansible - self.starting - self.booting


TITLES = {
    "whole": "one check of the tiny guest",
    "ansible": "  Ansible: a play without a task",
    "starting": "  Nova: until the server is ACTIVE",
    "booting": "  the guest: until its ssh server answers",
    "ours": "  the rest",
    "deleting": "    of that, Nova: until the server is gone",
}


def typical(runs: Sequence[Parts]) -> Parts:
    """Of several runs, each part in the middle."""
    names = [field.name for field in fields(Parts)]
    return Parts(**{name: statistics.median(getattr(run, name) for run in runs) for name in names})


def row(parts: Parts) -> dict[str, float]:
    return {**asdict(parts), "ours": parts.ours}


def verdicts(runs: Sequence[Parts]) -> list[Verdict]:
    whole = statistics.median(run.whole for run in runs)
    ours = statistics.median(run.ours for run in runs)
    return [
        Verdict(
            f"a check of the tiny guest in {_WHOLE_SECONDS:.0f} s",
            whole < _WHOLE_SECONDS,
            f"{whole:.1f} s",
        ),
        Verdict(
            f"of that, without Nova's start and the guest's boot, {_OUR_SECONDS:.0f} s",
            ours < _OUR_SECONDS,
            f"{ours:.1f} s",
        ),
    ]
