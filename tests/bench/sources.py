# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is uploaded: qcow2 files of made-up content, the same bytes on every machine."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from loopback import files

_MIB = 2**20
# Raised whenever the same description would make other bytes.
_RECIPE = 1
_HALF_PAGE = 2048
_DULL = b"curator.glance bench: the dull half of a page. ".ljust(64, b".") * (_HALF_PAGE // 64)


@dataclass(frozen=True)
class Shape:
    """A disk of so many MiB, so many of them data, evenly spread; each seed makes other data."""

    virtual: int
    data: int
    seed: int = 0

    @property
    def file(self) -> str:
        return f"disk-{self.virtual}-{self.data}-{self.seed}.qcow2"


@dataclass(frozen=True)
class Source:
    """A qcow2 file, and what has to be in Glance in the end."""

    file: str
    size: int
    sha512: str
    raw_size: int
    raw_sha512: str


@dataclass(frozen=True)
class Sizes:
    """What a bench of one size uploads."""

    # What everybody is compared with.
    disk: Shape
    # Smaller ones that are uploaded side by side, or it would take all day.
    several: tuple[Shape, ...]
    # The same data on a disk ten times as large, for the memory that it takes.
    wide: Shape


def _sizes(virtual: int, data: int) -> Sizes:
    return Sizes(
        disk=Shape(virtual, data),
        several=tuple(Shape(virtual // 4, data // 4, seed) for seed in range(4)),
        wide=Shape(10 * virtual, data),
    )


SIZES = {"full": _sizes(2048, 1024), "small": _sizes(64, 32)}


class Shelf:
    """A folder of sources, with a SHA512SUMS beside them, as upstreams have one."""

    def __init__(self, cache: Path) -> None:
        self.folder = cache / f"bench-sources-{_RECIPE}"
        self.folder.mkdir(parents=True, exist_ok=True)

    def source(self, shape: Shape) -> Source:
        """A source of this shape; made first if it is missing."""
        record = self.folder / f"{shape.file}.json"
        lock = self.folder / "lock"
        with files.locked(lock, f"waiting for another run that makes files in {self.folder}"):
            known = files.read_json(record)
            if known and (self.folder / shape.file).exists():
                return Source(**known)
            print(f"Making {self.folder / shape.file} (once)", file=sys.stderr)
            made = self._make(shape)
            files.write_json(record, asdict(made))
            self._write_sums()
            return made

    def _make(self, shape: Shape) -> Source:
        target = self.folder / shape.file
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            raw = Path(scratch, "disk.raw")
            _write_raw(raw, shape)
            draft = Path(scratch, shape.file)
            subprocess.run(
                ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, draft], check=True
            )
            made = Source(
                file=shape.file,
                size=draft.stat().st_size,
                sha512=_sha512(draft),
                raw_size=raw.stat().st_size,
                raw_sha512=_sha512(raw),
            )
            draft.replace(target)
        return made

    def _write_sums(self) -> None:
        known = [files.read_json(record) for record in sorted(self.folder.glob("*.json"))]
        lines = [f"{source['sha512']}  {source['file']}\n" for source in known]
        files.write(self.folder / "SHA512SUMS", "".join(lines))


def _write_raw(path: Path, shape: Shape) -> None:
    noise = random.Random(shape.seed)  # noqa: S311  # The same bytes each time is the point.
    with path.open("wb") as raw:
        raw.truncate(shape.virtual * _MIB)
        for piece in range(shape.data):
            raw.seek(piece * shape.virtual // shape.data * _MIB)
            random_half = noise.randbytes(_MIB // 2)
            raw.writelines(
                random_half[start : start + _HALF_PAGE] + _DULL
                for start in range(0, len(random_half), _HALF_PAGE)
            )


def _sha512(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha512").hexdigest()
