# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""How long a guest is waited for: as long as it gets on, and not longer than it makes sense."""

from __future__ import annotations

from dataclasses import dataclass

from ..disk import readable
from .seen import Answer
from .signs import Reading

# A guest that shows its login prompt is let in shortly after: within this part of the time that it
# took until then, or so many seconds at the least. Slow machines are slow in both.
_AFTER_UP = 0.5
_AT_LEAST = 6.0
# Where the ssh server serves and does not take the key, less is still to come: cloud-init writes
# keys before it begins.
_AFTER_UP_DENIED = 0.2
# A knock that was on its way when the guest came up has its answer by then; one whose server takes
# the connection and says nothing has none, ever.
_ANSWERS_WITHIN = 30.0
# A jump host that is busy lets in whoever asks once more.
_NO_WAY_FOR = 20.0
# Firmware that looks for a boot loader reads a few sectors; any boot loader reads more than that.
_FIRST_SECTORS = 256 << 10
_READS_NO_MORE = 10.0
# Before it reads the first of them, it looks at all hardware: on a busy machine, that lasts.
_READS_NOTHING = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How it stands with a guest that something is still awaited of; times are in seconds."""

    elapsed: float
    # Since anything about it changed.
    quiet: float
    # When it said that it is up.
    up_at: float | None = None
    # Whether anybody has knocked since, and was answered, or was not for as long as one waits.
    knocked: bool = True
    console: Reading
    # None once somebody is logged in, or where nobody is to.
    answer: Answer | None = None
    # For how long every knock has come back without having found a way.
    no_way: float = 0.0
    # Whether there is anything to wait for but somebody to be let in.
    awaits_console: bool = False
    # Bytes that were read from its disks, where that is known; and for how long no more were.
    read: int | None = None
    since_read: float = 0.0
    # Why the machine does not run any more.
    trouble: str | None = None


def give_up(waiting: Waiting, *, patience: float, time_limit: float) -> str | None:
    """Why no more is to be expected; None while it is."""
    if waiting.console.fatal or waiting.trouble:
        return waiting.console.fatal or waiting.trouble
    if waiting.answer is not None and waiting.no_way > _NO_WAY_FOR:
        return "there is no way to the guest"
    if waiting.elapsed > time_limit:
        return f"it took more than {time_limit:.0f} s (time_limit)"
    if waiting.quiet > patience:
        return f"nothing happened for {patience:.0f} s (timeout)"
    return _never_began(waiting) or _late(waiting)


def _never_began(waiting: Waiting) -> str | None:
    """Why nothing is to come of a guest that has not said a word."""
    if waiting.console.begun or waiting.read is None or waiting.answer not in {None, Answer.SILENT}:
        return None
    enough = _READS_NO_MORE if waiting.read else _READS_NOTHING
    if waiting.read > _FIRST_SECTORS or waiting.since_read <= enough:
        return None
    return (
        f"it read {readable(waiting.read)} of its disks and nothing more for {enough:.0f} s, so "
        "the firmware finds no boot loader"
    )


def _late(waiting: Waiting) -> str | None:
    """Why somebody should have been let in by now."""
    if waiting.answer is None or waiting.up_at is None or waiting.awaits_console:
        return None
    share = _AFTER_UP_DENIED if waiting.answer is Answer.DENIED else _AFTER_UP
    grace = max(_AT_LEAST, share * waiting.up_at)
    since = waiting.elapsed - waiting.up_at
    if since <= grace or not (waiting.knocked or since > grace + _ANSWERS_WITHIN):
        return None
    return f"it was up after {waiting.up_at:.0f} s, and {grace:.0f} s later nobody was let in"
