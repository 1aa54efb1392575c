# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken for a remote desktop, and what only sits at its port."""

from __future__ import annotations

import socket

import pytest
from ansible_collections.curator.glance.plugins.module_utils.guest.desktop import answers

from support.desktops import CONFIRMED, desktop


def test_a_remote_desktop() -> None:
    """It is asked one question, and nobody is logged in."""
    with desktop(lambda _caller: CONFIRMED) as there:
        assert answers(*there.address)
    (asked,) = there.heard
    # A packet of its own length, which asks for a connection.
    assert (asked[0], asked[3], asked[5]) == (3, len(asked), 0xE0)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(CONFIRMED[:5], id="too little"),
        pytest.param(b"HTTP/1.0 400 Bad request\r\n\r\n", id="a web server"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", id="an ssh server"),
        pytest.param(CONFIRMED[:5] + b"\x80" + CONFIRMED[6:], id="a refusal"),
    ],
)
def test_something_else_at_its_port(said: bytes) -> None:
    """A port that opens is not enough."""
    with desktop(lambda _caller: said) as there:
        assert not answers(*there.address)
    assert there.heard


def test_nobody_at_its_port() -> None:
    """As long as the guest is not that far."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
    assert not answers(*address)
