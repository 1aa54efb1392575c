# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What came of knocking: by a guest's words, or by those of the ssh client that was not let in.

The client's are those of the last twenty years.
"""

from __future__ import annotations

from .facts import is_in
from .seen import Answer

_DENIED = ("permission denied", "too many authentication failures", "no supported authentication")
# Somebody is there: a port that is closed, or one that is open and nobody serves.
_REFUSED = ("connection refused", "connection reset", "connection closed by remote host")
_NO_WAY = ("could not resolve hostname", "host key verification failed")
# What a client says that reads from another one, whose connection has ended: that of a jump host.
_THE_WAY_ENDED = "unknown port"
# The jump host let us in, and has this to say of its own way to the guest.
_FURTHER = "open failed"
_PROHIBITED = "prohibited"
# Lines that follow from others, and tell nothing by themselves.
_FOLLOWS = (
    *("warning:", "stdio forwarding failed", "kex_exchange_identification:"),
    *("connection timed out during banner exchange", "connection closed by unknown port"),
    *("connection reset by unknown port", "connection to unknown port"),
)
# So much is quoted of what a guest says.
_LONGEST_QUOTE = 160


def answered(output: str, client: str, *, succeeded: bool) -> tuple[Answer, str]:
    """What a session came to that has ended, and the line that tells most."""
    answer, told = understood(client)
    words = [line for line in map(_printable, output.splitlines()) if line]
    if is_in(output) or (succeeded and not words):
        return Answer.LET_IN, told
    if words:
        # Another program than ours ran: images of clouds tell root as whom to log in.
        return Answer.DENIED, words[0][:_LONGEST_QUOTE]
    return answer, told


def understood(client: str) -> tuple[Answer, str]:
    """What it comes to, and the line that tells most."""
    lines = [line for line in map(_printable, client.splitlines()) if line]
    telling = [line for line in lines if not line.lower().startswith(_FOLLOWS)]
    told = (telling or lines or [""])[-1]
    said = client.lower()
    if _THE_WAY_ENDED not in said:
        return _of_guest(said), told
    if not telling:
        # Whoever is at the other end said nothing, and neither did the jump host.
        return Answer.SILENT, told
    if _FURTHER not in said:
        # All of this is about the jump host itself.
        return Answer.NO_WAY, told
    if _PROHIBITED in said:
        return Answer.NO_WAY, told
    return (Answer.REFUSED if _REFUSED[0] in said else Answer.SILENT), told


def _of_guest(said: str) -> Answer:
    for words, answer in (
        (_NO_WAY, Answer.NO_WAY),
        (_DENIED, Answer.DENIED),
        (_REFUSED, Answer.REFUSED),
    ):
        if any(word in said for word in words):
            return answer
    return Answer.SILENT


def _printable(line: str) -> str:
    return "".join(c for c in line if c.isprintable()).strip()
