# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What upstream releases: a disk, and the checksums beside it."""

from __future__ import annotations

import hashlib
import random
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.upstream import Upstream

_PIECE = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Release:
    """A released file, and what it comes to as raw."""

    folder: Path
    name: str
    sha512: str
    raw: bytes


def new_release(folder: Path, name: str, *, seed: int = 1, mib: int = 4) -> Release:
    """Release a qcow2 with these random bytes, in place of the one before."""
    folder.mkdir(exist_ok=True)
    numbers = random.Random(seed)  # noqa: S311  # Test data, the same every time.
    # Half of it holes, as in real disks.
    pieces = (bytes(_PIECE) if n % 2 else numbers.randbytes(_PIECE) for n in range(mib * 16))
    plain = folder / "plain"
    plain.write_bytes(b"".join(pieces))
    disk = folder / name
    disk.unlink(missing_ok=True)
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "qcow2", plain, disk], check=True)
    converted = folder / "converted"
    subprocess.run(["qemu-img", "convert", "-f", "qcow2", "-O", "raw", disk, converted], check=True)
    raw = converted.read_bytes()
    plain.unlink()
    converted.unlink()
    digest = hashlib.sha512(disk.read_bytes()).hexdigest()
    (folder / "SHA512SUMS").write_text(f"{digest}  {name}\n")
    return Release(folder=folder, name=name, sha512=digest, raw=raw)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What upstream has for an image of this name."""

    name: str
    release: Release
    server: Upstream

    def asked(self, **options: Any) -> dict[str, Any]:
        """The options of a task that wants it."""
        return {
            "name": self.name,
            "source": self.server.url(self.release.name),
            "source_checksum": f"sha512:{self.server.url('SHA512SUMS')}",
            **options,
        }


def same_bytes(shown: Mapping[str, Any], raw: bytes) -> bool:
    """Whether Glance says of an image that it has these bytes."""
    return bool(
        shown["size"] == len(raw) and shown["os_hash_value"] == hashlib.sha512(raw).hexdigest()
    )
