# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a guest is given up, and why; and that a slow one is not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.patience import (
    Waiting,
    give_up,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.seen import Answer
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.signs import read_console

KERNEL = read_console("[    0.000000] Linux version 6.1\n")
PROMPT = read_console("Debian GNU/Linux 12 debian ttyS0\n\ndebian login: ")
PANIC = read_console("Kernel panic - not syncing: Attempted to kill init!\n")
NOTHING = read_console("")
NO_LOADER = "so the firmware finds no boot loader"


def why(**seen: Any) -> str | None:
    """Why a guest is given up, if it is, after two minutes with a word now and then."""
    given = {"elapsed": 120.0, "quiet": 5.0, "console": KERNEL, "answer": Answer.SILENT, **seen}
    return give_up(Waiting(**given), patience=180, time_limit=1800)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param({}, id="it boots"),
        pytest.param({"quiet": 180.0}, id="it thinks"),
        pytest.param({"console": NOTHING, "quiet": 120.0}, id="it has no serial console, perhaps"),
        pytest.param({"console": NOTHING, "read": 0, "since_read": 25.0}, id="slow firmware"),
        pytest.param({"console": NOTHING, "read": 9000, "since_read": 9.0}, id="a boot loader"),
        pytest.param({"console": NOTHING, "read": 1 << 20, "since_read": 99.0}, id="a kernel"),
        pytest.param({"read": 9000, "since_read": 99.0}, id="it speaks instead"),
        pytest.param({"console": PROMPT, "up_at": 80.0}, id="up, and ssh is to come"),
        pytest.param(
            {"console": PROMPT, "up_at": 70.0, "knocked": False}, id="up, and a knock is under way"
        ),
        pytest.param({"answer": Answer.NO_WAY, "no_way": 15.0}, id="the jump host is busy"),
        pytest.param({"console": PROMPT, "up_at": 20.0, "answer": None}, id="somebody is in"),
        pytest.param(
            {"console": PROMPT, "up_at": 20.0, "awaits_console": True}, id="up, and not yet ready"
        ),
    ],
)
def test_a_guest_that_is_waited_for(seen: dict[str, Any]) -> None:
    """As long as something may yet come of it."""
    assert why(**seen) is None


@pytest.mark.parametrize(
    "seen, told",
    [
        ({"console": PANIC}, "The kernel panicked: Attempted to kill init!"),
        ({"trouble": "the guest switched itself off"}, "the guest switched itself off"),
        ({"answer": Answer.NO_WAY, "no_way": 21.0}, "there is no way to the guest"),
        ({"elapsed": 1801.0}, "it took more than 1800 s (time_limit)"),
        ({"quiet": 181.0}, "nothing happened for 180 s (timeout)"),
        (
            {"console": NOTHING, "read": 9216, "since_read": 11.0},
            f"it read 9 KiB of its disks and nothing more for 10 s, {NO_LOADER}",
        ),
        (
            {"console": NOTHING, "read": 0, "since_read": 31.0},
            f"it read 0 bytes of its disks and nothing more for 30 s, {NO_LOADER}",
        ),
        (
            {"console": PROMPT, "up_at": 70.0},
            "it was up after 70 s, and 35 s later nobody was let in",
        ),
        (
            {"console": PROMPT, "up_at": 30.0, "knocked": False},
            "it was up after 30 s, and 15 s later nobody was let in",
        ),
        (
            {"console": PROMPT, "up_at": 70.0, "answer": Answer.DENIED},
            "it was up after 70 s, and 14 s later nobody was let in",
        ),
    ],
)
def test_a_guest_that_is_given_up(seen: dict[str, Any], told: str) -> None:
    """Each for what is known of it, long before any time is over where something is."""
    assert why(**seen) == told
