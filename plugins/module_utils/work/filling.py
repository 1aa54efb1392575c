# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How a new image gets its bytes: sent by us as they are made, or made by the cloud."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ..cloud.connect import Cloud
from ..disk.opening import OpenDisk
from ..domain.image import Image
from ..domain.upload import UploadWish
from ..errors import InvalidRequest, RequestFailed
from ..hashing import Digests
from ..progress import Progress
from .importing import imported
from .proving import Content, algorithms, prove
from .watching import Stop

Target: TypeAlias = Literal["raw", "keep"]

# A token that ends sooner might do so before Glance has looked at it.
_TOKEN_LASTS = 60.0
# Whatever an import needs on the way.
_IMPORT_METHODS = {"import": "glance-direct", "web_download": "web-download"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """One source on its way into one image."""

    cloud: Cloud
    wish: UploadWish
    disk: OpenDisk
    progress: Progress
    stop: Stop

    def fill(self, image: Image) -> tuple[Image, dict[str, Any]]:
        """Give an image its bytes and prove them; also how that went."""
        start = time.monotonic()
        self.cloud.fresh_token(_TOKEN_LASTS)
        if self.wish.method in _IMPORT_METHODS:
            content = self._let_import(image)
        else:
            content = self._upload(image)
        seconds = max(time.monotonic() - start, 0.001)
        proven, proven_by = prove(self.cloud, image.id, content, self.progress)
        return proven, {
            "bytes": content.size,
            "seconds": round(seconds, 3),
            "rate": round(content.size / seconds),
            "method": "stream" if self.wish.method == "auto" else self.wish.method,
            "proven_by": proven_by,
        }

    def _upload(self, image: Image) -> Content:
        def send(pieces: Iterable[bytes], size: int | None) -> None:
            self.cloud.data.upload(image.id, pieces, size=size, store=self.wish.store)

        return self._passed("upload", self._target, send)

    @property
    def _target(self) -> Target:
        return "raw" if self.wish.disk_format == "raw" else "keep"

    def _passed(
        self,
        stage: str,
        target: Target,
        send: Callable[[Iterable[bytes], int | None], None],
    ) -> Content:
        """Pass the disk on in one go, and know afterwards what was passed."""
        with (
            self.disk.stream(target) as stream,
            Digests(algorithms(self.cloud)) as digests,
        ):
            self.progress.stage(stage, stream.size)
            send(self._counted(digests.over(stream.pieces)), stream.size)
            return Content(digests=digests.results(), size=digests.size)

    def _counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.stop.check()
            yield piece
            self.progress.moved(len(piece))

    def _let_import(self, image: Image) -> Content:
        """Let the cloud convert; what it should come to is computed here from the same source."""
        method = _IMPORT_METHODS[self.wish.method]
        offered = self.cloud.data.import_methods()
        if method not in offered:
            raise InvalidRequest(
                f"method is {self.wish.method}, but this cloud does not offer {method}; it offers "
                f"{', '.join(offered) or 'no imports at all'}. Use method: stream."
            )
        how: Mapping[str, Any] = {"name": method}
        if self.wish.method == "import":

            def stage(pieces: Iterable[bytes], size: int | None) -> None:
                self.cloud.data.stage(image.id, pieces, size=size)

            self._passed("staging", "keep", stage)
        else:
            how = {"name": method, "uri": self.wish.source}
        self.cloud.data.start_import(image.id, how, store=self.wish.store)
        expected = self._passed("computing what the import comes to", "raw", _drain)
        self._imported(image.id)
        return expected

    def _imported(self, image_id: str) -> None:
        """Wait until the cloud has imported the image, and as raw."""
        image = imported(self.cloud, image_id, self.progress, self.stop)
        if image.disk_format != "raw":
            raise RequestFailed(
                f"The cloud imported the image as {image.disk_format}: it does not convert to raw "
                "(image_conversion is not among its image_import_plugins). Use method: stream."
            )


def _drain(pieces: Iterable[bytes], _size: int | None) -> None:
    for _piece in pieces:
        pass
