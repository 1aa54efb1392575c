# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a download has to know before it can plan: the image, and what lies where it is to go."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from ..cloud.connect import Cloud
from ..cloud.images import find_image
from ..disk.saving import in_words, look
from ..domain.image import Image
from ..domain.saving.planning import (
    DownloadSeen,
    FileThere,
    digests_needed,
    file_name,
    is_there,
)
from ..domain.saving.record import SUFFIX, Record, Stamp
from ..domain.saving.wish import DownloadWish, Form, form_of
from ..progress import progress_from_environment
from ..source.reckoning import digests_of
from .rereading import require_readable


def read_download(cloud: Cloud, wish: DownloadWish) -> DownloadSeen:
    """Look at both ends. A file that may be the image already is read; no image byte moves."""
    image = find_image(cloud, wish.image)
    form = form_of(wish, image)
    path = _file_for(wish, image, form)
    found = look(path)
    there = None if found is None else FileThere(stamp=stamp_of(found), record=_recorded(path))
    seen = DownloadSeen(image=image, form=form, path=str(path), there=there)
    needed = digests_needed(seen)
    if there is not None and needed:
        progress = progress_from_environment(image.name or image.id)
        with in_words(path):
            digests = digests_of(path, needed, progress, "comparing with what is there")
        seen = replace(seen, there=replace(there, digests=digests))
    if image.status == "deactivated" and not is_there(seen):
        require_readable(cloud, image)
    return seen


def stamp_of(found: os.stat_result) -> Stamp:
    """What tells the file from one that was written to."""
    return Stamp(size=found.st_size, mtime_ns=found.st_mtime_ns)


def _file_for(wish: DownloadWish, image: Image, form: Form) -> Path:
    path = Path(os.path.abspath(wish.path))  # noqa: PTH100  # Path.resolve() would follow links.
    if path.is_dir() or wish.path.endswith(os.sep):
        return path / file_name(image, form)
    return path


def _recorded(path: Path) -> Record | None:
    """What lies beside a file, if it is a record of ours."""
    try:
        return Record.from_text(Path(f"{path}{SUFFIX}").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
