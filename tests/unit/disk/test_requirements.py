# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which library judges disks, stated once."""

from __future__ import annotations

from ansible_collections.curator.glance.plugins.module_utils.disk.inspecting import REQUIREMENT

from support.house import ROOT


def test_the_floor_is_that_of_the_execution_environment() -> None:
    """The modules' own check repeats meta/ee-requirements.txt, which the documentation follows."""
    lines = (ROOT / "meta/ee-requirements.txt").read_text().splitlines()
    assert REQUIREMENT.replace(" ", "") in lines
