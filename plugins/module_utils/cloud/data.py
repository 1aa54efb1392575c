# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The bytes of images: up, down, and in by the cloud's own hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from ..errors import NotReady
from .answer import Answer
from .service import Service

_BYTES = {"Content-Type": "application/octet-stream"}
_ANNOUNCED = "X-OpenStack-Image-Size"
_STORE = "X-Image-Meta-Store"
PIECE = 1024 * 1024

_HINTS = {
    400: "Check store, and that disk_format and container_format are allowed there.",
    403: "The cloud's policy does not let this session upload images.",
    409: "Somebody else writes to this image.",
    410: "Somebody deleted the image meanwhile.",
    413: (
        "The cloud's quota on image storage or its largest image size is reached: remove images, "
        "or ask the provider for more."
    ),
    415: "The cloud looked into the bytes and found another format than disk_format says.",
}

_HINTS_TO_READ = {
    403: (
        "It is deactivated, or the cloud's policy does not let this session download it. An "
        "administrator may read a deactivated image; image_metadata with active: true lets "
        "everybody again."
    ),
    404: "Somebody deleted it meanwhile, or took it away from this project.",
}
_NO_RANGE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE})


class ImageData:
    """What moves or makes the bytes of images."""

    def __init__(self, service: Service, patience: float) -> None:
        self._service = service
        # How long a transfer may stand still.
        self._patience = patience

    def upload(
        self, image_id: str, pieces: Iterable[bytes], *, size: int | None, store: str | None
    ) -> None:
        """Send an image its bytes. What was sent is gone: a failed upload is never sent again."""
        headers = {**_BYTES, **({_STORE: store} if store else {})}
        self._send(image_id, "file", pieces, size, headers)

    def stage(self, image_id: str, pieces: Iterable[bytes], *, size: int | None) -> None:
        """Send the cloud bytes that it shall import afterwards."""
        self._send(image_id, "stage", pieces, size, _BYTES)

    def _send(
        self,
        image_id: str,
        what: str,
        pieces: Iterable[bytes],
        size: int | None,
        headers: Mapping[str, str],
    ) -> None:
        announced = {} if size is None else {_ANNOUNCED: str(size)}
        self._service.stream_up(
            _path(image_id, what),
            pieces if size is None else _Sized(pieces, size),
            doing=f"send the data of image {image_id}",
            headers={**headers, **announced},
            timeout=self._patience,
            hints=_HINTS,
        )

    def start_import(self, image_id: str, method: Mapping[str, Any], *, store: str | None) -> None:
        """Let the cloud make the image from what was staged, or from an address."""
        body: dict[str, Any] = {"method": dict(method)}
        if store:
            body["stores"] = [store]
        self._service.send(
            "POST",
            _path(image_id, "import"),
            doing=f"start the import of image {image_id}",
            hints={
                400: "Its import_filtering_opts may forbid the address, or the method is not on.",
                403: "The cloud's policy does not let this session import images.",
                409: "Somebody else imports this image.",
            },
            json=body,
        )

    def import_methods(self) -> tuple[str, ...]:
        """In which ways the cloud imports."""
        info = self._service.send(
            "GET", "/info/import", doing="ask how the cloud imports", expect="import-methods"
        )
        return tuple(info["import-methods"]["value"])

    @contextmanager
    def opened(self, image_id: str, *, start: int = 0) -> Iterator[Answer]:
        """What the cloud answers when it is asked for an image's bytes, all or from one on.

        Stores that have no ranges refuse them with 400, or give the whole image.
        """
        with self._service.opened(
            _path(image_id, "file"),
            doing=f"read image {image_id}",
            timeout=self._patience,
            headers={"Range": f"bytes={start}-"} if start else {},
            hints=_HINTS_TO_READ,
            also=_NO_RANGE if start else (),
        ) as answer:
            if answer.status == HTTPStatus.NO_CONTENT:
                raise NotReady(
                    f"Image {image_id} has no data (HTTP 204): it was never sent. Upload it, or "
                    "take another image."
                )
            yield answer

    def download(self, image_id: str) -> Iterator[bytes]:
        """The bytes of an image, as the cloud has them; a connection that breaks is an error."""
        with self.opened(image_id) as answer:
            yield from answer.pieces(PIECE)


class _Sized:
    """Pieces whose sum is known, which is how the HTTP library comes to a Content-Length."""

    def __init__(self, pieces: Iterable[bytes], size: int) -> None:
        self._pieces = pieces
        self._size = size

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def __len__(self) -> int:
        return self._size


def _path(image_id: str, what: str) -> str:
    return f"/images/{quote(image_id, safe='')}/{what}"
