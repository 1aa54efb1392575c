# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an image that was made anew is worth taking the place of the old one."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.work.preparing import is_smaller


@pytest.mark.parametrize("mib, smaller", [(8, False), (9, False), (4, True)])
def test_smaller(tmp_path: Path, mib: int, *, smaller: bool) -> None:
    """By the room that it takes: both have holes where nothing is."""
    source, built = tmp_path / "source", tmp_path / "built"
    source.write_bytes(b"\1" * (8 << 20))
    with built.open("wb") as file:
        file.write(b"\1" * (mib << 20))
        file.truncate(1 << 30)
    assert is_smaller(built, source) == smaller
