# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C at the moment in which it does most harm: when a line is on its way to the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.run import upload_beside
from faults.scene import Scene
from support.faults import UPLOAD, Drip, Fault, sent
from support.proxy import proxy
from support.waiting import until


@pytest.mark.parametrize("times", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_ctrl_c_while_a_line_is_shown(scene: Scene, tmp_path: Path, times: int) -> None:
    """The play ends soon, the module before it, and nothing is left or published."""
    for number in range(times):
        _interrupted(scene, tmp_path / f"{number}.log")
        until(lambda: not scene.traces(), "its image is gone")
    scene.assert_published(scene.run())


def _interrupted(scene: Scene, log: Path) -> None:
    log.touch()
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(Fault(deed=Drip(1024 * 1024), on=UPLOAD, at=sent()))
        with upload_beside(scene.task(glance=glance), ANSIBLE_LOG_PATH=str(log)) as run:
            until(lambda: ": upload " in log.read_text(), "a line was shown")
            run.interrupt()
            until(lambda: not run.processes(), "all processes have ended")
