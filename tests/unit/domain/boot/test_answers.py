# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an ssh client's words come to, with a jump host between and without."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.answers import (
    answered,
    understood,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.script import BEGUN, MARK
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.seen import Answer

WARNING = "Warning: Permanently added '198.18.0.9' (ED25519) to the list of known hosts."
# How a client ends whose way is another client's, and that one has ended.
KEX = "kex_exchange_identification: Connection closed by remote host"
ENDED = "Connection closed by UNKNOWN port 65535"
LATE = "Connection timed out during banner exchange"
FORWARDING = "stdio forwarding failed"


@pytest.mark.parametrize(
    "lines, answer, told",
    [
        ([], Answer.SILENT, ""),
        (["ssh: connect to host 198.18.0.9 port 22: No route to host"], Answer.SILENT, "No route"),
        (["ssh: connect to host ::1 port 22: Network is unreachable"], Answer.SILENT, "Network"),
        (
            ["ssh: connect to host 198.18.0.9 port 22: Connection refused"],
            Answer.REFUSED,
            "Connection refused",
        ),
        ([KEX, "Connection closed by 198.18.0.9 port 22"], Answer.REFUSED, "closed by 198.18.0.9"),
        (
            [WARNING, "tiny@198.18.0.9: Permission denied (publickey)."],
            Answer.DENIED,
            "tiny@198.18.0.9: Permission denied",
        ),
        ([WARNING], Answer.SILENT, "Permanently added"),
        (
            ["ssh: Could not resolve hostname x: Name or service not known"],
            Answer.NO_WAY,
            "hostname x",
        ),
    ],
)
def test_a_guest_that_is_reached_directly(lines: list[str], answer: Answer, told: str) -> None:
    """Its own answer, or none."""
    _assert_understood(lines, answer, told)


@pytest.mark.parametrize(
    "lines, answer, told",
    [
        # The jump host is not there, or does not let us in.
        (
            ["ssh: connect to host 127.0.0.1 port 1: Connection refused", KEX, ENDED],
            Answer.NO_WAY,
            "host 127.0.0.1 port 1",
        ),
        (
            ["me@jump: Permission denied (publickey).", KEX, ENDED],
            Answer.NO_WAY,
            "me@jump: Permission denied",
        ),
        (["Host key verification failed.", KEX, ENDED], Answer.NO_WAY, "Host key verification"),
        # It lets us in, and not further.
        (
            [
                "channel 0: open failed: administratively prohibited: open failed",
                *(FORWARDING, KEX, ENDED),
            ],
            Answer.NO_WAY,
            "administratively prohibited",
        ),
        # It tells how it fared with the guest.
        (
            [
                "channel 0: open failed: connect failed: Connection refused",
                *(FORWARDING, KEX, ENDED),
            ],
            Answer.REFUSED,
            "Connection refused",
        ),
        (
            [
                "channel 0: open failed: connect failed: No route to host",
                *(FORWARDING, KEX, ENDED),
            ],
            Answer.SILENT,
            "No route to host",
        ),
        # Nobody says anything.
        ([LATE, "Connection to UNKNOWN port 65535 timed out"], Answer.SILENT, "timed out"),
        ([KEX, ENDED], Answer.SILENT, "65535"),
        # The guest's own word, over a way that works.
        (
            [WARNING, "tiny@198.18.0.9: Permission denied (publickey)."],
            Answer.DENIED,
            "tiny@198.18.0.9",
        ),
    ],
)
def test_a_guest_behind_a_jump_host(lines: list[str], answer: Answer, told: str) -> None:
    """What is the jump host's doing says nothing of the guest."""
    _assert_understood(lines, answer, told)


def _assert_understood(lines: list[str], answer: Answer, told: str) -> None:
    found, said = understood("\r\n".join(lines))
    assert found is answer
    assert told in said


def test_who_is_in_has_seen_the_script_begin() -> None:
    """Other words come from a command that is forced on whoever logs in."""
    turned_away = 'Please login as the user "debian" rather than the user "root".'
    assert answered(f"hello\n{MARK}{BEGUN}\n", "", succeeded=False) == (Answer.LET_IN, "")
    assert answered("", "", succeeded=True) == (Answer.LET_IN, "")
    for succeeded in (True, False):
        said = answered(f"\n\x1b\n{turned_away}\n\n", "Connection closed.", succeeded=succeeded)
        assert said == (Answer.DENIED, turned_away)
    assert answered("x" * 10_000, "", succeeded=False) == (Answer.DENIED, "x" * 160)
    silent = answered(
        " \n", "ssh: connect to host ::1 port 22: Connection refused", succeeded=False
    )
    assert silent[0] is Answer.REFUSED
