# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which libraries judge and unpack disks, stated once."""

from __future__ import annotations

from ansible_collections.curator.glance.plugins.module_utils.disk.inspecting import REQUIREMENT

from support.documents import plugin
from support.house import ROOT


def test_the_floors_are_those_of_the_execution_environment() -> None:
    """The modules' own check and the documentation repeat meta/ee-requirements.txt."""
    lines = (ROOT / "meta/ee-requirements.txt").read_text().splitlines()
    stated = {line.partition(";")[0].replace(">=", " >= ") for line in lines}
    documented = plugin("modules.image_inspect").DOCUMENTATION
    assert REQUIREMENT in stated
    assert f"- {REQUIREMENT}\n" in documented
    (zstd,) = (line for line in stated if line.startswith("backports.zstd"))
    assert f"- {zstd} " in documented
