# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a guest writes on its serial console, as it comes."""

from __future__ import annotations

import os
import threading
from collections import deque
from typing import IO

from ..threads import begin

_PIECE = 64 << 10
# The beginning has what matters most, and the end what matters now. What a guest without end writes
# between them is forgotten.
_BEGINNING = 256 << 10
_PIECES_AT_END = 16
_LEFT_OUT = b"\n[...]\n"


class Console:
    """Reads a pipe to its end, so that whoever writes never has to wait."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._begun = b""
        self._end: deque[bytes] = deque()
        self._left_out = False
        self._lock = threading.Lock()
        self._reader = begin(self._read)

    @property
    def text(self) -> str:
        """All that was written, or its beginning and its end."""
        with self._lock:
            gap = _LEFT_OUT if self._left_out else b""
            return (self._begun + gap + b"".join(self._end)).decode(errors="replace")

    def close(self) -> None:
        """Read what is left, once the writer is gone."""
        self._reader.join()
        self._pipe.close()

    def _read(self) -> None:
        while piece := os.read(self._pipe.fileno(), _PIECE):
            with self._lock:
                room = _BEGINNING - len(self._begun)
                self._begun += piece[:room]
                if piece[room:]:
                    self._end.append(piece[room:])
                while sum(map(len, self._end)) > _PIECES_AT_END * _PIECE:
                    self._end.popleft()
                    self._left_out = True
