# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file system that is soon full."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, mib: int) -> Iterator[None]:
    """So much room in a folder, for as long as the block lasts.

    Only who may mount can have one. A developer without that right does without these tests, and
    is told; where the project itself is tested (CI is set), nothing is left out.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={mib}m,mode=700", "small", str(folder)]
    mounted = subprocess.run(["mount", *options], check=False, capture_output=True, text=True)
    if mounted.returncode:
        why = f"no small disk to fill: {mounted.stderr.strip()}"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
