# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every hostile or odd file is refused, for the right reason, before anything opens it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.disk.opening import open_disk
from ansible_collections.curator.glance.plugins.module_utils.domain.disk import DiskWish
from ansible_collections.curator.glance.plugins.module_utils.errors import CuratorError
from ansible_collections.curator.glance.plugins.module_utils.progress import NoProgress

from support.disks import Workshop
from support.hostile import Hostile
from support.hostile_archives import ARCHIVES
from support.hostile_disks import DISKS
from support.hostile_vhds import VHDS
from unit.disk.conftest import Look

CASES = DISKS | VHDS | ARCHIVES


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_hostile_disk_is_refused(
    shop: Workshop, look: Look, tmp_path: Path, case: Hostile
) -> None:
    """With the reason, to who only looks and to who would use it."""
    made = case.make(shop)
    facts = look(made, **case.wish)
    assert not facts.safe
    assert case.says in " ".join(facts.reasons)

    path = made if isinstance(made, Path) else tmp_path / "file"
    wish = DiskWish(name="it.img", **case.wish)
    with (
        pytest.raises(CuratorError) as refused,
        open_disk(path, wish, scratch=tmp_path, progress=NoProgress()) as disk,
        disk.stream("raw") as stream,
    ):
        for _piece in stream.pieces:
            pass
    assert "it.img" in refused.value.message
    assert case.says in refused.value.message
