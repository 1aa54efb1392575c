# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small files that are either whole or not there, and locks between processes."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def write(path: Path, text: str) -> None:
    """Write so that a reader, or a run after a crash, never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    draft.replace(path)


def write_json(path: Path, value: object) -> None:
    write(path, json.dumps(value, indent=2) + "\n")


def read_json(path: Path) -> Any:
    """The value, or None where there is no usable file."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


@contextmanager
def locked(path: Path, busy: str) -> Iterator[int]:
    """Hold the lock file; say `busy` when somebody else has it, then wait."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(busy, file=sys.stderr, flush=True)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            # The holder before us may have removed the folder, lock file included.
            if _same_file(descriptor, path):
                yield descriptor
                return
        finally:
            os.close(descriptor)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
