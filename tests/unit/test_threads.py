# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several things at a time, and what becomes of a failure among them."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.curator.glance.plugins.module_utils.threads import abreast


def test_each_item_is_worked_on_once() -> None:
    """However many there are; none is fine, too."""
    done: list[int] = []
    abreast(done.append, range(100))
    assert sorted(done) == list(range(100))
    abreast(done.append, [])


def test_several_at_a_time_and_no_more() -> None:
    """As many as may be wait here for each other; one more would break the barrier."""
    together = threading.Barrier(4)
    most = threading.BoundedSemaphore(4)

    def meet(_item: int) -> None:
        with most:
            together.wait(timeout=30)

    abreast(meet, range(12), at_most=4)
    assert not together.broken


def test_a_failure_is_raised_where_it_can_be_seen() -> None:
    """And nothing more is begun after it."""
    done: list[int] = []

    def work(item: int) -> None:
        if item == 3:
            raise ValueError(item)
        done.append(item)

    with pytest.raises(ValueError, match="3"):
        abreast(work, range(1000), at_most=1)
    assert done == [0, 1, 2]
