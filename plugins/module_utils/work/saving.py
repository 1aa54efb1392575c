# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Carrying out a download: read, prove, convert where asked, and only then have the name."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..cloud.connect import Cloud
from ..disk.behind import behind
from ..disk.saving import GrowingFile, require_room, write_whole
from ..disk.tools import path_of
from ..domain.disk import DiskWish, readable
from ..domain.readable import DEFAULT_ALGORITHM
from ..domain.saving.planning import DownloadPlan
from ..domain.saving.record import SUFFIX, Record
from ..domain.saving.wish import room_needed
from ..errors import CuratorError, NotReady, RefusedDisk, Unproven
from ..progress import Progress, progress_from_environment
from .pacing import paced
from .rereading import Rereading
from .surveying_file import stamp_of
from .watching import Stop, stoppable

_SECONDS_BETWEEN_TRIES = 0.5


def carry_out_download(
    cloud: Cloud, plan: DownloadPlan, look_again: Callable[[], DownloadPlan]
) -> DownloadPlan:
    """Do what the plan says; the result is the plan as it was done."""
    if not plan.moves:
        _describe(plan)
        return plan
    with stoppable() as stop:
        image = plan.seen.image
        progress = progress_from_environment(image.name or image.id)
        path = Path(plan.seen.path)
        # Named by the image's id: what is there of one image is never taken for another's.
        part = GrowingFile(path.with_name(f".{path.name}.{image.id}.part"))
        waited = _take(part, cloud, progress, stop)
        with _kept_for_later(part):
            # Another run had it until now, and may have done all of this.
            plan = look_again() if waited else plan
            if not plan.moves:
                part.path.unlink(missing_ok=True)
                _describe(plan)
                return plan
            return _Download(cloud, plan, part, progress, stop).run()


def _describe(plan: DownloadPlan) -> None:
    """Write the record of a file that is there, where it is missing or out of date."""
    old, new = plan.before.record, plan.after.record
    # A file that was only touched has a new time: to know that spares the next run its hashing.
    if new is not None and (plan.changed or old is None or old.stamp != new.stamp):
        write_whole(Path(f"{plan.seen.path}{SUFFIX}"), new.as_text())


def _take(part: GrowingFile, cloud: Cloud, progress: Progress, stop: Stop) -> bool:
    """Have the part for this run alone; whether another one had it before."""
    waited = False
    while not part.take():
        if not cloud.wait:
            raise NotReady(
                f"Another run saves the same image, in {part.path}. Run the task again when that "
                "is done, or with wait: true."
            )
        if not waited:
            progress.stage("waiting for another run that saves this image")
        waited = True
        stop.check()
        time.sleep(_SECONDS_BETWEEN_TRIES)
    return waited


@contextmanager
def _kept_for_later(part: GrowingFile) -> Iterator[None]:
    """Let go of the part in the end; after a failure, say what becomes of it."""
    try:
        yield
    except CuratorError as error:
        if not part.size or isinstance(error, Unproven | RefusedDisk):
            part.path.unlink(missing_ok=True)
            raise
        raise type(error)(
            f"{error.message} What came so far, {readable(part.size)}, is kept in {part.path}, and "
            "the next run goes on from there.",
            **error.facts,
        ) from error
    finally:
        part.close()


@dataclass(frozen=True, slots=True)
class _Download:
    """One image on its way into one file."""

    cloud: Cloud
    plan: DownloadPlan
    part: GrowingFile
    progress: Progress
    stop: Stop

    def run(self) -> DownloadPlan:
        seen = self.plan.seen
        path = Path(seen.path)
        missing = max(0, room_needed(seen.form, seen.image) - self.part.size)
        require_room(path.parent, missing, f"Image {seen.image.id}")
        if seen.form.converts:
            # Said before all of the image is read.
            path_of("qemu-img")
        transfer, digests, proven_by = self._fetched()
        if seen.form.converts:
            record = self._named_once_converted(path, proven_by)
            self.part.path.unlink(missing_ok=True)
        else:
            record = self._named(self.part, digests, proven_by)
        after = replace(self.plan.after, record=record, transfer=transfer)
        return replace(self.plan, after=after)

    def _fetched(self) -> tuple[Mapping[str, Any], Mapping[str, str], str | None]:
        """Have all of the image in the part; once more from its beginning if that was wrong."""
        if self.part.size:
            try:
                return self._read()
            except Unproven as error:
                self.progress.stage(f"beginning anew: {error.message}")
                self.part.clear()
        return self._read()

    def _read(self) -> tuple[Mapping[str, Any], Mapping[str, str], str | None]:
        image, wish = self.plan.seen.image, self.plan.wish
        start, resumed = time.monotonic(), self.part.size
        with Rereading(
            self.cloud,
            image,
            progress=self.progress,
            stop=self.stop,
            retries=wish.retries,
            algorithms=[DEFAULT_ALGORITHM],
        ) as reading:
            if resumed:
                self.progress.stage("reading what is here already", resumed)
                reading.heed(self.part.pieces())
            with behind(self.part.write) as write:
                for piece in paced(reading.pieces(), wish.rate):
                    write(piece)
            self.part.level()
            seconds = max(time.monotonic() - start, 0.001)
            transfer = {
                "bytes": reading.received,
                "resumed": resumed,
                "seconds": round(seconds, 3),
                "rate": round(reading.received / seconds),
            }
            return transfer, reading.digests(), reading.proven_by

    def _named_once_converted(self, path: Path, proven_by: str | None) -> Record:
        # Most files are what the image is: they are spared what it takes to read disks.
        from .converting import convert  # noqa: PLC0415

        image, form = self.plan.seen.image, self.plan.seen.form
        # Left by a run that was killed, it is of no use: nobody knows how far it is.
        file = GrowingFile(path.with_name(f".{path.name}.{image.id}.{form.disk_format}"))
        _take(file, self.cloud, self.progress, self.stop)
        try:
            file.clear()
            asked = DiskWish(
                name=f"Image {image.id}",
                declared=image.disk_format,
                max_virtual_size=self.plan.wish.max_virtual_size,
            )
            sha512 = convert(
                self.part.path, asked, form, file, progress=self.progress, stop=self.stop
            )
            return self._named(file, {DEFAULT_ALGORITHM: sha512}, proven_by)
        finally:
            file.close()
            # Still there only where it did not get its name.
            file.path.unlink(missing_ok=True)

    def _named(
        self, file: GrowingFile, digests: Mapping[str, str], proven_by: str | None
    ) -> Record:
        """Give a file that is whole its name, with its record beside it."""
        seen = self.plan.seen
        path = Path(seen.path)
        self.progress.stage("writing to the disk")
        record = Record.of(
            seen.image,
            seen.form,
            name=path.name,
            stamp=stamp_of(file.finish()),
            digests=digests,
            proven_by=proven_by,
        )
        self.stop.check()
        # First the record: it says by itself of which file it is, and a file without one may be
        # nothing that the next run knows.
        write_whole(Path(f"{path}{SUFFIX}"), record.as_text())
        file.become(path)
        return record
