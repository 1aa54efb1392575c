# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Compressed data as a stream, whatever packed it: xz, gz, bz2, zst."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from ..errors import MissingLibrary, RefusedDisk
from .region import PIECE, Pieces

try:
    # In the standard library from Python 3.14 on, and before that under this name: of the libraries
    # for zstd, the one whose objects work like those of lzma and bz2.
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    try:
        from backports import zstd
    except ImportError:
        zstd = None  # type: ignore[assignment,unused-ignore]

# What a packed file may make us keep in memory. xz -9 needs 65 MiB, zstd --ultra 128 MiB.
_MEMORY = 192 << 20
_ZSTD_WINDOW_BITS = 27


class _Engine(Protocol):
    """What the decompressors of lzma, bz2 and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the same handles."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not (self._inner.unconsumed_tail or self.eof)

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = PIECE, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def unpacked(packing: str, pieces: Pieces) -> Pieces:
    """What a packed stream holds, in pieces of limited size however well it is packed."""
    engine: _Engine | None = None
    ended = False
    for piece in pieces:
        data = piece
        while data or engine:
            if engine is None:
                # Several packed streams may follow one another, with zeros in between.
                data = data.lstrip(b"\x00")
                if not data:
                    break
                engine = _MAKERS[packing]()
            try:
                out = engine.decompress(data, PIECE)
            except _ERRORS as error:
                raise RefusedDisk(_trouble(packing, error, ended=ended)) from error
            if out:
                yield out
            data = b""
            if engine.eof:
                data, engine, ended = engine.unused_data, None, True
            elif engine.needs_input:
                break
    if engine is not None or not ended:
        raise RefusedDisk(
            f"Its {packing} data ends in the middle: it was cut short. Fetch it again."
        )


def _trouble(packing: str, error: Exception, *, ended: bool) -> str:
    if ended:
        return f"Something else follows its {packing} data ({error}). Fetch it again."
    return f"Its {packing} data cannot be unpacked ({error}). If it is damaged, fetch it again."


def _zstd() -> Any:
    return require_zstd().ZstdDecompressor(
        options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_BITS}
    )


def require_zstd() -> Any:
    """The library for zstd, or which to install."""
    if zstd is None:
        raise MissingLibrary(
            "The file is packed with zstd. For that, Python before 3.14 needs backports.zstd "
            ">= 1.0.0 where the module runs. Install it there, or unpack the file yourself."
        )
    return zstd


_MAKERS: dict[str, Callable[[], _Engine]] = {
    "gz": _Gzip,
    "bz2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY),
    "zst": _zstd,
}
_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    *((zstd.ZstdError,) if zstd else ()),
)
COMPRESSIONS = frozenset(_MAKERS)
