# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every tool once, in turn, so that whatever slows the machine slows all alike."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.contenders import Line
from bench.contest import MEMBER, Job
from bench.measure import Cost, Failed, measured
from bench.migrations.ways import DOWNLOADS, FILE, MIGRATIONS, OTHERS, THERE, Trip, Way
from bench.results import Results
from bench.sources import Source
from bench.stage import Stage


@dataclass(frozen=True)
class Race:
    """The tools, and one image that stands."""

    stage: Stage
    line: Line
    found: Results
    source: Source
    image_id: str

    def once(self, number: int) -> None:
        """Everybody once; who begins changes from round to round."""
        legs: dict[str, Callable[[], Cost]] = {
            **self._legs(MIGRATIONS, self._check_image),
            **self._legs(DOWNLOADS, self._check_file),
            **self._legs(OTHERS, lambda _job: None),
        }
        keys = [key for key in legs if key not in self.found.missing]
        first = number % len(keys)
        for key in keys[first:] + keys[:first]:
            try:
                cost = legs[key]()
            except Failed as failed:
                self.found.fail(key, str(failed))
                print(f"{key} failed: {failed}", file=sys.stderr, flush=True)
            else:
                self.found.add(key, cost)
                print(f"{key}: {cost.seconds:.1f} s", file=sys.stderr, flush=True)

    def _legs(
        self, ways: Mapping[str, Way], check: Callable[[Job], None]
    ) -> dict[str, Callable[[], Cost]]:
        return {key: partial(self._travel, key, way, check) for key, way in ways.items()}

    def _travel(self, key: str, way: Way, check: Callable[[Job], None]) -> Cost:
        """The cost of one way, at whose end is what should be there."""
        cloud = self.stage.cloud
        with self.stage.jobs([self.source], THERE) as (job,):
            trip = Trip(
                image_id=self.image_id,
                size=self.source.raw_size,
                name=job.image,
                here=cloud[MEMBER],
                there=cloud[THERE],
                work=job.work,
            )
            command = way(self.line, trip)
            cost = measured(
                command.words,
                environment=command.environment,
                work=job.work,
                # The modules are called what their keys are.
                module=key,
            )
            check(job)
        return cost

    def _check_image(self, job: Job) -> None:
        self.stage.check([job], THERE)

    def _check_file(self, job: Job) -> None:
        with Path(job.work, FILE).open("rb") as stream:
            stored = hashlib.file_digest(stream, "sha512").hexdigest()
        if stored != self.source.raw_sha512:
            raise Failed(f"{FILE} has the SHA512 {stored} and not {self.source.raw_sha512}")
