# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a task waits between its tries."""

from __future__ import annotations

from ansible_collections.curator.glance.plugins.module_utils.work.pausing import FIRST_PAUSE, longer


def test_pauses_grow_and_do_not_become_hours() -> None:
    """As many retries as anybody may name are still tries within a night."""
    pauses = [FIRST_PAUSE]
    for _n in range(1000):
        pauses.append(longer(pauses[-1]))
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) <= 60
