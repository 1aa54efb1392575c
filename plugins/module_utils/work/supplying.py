# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Where a migration takes its bytes from, as often as somebody needs them from the beginning."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..cloud.connect import Cloud
from ..disk.opening import OpenDisk, open_disk
from ..disk.qemu import require_space
from ..domain.disk import DiskWish, parse_size
from ..domain.image import Image
from ..domain.migration.origin import Origin
from ..domain.migration.wish import MigrationWish
from ..errors import CuratorError, Interrupted, NoSpace, SourceFailed, Unproven
from ..hashing import Digests
from ..progress import Progress
from .origin import DEFAULT_CACHE
from .pacing import paced
from .rereading import Rereading
from .scratch import scratch_folder
from .watching import Stop

# What a small file may claim to be; an image that is larger by Glance's own account may be so, too.
_LARGEST_DISK = parse_size("2 TiB")
_STAGE = "migrate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """The bytes of an image on their way, once."""

    size: int | None
    pieces: Iterable[bytes]
    # In hex and by algorithm; to be asked when the last piece is through.
    digests: Callable[[], Mapping[str, str]]


class Supply(Protocol):
    """What can be asked for the bytes again and again."""

    @property
    def size(self) -> int | None:
        """How many there are."""

    def stream(self, algorithms: Iterable[str]) -> AbstractContextManager[Passing]:
        """All of them from the beginning, with their digests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _AsItIs:
    """The bytes as the source cloud has them; nothing of them is stored here."""

    cloud: Cloud
    image: Image
    wish: MigrationWish
    progress: Progress
    stop: Stop

    @property
    def size(self) -> int | None:
        return self.image.size

    @contextmanager
    def stream(self, algorithms: Iterable[str]) -> Iterator[Passing]:
        with (
            Rereading(
                self.cloud,
                self.image,
                progress=self.progress,
                stop=self.stop,
                retries=self.wish.retries,
                algorithms=algorithms,
                stage=_STAGE,
            ) as reading,
            closing(_from_the_source(reading.pieces())) as pieces,
        ):
            yield Passing(
                size=self.size,
                pieces=paced(pieces, self.wish.rate_limit),
                digests=reading.digests,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Converted:
    """The raw disk in a file that was read before, and judged safe to open."""

    disk: OpenDisk
    wish: MigrationWish
    progress: Progress
    stop: Stop

    @property
    def size(self) -> int | None:
        return self.disk.facts.virtual_size

    @contextmanager
    def stream(self, algorithms: Iterable[str]) -> Iterator[Passing]:
        with self.disk.stream("raw") as stream, Digests(algorithms) as digests:
            self.progress.stage("convert and send", stream.size)
            yield Passing(
                size=stream.size,
                pieces=paced(self._counted(digests.over(stream.pieces)), self.wish.rate_limit),
                digests=digests.results,
            )

    def _counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.stop.check()
            yield piece
            self.progress.moved(len(piece))


@contextmanager
def supplied(
    cloud: Cloud, origin: Origin, wish: MigrationWish, *, progress: Progress, stop: Stop
) -> Iterator[Supply]:
    """The bytes that the image shall have; what is to be converted is read now, and once."""
    as_it_is = _AsItIs(cloud=cloud, image=origin.image, wish=wish, progress=progress, stop=stop)
    if not origin.converts:
        yield as_it_is
        return
    with scratch_folder(Path(wish.cache_dir or DEFAULT_CACHE).expanduser()) as scratch:
        path = scratch / "image"
        _fetch(as_it_is, path)
        with open_disk(path, _disk(origin), scratch=scratch, progress=progress) as disk:
            yield _Converted(disk=disk, wish=wish, progress=progress, stop=stop)


def _fetch(supply: Supply, path: Path) -> None:
    """Bring the bytes here, proven to be those of the source."""
    require_space(path.parent, supply.size or 0)
    try:
        with supply.stream(()) as passing, path.open("wb") as file:
            file.writelines(passing.pieces)
    except OSError as error:
        raise NoSpace(
            f"Cannot keep the image in {path.parent} while it is converted: {error.strerror}. "
            "Name a folder on another disk with cache_dir."
        ) from error


def _disk(origin: Origin) -> DiskWish:
    image = origin.image
    return DiskWish(
        name=f"image {image.id}",
        declared=image.disk_format,
        max_virtual_size=max(_LARGEST_DISK, image.virtual_size or 0),
    )


def _from_the_source(pieces: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
    """The pieces; what goes wrong here is no failure of a destination, to be tried again there."""
    with closing(pieces):
        try:
            yield from pieces
        except (Interrupted, Unproven):
            raise
        except CuratorError as error:
            raise SourceFailed(error.message, **error.facts) from error
