# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runs: everybody in turn, so that whatever slows the machine slows all alike."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from bench import results
from bench.contenders import Line
from bench.contest import Contender, Job
from bench.measure import Failed
from bench.results import Results
from bench.sources import Source
from bench.stage import Stage

# Of what takes a second there have to be more runs for a figure.
_SHORT_RUNS = 3


@dataclass(frozen=True)
class Rounds:
    """Runs on one stage, and what becomes of their figures."""

    stage: Stage
    line: Line
    found: Results

    def rehearse(self, source: Source) -> None:
        """Everybody once, unmeasured: caches fill, and who cannot do it is left out."""
        for contender in self.line.contenders:
            with self._attempt(contender.key), self.stage.jobs([source], contender.user) as jobs:
                self.stage.upload(contender, jobs)

    def once(self, source: Source, several: Sequence[Source], number: int) -> None:
        """Everybody once; who begins changes from round to round."""
        ours = self.line.ours
        legs: dict[str, Callable[[], None]] = {
            each.key: partial(self._alone, each, source) for each in self._able()
        }
        legs[results.DOWNLOAD] = partial(self._download, source)
        legs[results.PUT] = partial(self._put, results.PUT, [source])
        legs[results.PUT_FIRST] = partial(self._put, results.PUT_FIRST, several[:1])
        legs[results.PUT_TOGETHER] = partial(self._put, results.PUT_TOGETHER, several)
        if ours in self._able():
            for key, sources in (
                (results.OURS_FIRST, several[:1]),
                (results.OURS_TOGETHER, several),
            ):
                legs[key] = partial(self._upload, key, ours, sources)
        first = number % len(legs)
        keys = list(legs)
        for key in keys[first:] + keys[:first]:
            with self._attempt(key):
                legs[key]()

    def wide(self, source: Source) -> None:
        """A disk that is much wider than its data, for the memory that it takes."""
        if self.line.ours in self._able():
            with self._attempt(results.WIDE):
                self._upload(results.WIDE, self.line.ours, [source])

    def _able(self) -> list[Contender]:
        return [each for each in self.line.contenders if each.key not in self.found.missing]

    @contextmanager
    def _attempt(self, key: str) -> Iterator[None]:
        """Something that may fail, and takes time enough to say how long it took."""
        started = time.monotonic()
        try:
            yield
        except Failed as failed:
            self.found.fail(key, str(failed))
            _say(f"{key} failed: {failed}")
        else:
            _say(f"{key}: {time.monotonic() - started:.1f} s in all")

    def _upload(self, key: str, contender: Contender, sources: Sequence[Source]) -> None:
        with self.stage.jobs(sources, contender.user) as jobs:
            self.found.add(key, self.stage.upload(contender, jobs))

    def _alone(self, contender: Contender, source: Source) -> None:
        modules = [each for each in self._able() if each.again]
        with self.stage.jobs([source], contender.user) as jobs:
            self.found.add(contender.key, self.stage.upload(contender, jobs))
            # Both modules find the same image, whichever of them made it.
            if contender in modules[:1]:
                for _n in range(_SHORT_RUNS):
                    self._again(modules, jobs)

    def _again(self, modules: Sequence[Contender], jobs: Sequence[Job]) -> None:
        for module in modules:
            again, nothing = results.again(module.key), results.nothing(module.key)
            assert module.again is not None
            assert module.nothing is not None
            with self._attempt(again):
                self.found.add(again, self.stage.unchanged(module.again(jobs), jobs, module.user))
            command = module.nothing(jobs)
            self.found.add(nothing, self.stage.run(command, jobs[0].work, module.user))

    def _download(self, source: Source) -> None:
        user = self.line.ours.user
        with self.stage.jobs([source], user) as jobs:
            command = self.line.download(jobs[0])
            self.found.add(results.DOWNLOAD, self.stage.run(command, jobs[0].work, user))

    def _put(self, key: str, sources: Sequence[Source]) -> None:
        """The bytes alone: they lie ready, and so do the images that take them."""
        user = self.line.ours.user
        with self.stage.jobs(sources, user) as jobs:
            transfers = [
                (self.stage.raw(job.source), self.stage.waiting_image(job, user)) for job in jobs
            ]
            command = self.line.put(transfers, jobs[0].work)
            self.found.add(key, self.stage.run(command, jobs[0].work, user))
            self.stage.check(jobs, user)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
