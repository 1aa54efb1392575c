# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.work import boot_watch

from support.paper_boots import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of whoever watches a guest."""
    clock = Clock()
    monkeypatch.setattr(boot_watch, "time", clock)
    return clock
