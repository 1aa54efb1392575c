# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A config drive as a file: an ISO 9660 of a few files, made without being root."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .programs import path_of, run

# Programs that make one, all with the same words.
_MAKERS = ("genisoimage", "mkisofs", "xorrisofs")


def make_seed(folder: Path, files: Mapping[str, str], label: str) -> Path:
    """Put texts on a drive with this label."""
    tree = folder / "seed"
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    made = folder / "seed.iso"
    run(seed_maker(), "-quiet", "-J", "-r", "-V", label, "-o", made, tree)
    return made


def seed_maker() -> str:
    """The program that makes one."""
    return path_of(*_MAKERS)
