# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a proxy can do to a connection: which deed, at which point, of which request."""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass, field
from http.client import HTTPMessage
from typing import Literal

# What puts an image's data into Glance.
UPLOAD = r"PUT /v2/images/[^/]+/file"
ALWAYS = math.inf
# How long modules of these tests wait, in seconds, for what does not move. Tests wait as long for
# each of them to give up; and less than this, a busy machine stands still by itself.
PATIENCE = 5
# Beyond every limit that a test sets itself.
_HANGS_AFTER = 300

Side = Literal["request", "answer"]


@dataclass(frozen=True)
class Point:
    """A place in an exchange; before the first byte of a body, its headers are held back too."""

    side: Side
    share: float
    octets: int | None

    def position_in(self, side: Side, length: int | None) -> int | None:
        """How much of a body passes before it; None where it is in no such body."""
        if side != self.side:
            return None
        if self.octets is not None or self.share == 0:
            return self.octets or 0
        return None if length is None else int(self.share * length)


def sent(share: float = 0.0, *, octets: int | None = None) -> Point:
    """So much of the request's body has gone through; at 0 the server knows nothing of it."""
    # At its end nobody could say what comes first, the fault or the answer: that is `answered()`.
    assert share < 1
    return Point("request", share, octets)


def answered(share: float = 0.0, *, octets: int | None = None) -> Point:
    """So much of the answer's body has gone through; at 0 the client knows nothing of it."""
    return Point("answer", share, octets)


@dataclass(frozen=True)
class Cut:
    """Reset the connection. What its reader has not taken yet is lost with it."""


@dataclass(frozen=True)
class HangUp:
    """End the connection in order: all that has gone through arrives, and nothing behind it."""


@dataclass(frozen=True)
class Answer:
    """Answer in the server's stead, and hang up without reading on, as servers do."""

    status: int


@dataclass(frozen=True)
class Silence:
    """Keep the connection open, and pass nothing on any more."""


@dataclass(frozen=True)
class Drip:
    """Go on, with so many bytes in a second."""

    rate: int


@dataclass(frozen=True)
class Flip:
    """Pass the next byte of the body on as another one."""


@dataclass(frozen=True)
class Rewrite:
    """Put other words, equally long, in the place of these in the next piece of the body."""

    old: bytes
    new: bytes

    def __post_init__(self) -> None:
        # The headers have said by then how long the body is.
        assert len(self.old) == len(self.new)


class Hold:
    """Wait until the test says that it goes on: so an instant lasts as long as it is needed."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.released = threading.Event()

    def wait(self) -> None:
        """Return as soon as an exchange has come to the point."""
        assert self.reached.wait(_HANGS_AFTER), "nothing came to the point where it is held"

    def release(self) -> None:
        self.released.set()


Deed = Cut | HangUp | Answer | Silence | Drip | Flip | Rewrite | Hold


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong, where in an exchange, and in which of them."""

    deed: Deed
    # A regular expression for the beginning of METHOD PATH?QUERY.
    on: str = UPLOAD
    at: Point = field(default_factory=sent)
    # So many of these requests pass unharmed before, and so many are hit.
    skip: int = 0
    times: float = 1


@dataclass
class Passed:
    """One request, as far as it came."""

    line: str
    headers: HTTPMessage
    # How much of its body went on to the server.
    octets: int = 0
    # What the client was answered; None if it was not.
    status: int | None = None


@dataclass
class Planned:
    """A fault, and how often it is still to happen."""

    fault: Fault
    to_skip: int
    left: float
    happened: int = 0

    @property
    def spent(self) -> bool:
        return self.happened > 0 and (self.left <= 0 or self.fault.times == ALWAYS)


class Ledger:
    """The requests that came, and the faults that wait for one."""

    def __init__(self) -> None:
        # In the order in which they began.
        self.requests: list[Passed] = []
        self._planned: list[Planned] = []
        self._changed = threading.Condition()

    def fault(self, fault: Fault) -> None:
        """Plan a fault; of several that fit a request, the first has it."""
        with self._changed:
            self._planned.append(Planned(fault, to_skip=fault.skip, left=fault.times))

    def hold(self, on: str = UPLOAD, at: Point | None = None) -> Hold:
        """Hold the next of these requests at a point."""
        deed = Hold()
        self.fault(Fault(deed=deed, on=on, at=at or sent()))
        return deed

    def begun(self, passed: Passed) -> Planned | None:
        """Enter a request, and say which fault it meets."""
        with self._changed:
            self.requests.append(passed)
            self._changed.notify_all()
            for one in self._planned:
                if one.left <= 0 or not re.match(one.fault.on, passed.line):
                    continue
                if one.to_skip:
                    one.to_skip -= 1
                    continue
                one.left -= 1
                return one
        return None

    def seen(self, on: str = UPLOAD) -> list[Passed]:
        """The requests of this kind so far."""
        with self._changed:
            return [passed for passed in self.requests if re.match(on, passed.line)]

    def wait_for(self, on: str = UPLOAD, count: int = 1) -> None:
        """Return when so many requests of this kind have begun."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.seen(on)) >= count, _HANGS_AFTER)
        assert came, f"{len(self.seen(on))} requests {on} came, and not {count}"

    def unspent(self) -> list[Fault]:
        """Faults that did not happen, or not as often as they were to."""
        with self._changed:
            return [one.fault for one in self._planned if not one.spent]
