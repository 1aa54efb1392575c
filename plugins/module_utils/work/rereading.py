# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The bytes of a standing image in one go, however often the connection breaks."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from http import HTTPStatus
from types import TracebackType
from typing import Self

from ..cloud.answer import Answer
from ..cloud.connect import Cloud
from ..cloud.data import PIECE
from ..domain.image import Image
from ..domain.readable import DEFAULT_ALGORITHM, goes_on, known_digest, refuse_unreadable
from ..errors import AuthenticationFailed, CuratorError, RequestFailed, Unproven, Unreachable
from ..hashing import Digests
from ..progress import Progress
from .pausing import FIRST_PAUSE, longer
from .watching import Stop

RETRIES = 4
# So much has to come between two cuts for the retries to be counted anew.
_WORTH_A_RETRY = 1 << 20
_MAY_PASS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


def require_readable(cloud: Cloud, image: Image) -> None:
    """Say why an image cannot be read, if so, before anything is done for it."""
    refuse_unreadable(image)
    if image.status == "deactivated":
        with cloud.data.opened(image.id):
            # To an administrator it opens, and nothing more was asked.
            pass


class Rereading:
    """The bytes of one image, each once and in order, with the digests of what has passed.

    After a cut it goes on at the byte that was reached. Stores that give no parts of an image, as
    Ceph's, are asked for all of it again: what has passed is then compared, and left out. In place
    of the end there is an error if the bytes are not those that Glance has a digest of.

    Whoever has the first bytes already calls heed() with them, and gets the rest.
    """

    def __init__(
        self,
        cloud: Cloud,
        image: Image,
        *,
        progress: Progress,
        stop: Stop,
        retries: int = RETRIES,
        algorithms: Iterable[str] = (),
        stage: str = "download",
    ) -> None:
        self._cloud = cloud
        self._image = image
        self._progress = progress
        self._stop = stop
        self._stage = stage
        self._known = known_digest(image)
        self._algorithm = self._known.algorithm if self._known else DEFAULT_ALGORITHM
        self._digests = Digests([self._algorithm, *algorithms])
        self._retries = _Retries(retries)
        self._gives_parts = True
        self._has_ended = False
        # What came over the network, with what came again.
        self.received = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._digests.results()

    @property
    def passed(self) -> int:
        """How many bytes are through, with those that were here before."""
        return self._digests.size

    @property
    def proven_by(self) -> str | None:
        """The attribute of the image that its bytes are compared with; None if it has none."""
        return self._known.told_by if self._known else None

    def digests(self) -> dict[str, str]:
        """The digests of the whole, in hex and by algorithm; to be asked at the end."""
        return self._digests.results()

    def heed(self, pieces: Iterable[bytes]) -> None:
        """Take these for the beginning of the image: it is not read again, but proven with it."""
        for piece in pieces:
            self._stop.check()
            self._take(piece)
            self._progress.moved(len(piece))

    def pieces(self) -> Generator[bytes, None, None]:
        """What is still missing, of at most 1 MiB at a time."""
        while not self._is_whole:
            try:
                yield from self._asked()
            except CuratorError as error:
                if not _may_pass(error):
                    raise
                if not self._is_whole:
                    self._retries.wait(error, self.passed, self._progress)
        self._prove()

    @property
    def _is_whole(self) -> bool:
        """Whether all has passed, also where the connection broke right behind it."""
        return self._has_ended or self.passed == self._image.size

    def _asked(self) -> Iterator[bytes]:
        """One request for what is missing, and all that it brings."""
        start = self.passed if self._gives_parts else 0
        with self._cloud.data.opened(self._image.id, start=start) as answer:
            if not start or answer.status == HTTPStatus.OK:
                self._gives_parts = self._gives_parts and not start
                pieces = self._beyond(self._counted(answer))
            elif goes_on(
                answer.headers.get("Content-Range", ""), start=start, size=self._image.size
            ):
                pieces = self._counted(answer)
            else:
                self._gives_parts = False
                return
            self._show()
            for piece in pieces:
                self._take(piece)
                yield piece
                self._progress.moved(len(piece))
        self._judge()

    def _counted(self, answer: Answer) -> Iterator[bytes]:
        for piece in answer.pieces(PIECE):
            self._stop.check()
            self.received += len(piece)
            yield piece

    def _beyond(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """What comes after the bytes that have passed, once these came again and are the same."""
        if not self.passed:
            yield from pieces
            return
        expected = self._digests.so_far()
        left = self.passed
        rest = b""
        self._progress.stage("reading again what was here already", left)
        with Digests([self._algorithm]) as again:
            while left and (piece := next(pieces, b"")):
                again.update(piece[:left])
                self._progress.moved(min(left, len(piece)))
                piece, rest = piece[:left], piece[left:]
                left -= len(piece)
            if left:
                raise self._cut_after(self.passed - left)
            if again.results()[self._algorithm] != expected[self._algorithm]:
                raise Unproven(
                    f"Image {self._image.id} begins with other bytes than when it was read before: "
                    "it was changed, or is damaged in the cloud's store. Run the task again."
                )
        self._show()
        if rest:
            yield rest
        yield from pieces

    def _show(self) -> None:
        self._progress.stage(self._stage, self._image.size)
        self._progress.moved(self.passed)

    def _take(self, piece: bytes) -> None:
        size = self._image.size
        if size is not None and self.passed + len(piece) > size:
            raise Unproven(
                f"Image {self._image.id} has {size} bytes, and the cloud sends more. Something "
                "between here and its store adds to them. Run the task again."
            )
        self._digests.update(piece)

    def _judge(self) -> None:
        """Whether what came is all; a connection that ends early need not look like an error."""
        size = self._image.size
        if size is not None and self.passed < size:
            raise self._cut_after(self.passed)
        self._has_ended = True

    def _cut_after(self, count: int) -> Unreachable:
        return Unreachable(
            f"Could not read image {self._image.id}: the connection ended after {count} of "
            f"{self._image.size} bytes. Run the task again."
        )

    def _prove(self) -> None:
        known = self._known
        if known and self._digests.results()[known.algorithm] != known.value:
            raise Unproven(
                f"Image {self._image.id} was read with the {known.algorithm} "
                f"{self._digests.results()[known.algorithm]}, and Glance has {known.value} "
                f"({known.told_by}). The bytes were changed on their way or in the cloud's store. "
                "Run the task again; if it stays so, the image is damaged."
            )


class _Retries:
    """How often a broken connection is made again, counted since something last moved."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._furthest = 0
        self._renew()

    def _renew(self) -> None:
        self._left = self._count
        self._pause = FIRST_PAUSE

    def wait(self, error: CuratorError, reached: int, progress: Progress) -> None:
        """Wait until it is time for the next try, or raise the error if it was the last."""
        if reached >= self._furthest + _WORTH_A_RETRY:
            self._furthest = reached
            self._renew()
        if not self._left:
            raise error
        self._left -= 1
        progress.stage(f"trying again: {error.message}")
        time.sleep(self._pause)
        self._pause = longer(self._pause)


def _may_pass(error: CuratorError) -> bool:
    """Whether the same request may succeed a moment later."""
    if isinstance(error, Unreachable | AuthenticationFailed):
        return True
    status = error.facts.get("http_status", 0)
    return isinstance(error, RequestFailed) and (
        status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _MAY_PASS
    )
