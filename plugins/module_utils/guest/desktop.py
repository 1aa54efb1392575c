# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Whether a remote desktop answers, as Windows has it: the first words of RDP, and no more."""

from __future__ import annotations

import socket

_SECONDS = 3.0
# A packet (TPKT) that asks for a connection (X.224), with any kind of security.
_ASKS = bytes.fromhex("030000130ee000000000000100080003000000")
# A packet of the same kind that confirms one.
_VERSION, _CONFIRMS, _AT = 0x03, 0xD0, 5


def answers(host: str, port: int) -> bool:
    """Whether there is one: a port that merely opens is not enough."""
    try:
        with socket.create_connection((host, port), timeout=_SECONDS) as connection:
            connection.sendall(_ASKS)
            said = connection.recv(64)
    except OSError:
        return False
    return len(said) > _AT and said[0] == _VERSION and said[_AT] == _CONFIRMS
