# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What is remembered of a file that was hashed, so that it need not be hashed again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from .looking import Version

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What changes when a file is written to, or when another one takes its place."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int
    # After a crash a file may have its size and times, and not its bytes.
    boot: str

    @classmethod
    def of(cls, seen: os.stat_result) -> Self:
        return cls(
            size=seen.st_size,
            mtime_ns=seen.st_mtime_ns,
            ctime_ns=seen.st_ctime_ns,
            inode=seen.st_ino,
            device=seen.st_dev,
            boot=_boot(),
        )

    @property
    def identity(self) -> tuple[int, int, int]:
        """What stays the same as long as nobody writes, even where rights or names change."""
        return self.size, self.mtime_ns, self.inode

    @classmethod
    def at(cls, path: Path) -> Self | None:
        """Of the file at a path, if one is there."""
        try:
            return cls.of(path.stat())
        except FileNotFoundError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The digests of a file, as long as its stamp is the same."""

    stamp: Stamp
    digests: Mapping[str, str]
    version: Version

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """What is recorded in a file; nothing that cannot be understood is worth an error."""
        try:
            told = json.loads(path.read_text())
            digests = {str(name): str(digest) for name, digest in told["digests"].items()}
            version = Version(**told["version"])
            return cls(stamp=Stamp(**told["stamp"]), digests=digests, version=version)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, path: Path) -> None:
        """Record it; a reader finds the old record or the new one, never a half."""
        write_json(path, asdict(self))


def write_json(path: Path, content: Any) -> None:
    """Put a small structure into a file, all at once."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(content))
    fresh.replace(path)


def _boot() -> str:
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return ""
