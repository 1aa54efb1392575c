# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A file on its way from the web into the cache, which can be gone on with after a cut."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING

from ..hashing import Digests
from ..progress import Progress
from .cache import check_space, writing
from .location import Location
from .looking import Version, total_size
from .patience import ForNow
from .reckoning import feed
from .records import write_json
from .web import Web

if TYPE_CHECKING:
    from requests import Response

# So much has to arrive between two cuts for the tries to be counted anew.
_WORTH_A_TRY = 1 << 20
_NO_RANGE = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE


class Download:
    """What is there of a file, with the digests of just these bytes.

    The bytes are in `path`. Beside it stands which version they are of: a run that was killed
    leaves both, and the next one asks the server for the rest of that version.
    """

    def __init__(
        self,
        path: Path,
        location: Location,
        *,
        algorithms: tuple[str, ...],
        web: Web,
        progress: Progress,
    ) -> None:
        self.version = Version()
        # Whether the bytes came in more than one piece.
        self.pieced = False
        self._path = path
        self._record = path.with_name(f"{path.name}.json")
        self._location = location
        self._algorithms = algorithms
        self._web = web
        self._progress = progress
        self._digests = Digests(())
        self._is_whole = False

    def run(self) -> dict[str, str]:
        """Fetch what is missing; the digests of the whole."""
        try:
            self._go_on()
            self._receive()
            return self._digests.results()
        finally:
            self._digests.results()

    def run_anew(self) -> dict[str, str]:
        """Forget what is there, and fetch all of it."""
        self.remove()
        return self.run()

    def remove(self) -> None:
        """Take away what is there."""
        self._path.unlink(missing_ok=True)
        self._record.unlink(missing_ok=True)

    def forget_all_but(self, version: Version) -> None:
        """Remove what is there of another version."""
        there = _recorded(self._record)
        if there is not None and there.contradicts(version):
            self.remove()

    def _go_on(self) -> None:
        """Take up what an earlier run left, if a server can be asked for the rest of it."""
        self.pieced = False
        self._is_whole = False
        version = _recorded(self._record)
        there = self._path.exists() and not self._path.is_symlink()
        if version is None or version.condition is None or not there:
            self._begin(Version())
            return
        self.version = version
        self.pieced = True
        self._digests = Digests(self._algorithms)
        self._progress.stage("fetch", version.size)
        feed(self._path, self._digests, self._progress)
        self._is_whole = self._digests.size == version.size

    def _begin(self, version: Version) -> None:
        """Nothing is there; what comes will be of this version."""
        self._digests.results()
        self._digests = Digests(self._algorithms)
        self.version = version
        self.pieced = False
        with writing(self._path.parent, self._location.recorded):
            self.remove()
            if version.condition:
                write_json(self._record, asdict(version))
        self._progress.stage("fetch", version.size)

    def _receive(self) -> None:
        patience = self._web.patience()
        furthest = self._digests.size
        while not self._is_whole:
            try:
                self._ask()
            except ForNow as failure:
                if self._digests.size >= furthest + _WORTH_A_TRY:
                    furthest = self._digests.size
                    patience.renew()
                patience.wait(failure)

    def _ask(self) -> None:
        """One request for what is missing, and all that it brings."""
        offset = self._digests.size
        headers = {}
        if offset and self.version.condition:
            headers = {"Range": f"bytes={offset}-", "If-Range": self.version.condition}
        with self._web.ask("GET", self._location, headers=headers, also={_NO_RANGE}) as answer:
            told = Version.of_answer(answer.headers, total_size(answer.status_code, answer.headers))
            if answer.status_code == HTTPStatus.OK:
                self._begin(told)
            elif self._continues(answer.headers, told):
                self.pieced = True
            else:
                # Another file is there now, and what we have is of no use.
                self._begin(Version())
                raise ForNow(
                    f"{self._location.recorded} changed while it was fetched, again and again. "
                    "Run the task again, or take another mirror."
                )
            self._store(answer)
        self._judge()

    def _continues(self, headers: Mapping[str, str], told: Version) -> bool:
        """Whether a part is the one that was asked for, of the file that the first part is of."""
        start = re.match(r"bytes (\d+)-", headers.get("Content-Range", ""))
        fits = start is not None and int(start[1]) == self._digests.size
        return fits and bool(self._digests.size) and not told.contradicts(self.version)

    def _store(self, answer: Response) -> None:
        where = self._location.recorded
        if self.version.size is not None:
            check_space(self._path.parent, self.version.size - self._digests.size, where)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        with writing(self._path.parent, where):
            descriptor = os.open(self._path, flags, 0o600)
        # Without a buffer: what is hashed is what is there, whenever the next cut comes.
        with os.fdopen(descriptor, "wb", buffering=0) as stream:
            for piece in self._web.pieces(answer, self._location):
                with writing(self._path.parent, where):
                    _write_all(stream, piece)
                self._digests.update(piece)
                self._progress.moved(len(piece))

    def _judge(self) -> None:
        """Whether what came is all; a connection that ends early need not look like an error."""
        came, announced = self._digests.size, self.version.size
        if announced is not None and came != announced:
            if came > announced:
                self._begin(Version())
            raise ForNow(
                f"Could not fetch {self._location.recorded}: {came} bytes came where the server "
                f"announced {announced}. Run the task again, or take another mirror."
            )
        self._is_whole = True


def _write_all(stream: RawIOBase, piece: bytes) -> None:
    """Write a piece to its end; a disk that is nearly full takes a part of it first."""
    left = memoryview(piece)
    while left:
        left = left[stream.write(left) or 0 :]


def _recorded(path: Path) -> Version | None:
    try:
        return Version(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
