# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Watching a guest from its start until all is seen that is expected, or nothing more will come."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from ..domain.boot.facts import facts_from, is_in
from ..domain.boot.patience import Waiting, give_up
from ..domain.boot.script import SCRIPT
from ..domain.boot.seen import IPV4, IPV6, Answer, Reach, Seen
from ..domain.boot.signs import Reading, found_on, read_console
from ..errors import CheckFailed
from ..guest.desktop import answers
from ..guest.ssh import Client, Said, Session
from .boot_place import Errand, Guest, Place

# How often to see whether a knock was answered, for which no service is asked.
_SECONDS_BETWEEN_GLANCES = 0.1
# Between two knocks at a door where nobody answered.
_SECONDS_BETWEEN_KNOCKS = 0.5
_FAMILIES = (IPV4, IPV6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """All that came of a try."""

    seen: Seen = field(default_factory=Seen)
    console: str = ""
    # How many seconds after the beginning it got so far.
    phases: dict[str, float] = field(default_factory=dict)


class BootWatch:
    """One guest on its way up."""

    def __init__(self, errand: Errand, place: Place) -> None:
        self._errand = errand
        self._place = place
        self._expected = errand.wish.expected
        self._began = time.monotonic()
        self._changed = self._began
        self._phases: dict[str, float] = {}
        self._text = ""
        self._up_at: float | None = None
        self._read: int | None = None
        self._read_at = self._began
        user = errand.wish.login_user(place.properties()) if self._expected.ssh else ""
        self._client = Client(errand.folder, errand.key, user) if user else None
        self._knocks = _Knocks(self._client)
        self._seen = Seen(key=errand.key.public, user=user)

    @property
    def console(self) -> str:
        """All that was on the console by now, or the end of it."""
        return self._text

    def run(self) -> Watched:
        """Start the guest, watch it, and let go of it."""
        self._errand.progress.stage("starting the guest")
        try:
            with self._place.started() as guest:
                self._reached("started")
                self._see(started=guest.told, assigned=guest.assigned())
                try:
                    self._watch(guest)
                finally:
                    self._knocks.end()
        except CheckFailed as failed:
            self._see(given_up=failed.message)
        self._reached("ended")
        return Watched(seen=self._seen, console=self._text, phases=self._phases)

    def _watch(self, guest: Guest) -> None:
        self._errand.progress.stage("waiting for the guest")
        while True:
            self._errand.stop.check()
            self._look_at_console(guest)
            self._look_at_disk(guest)
            self._knock(guest)
            if not self._awaited():
                break
            wish = self._errand.wish
            why = give_up(self._waiting(guest), patience=wish.patience, time_limit=wish.time_limit)
            if why is not None:
                self._see(given_up=why)
                self._look_at_console(guest)
                return
            self._pause(guest)
        self._look_around(guest)

    def _pause(self, guest: Guest) -> None:
        """Until it makes sense to look again, or until whoever knocks has an answer."""
        rest = guest.looks_every
        while rest > 0 and not self._knocks.answered:
            step = min(rest, _SECONDS_BETWEEN_GLANCES) if self._knocks.waiting else rest
            time.sleep(step)
            rest -= step

    def _awaited(self) -> list[str]:
        """What has yet to be seen."""
        expected, seen = self._expected, self._seen
        awaited = []
        if expected.ssh and seen.facts is None:
            awaited.append("ssh")
        if expected.rdp and not seen.rdp:
            awaited.append("rdp")
        if expected.console is not None and seen.marker is None:
            awaited.append("console")
        if expected.console is None and expected.console_only and not seen.console.up:
            awaited.append("login prompt")
        return awaited

    def _waiting(self, guest: Guest) -> Waiting:
        now = time.monotonic()
        awaited = self._awaited()
        knocking = bool({"ssh", "rdp"} & set(awaited)) and self._seen.answer is not Answer.LET_IN
        answered = self._knocks.answered_begun - self._began
        return Waiting(
            elapsed=now - self._began,
            quiet=now - self._changed,
            up_at=self._up_at,
            knocked=self._client is None or answered >= (self._up_at or 0.0),
            console=self._seen.console,
            answer=self._seen.answer if knocking else None,
            no_way=self._knocks.no_way(now),
            awaits_console="console" in awaited,
            read=self._read,
            since_read=now - self._read_at,
            trouble=guest.trouble(),
        )

    def _look_at_console(self, guest: Guest) -> None:
        text = guest.console()
        if text == self._text:
            return
        # Whatever it says, it does something.
        self._text, self._changed = text, time.monotonic()
        reading = read_console(text)
        marker = self._seen.marker
        if self._expected.console is not None and marker is None:
            marker = found_on(self._expected.console, text)
        self._note(reading, marker)
        self._see(console=reading, marker=marker)

    def _look_at_disk(self, guest: Guest) -> None:
        """Whether a guest that says nothing does anything: not all have a serial console."""
        if self._seen.console.begun:
            return
        read = guest.bytes_read()
        if read is not None and read != self._read:
            self._read = read
            self._read_at = self._changed = time.monotonic()

    def _note(self, reading: Reading, marker: str | None) -> None:
        if reading.begun:
            self._reached("console")
        if reading.up:
            self._reached("up")
            self._up_at = self._up_at or self._phases["up"]
        if marker is not None:
            self._reached("marker")

    def _knock(self, guest: Guest) -> None:
        """Try the guest's doors, one after the other, until somebody is let in."""
        if self._expected.rdp and not self._seen.rdp and (there := guest.desktop()):
            self._see(rdp=answers(*there))
            if self._seen.rdp:
                self._reached("rdp")
        if not self._expected.ssh or self._seen.facts is not None:
            return
        said = self._knocks.go_on(guest)
        if self._knocks.inside and "ssh" not in self._phases:
            self._reached("ssh")
            self._see(answer=Answer.LET_IN)
            if self._expected.cloud_init:
                self._errand.progress.stage("waiting for cloud-init")
        if said is not None:
            self._hear(said)

    def _hear(self, said: Said) -> None:
        facts = facts_from(said.output)
        if facts is not None:
            # A quick guest has said it all before anybody looked whether the door is open.
            self._reached("ssh")
            self._reached("cloud_init" if self._expected.cloud_init else "facts")
            self._see(facts=facts, clock=time.time(), answer=Answer.LET_IN)
        else:
            self._learn(self._seen.heard(said.answer, said.said))

    def _look_around(self, guest: Guest) -> None:
        """What can be seen from outside, once the guest is up."""
        wanted = [family for family in _FAMILIES if getattr(self._expected, family)]
        answers = Reach(reached=True, told="it answers")
        if self._client is None:
            self._see(reach=dict.fromkeys(wanted, answers) if self._seen.rdp else {})
            return
        self._errand.progress.stage("reaching the guest")
        reach = {
            # Whoever is in came through a door that need not be tried again.
            family: answers if family == self._knocks.family else guest.reach(family, self._client)
            for family in wanted
        }
        self._see(reach=reach)

    def _see(self, **what: object) -> None:
        self._learn(replace(self._seen, **what))  # type: ignore[arg-type]

    def _learn(self, seen: Seen) -> None:
        if seen != self._seen:
            self._changed = time.monotonic()
        self._seen = seen

    def _reached(self, phase: str) -> None:
        if phase not in self._phases:
            self._phases[phase] = round(time.monotonic() - self._began, 1)
            self._changed = time.monotonic()


class _Knocks:
    """Attempts to log in, each of which goes on to ask the guest all that there is to ask."""

    def __init__(self, client: Client | None) -> None:
        self._client = client
        self._session: Session | None = None
        self._tried = 0
        # Of the last door that was tried.
        self.family = ""
        self._next = 0.0
        self._begun = 0.0
        # When the last attempt began that was answered, or that nobody answered in time.
        self.answered_begun = 0.0
        self._no_way_since: float | None = None

    @property
    def inside(self) -> bool:
        """Whether the attempt that is going on got in."""
        return self._session is not None and is_in(self._session.output)

    @property
    def waiting(self) -> bool:
        """Whether an attempt is going on."""
        return self._session is not None

    @property
    def answered(self) -> bool:
        """Whether an attempt has ended, and nobody has looked yet how."""
        return self._session is not None and self._session.ended() is not None

    def no_way(self, now: float) -> float:
        """For how many seconds there has been no way to any door."""
        return 0.0 if self._no_way_since is None else now - self._no_way_since

    def go_on(self, guest: Guest) -> Said | None:
        """Begin an attempt, or look how the last one is; what it said, once it has ended."""
        if self._client is None:
            return None
        if self._session is None:
            doors = list(guest.doors().items())
            if doors and time.monotonic() >= self._next:
                self.family, door = doors[self._tried % len(doors)]
                self._tried += 1
                self._begun = time.monotonic()
                self._session = self._client.run(door, "sh", "-s", script=SCRIPT)
            return None
        said = self._session.ended()
        if said is not None:
            self._session, self.answered_begun = None, self._begun
            self._next = time.monotonic() + _SECONDS_BETWEEN_KNOCKS
            if said.answer is not Answer.NO_WAY:
                self._no_way_since = None
            elif self._no_way_since is None:
                self._no_way_since = self._begun
        return said

    def end(self) -> None:
        """End what is going on."""
        if self._session is not None:
            self._session.end()
