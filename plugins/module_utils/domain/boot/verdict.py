# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The verdict on a guest: each thing that was expected of it, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .expectations import Expectations
from .inside import inside_checks
from .seen import IPV4, IPV6, Answer, Seen

SSH_PORT, RDP_PORT = 22, 3389
GUEST, PLACE = "guest", "place"
_SILENT = "wrote nothing on its console (no boot loader, or no serial console)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was expected; passed is None where something before it kept it unseen."""

    name: str
    passed: bool | None
    told: str

    def as_result(self) -> dict[str, Any]:
        """As modules return it."""
        return {"name": self.name, "passed": self.passed, "told": self.told}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All checks, the cause before what follows from it."""

    checks: tuple[Check, ...]
    warnings: tuple[str, ...] = ()
    # Whether it never came to the guest: no machine was had for it, or no way to that.
    kept_away: bool = False

    @property
    def passed(self) -> bool:
        """Whether all that was expected holds."""
        return all(check.passed for check in self.checks)

    @property
    def blame(self) -> str | None:
        """What it is due to that not all holds."""
        if self.passed:
            return None
        return PLACE if self.kept_away else GUEST

    @property
    def reason(self) -> str | None:
        """The first thing that does not hold."""
        for check in self.checks:
            if check.passed is False:
                return check.told
        # Never unsaid, should a check have neither passed nor failed.
        return None if self.passed else "Not all could be seen that was expected."


def judge(expected: Expectations, seen: Seen) -> Verdict:
    """Compare what was seen with what was expected."""
    checks = tuple(_checks(expected, seen))
    no_way = expected.ssh and seen.answer is Answer.NO_WAY
    return Verdict(
        checks=checks,
        warnings=tuple(_warnings(seen)),
        kept_away=seen.started is None or no_way,
    )


def foreseen(expected: Expectations) -> Verdict:
    """What would be checked, where nothing was seen yet."""
    return Verdict(
        checks=tuple(
            Check(name=check.name, passed=None, told="It would be checked.")
            for check in _checks(expected, Seen())
        )
    )


def _checks(expected: Expectations, seen: Seen) -> Iterator[Check]:
    yield _started(seen)
    boot = _unseen("boot") if seen.started is None else _boot(expected, seen)
    yield boot
    # What is behind a boot that failed was not seen; it did not fail by itself.
    lives = seen.started is not None and boot.passed is not False
    if expected.console is not None:
        yield _console(expected.console, seen, lives=lives)
    if expected.ssh:
        yield _ssh(seen, lives=lives)
    if expected.rdp:
        yield _rdp(seen, lives=lives)
    reached = [
        _reached(family, seen) if _is_in(expected, seen) else _unseen(family)
        for family, wanted in ((IPV4, expected.ipv4), (IPV6, expected.ipv6))
        if wanted
    ]
    inside = [
        Check(name=name, passed=passed, told=told)
        for name, passed, told in inside_checks(expected, seen)
    ]
    # Of all that is unseen then, one thing has to be the reason.
    if seen.unanswered and (blamed := inside or reached):
        blamed[0] = _unanswered(blamed[0].name, seen)
    yield from (*reached, *inside)


def _is_in(expected: Expectations, seen: Seen) -> bool:
    """Whether addresses can be judged: who may log in reads them inside."""
    return seen.facts is not None if expected.ssh else expected.rdp and seen.rdp


def _unanswered(name: str, seen: Seen) -> Check:
    told = (
        f"The guest let {seen.user} in and did not answer to the end: {seen.given_up}; cloud-init "
        f"may still be at work{_hints(seen)}"
    )
    return Check(name=name, passed=False, told=_sentence(told))


def _unseen(name: str) -> Check:
    told = "It was not seen, as something before it failed."
    return Check(name=name, passed=None, told=told)


def _started(seen: Seen) -> Check:
    if seen.started is None:
        return Check(name="started", passed=False, told=_sentence(seen.given_up or "not started"))
    return Check(name="started", passed=True, told=_sentence(seen.started))


def _boot(expected: Expectations, seen: Seen) -> Check:
    """Whether the guest got through its boot, as the console tells, or as somebody was let in."""
    let_in = seen.answer is Answer.LET_IN or seen.rdp or seen.marker is not None
    if seen.console.fatal and not let_in:
        return Check(name="boot", passed=False, told=_sentence(seen.console.fatal))
    if let_in or seen.console.up:
        return Check(name="boot", passed=True, told="The guest is up.")
    if seen.answer in {Answer.DENIED, Answer.REFUSED}:
        return Check(name="boot", passed=True, told="The guest answers.")
    if seen.answer is Answer.NO_WAY and not expected.console_only:
        return Check(name="boot", passed=None, told="There is no way to see it.")
    said = "did not come up" if seen.console.begun else _SILENT
    told = f"The guest {said}: {seen.given_up}{_hints(seen)}"
    return Check(name="boot", passed=False, told=_sentence(told))


def _console(pattern: str, seen: Seen, *, lives: bool) -> Check:
    if seen.marker is not None:
        told = f"The console shows {seen.marker!r}."
        return Check(name="console", passed=True, told=told)
    if not lives:
        return _unseen("console")
    told = f"The console never showed what expect.console names, {pattern!r}{_hints(seen)}"
    return Check(name="console", passed=False, told=_sentence(told))


def _ssh(seen: Seen, *, lives: bool) -> Check:
    if seen.answer is Answer.LET_IN:
        told = f"The key lets in the user {seen.user}."
        return Check(name="ssh", passed=True, told=told)
    if seen.answer is Answer.NO_WAY:
        told = f"There is no way to the guest's ssh server: {seen.answer_said}"
        return Check(name="ssh", passed=False, told=_sentence(told))
    if not lives:
        return _unseen("ssh")
    doors = seen.assigned.doors or seen.assigned.addresses
    where = f"port {SSH_PORT} of {' or '.join(doors) or 'the guest'}"
    if seen.answer is Answer.DENIED:
        said = f" (it says: {seen.answer_said.rstrip('. ')})" if seen.answer_said else ""
        told = (
            f"The ssh server does not take the key for the user {seen.user}: the key given at "
            "creation is not in authorized_keys (cloud-init is missing or failed), or the image "
            f"has another user{said}{_hints(seen)}"
        )
    elif seen.answer is Answer.REFUSED:
        told = f"The guest's network is up, but no ssh server serves at {where}{_hints(seen)}"
    else:
        told = (
            f"The guest is up, but nothing answers at {where}: its network is not configured"
            f"{seen.assigned.doubt}{_hints(seen)}"
        )
    return Check(name="ssh", passed=False, told=_sentence(told))


def _rdp(seen: Seen, *, lives: bool) -> Check:
    if seen.rdp:
        return Check(name="rdp", passed=True, told="It answers as remote desktops do.")
    if not lives:
        return _unseen("rdp")
    told = f"Nothing answers as a remote desktop at port {RDP_PORT}{_hints(seen)}"
    return Check(name="rdp", passed=False, told=_sentence(told))


def _reached(family: str, seen: Seen) -> Check:
    """Whether the guest has what the network gave it, no other, and is reached there."""
    name, label = family, "IPv4" if family == IPV4 else "IPv6"
    if not seen.assigned.gives(family):
        told = f"{seen.assigned.by} gave it no {label} address"
        return Check(name=name, passed=False, told=_sentence(told))
    has = _addresses_inside(family, seen)
    if has is not None:
        missing = [address for address in seen.assigned.of(family) if address not in has]
        others = [address for address in has if not seen.assigned.covers(address)]
        if not has:
            told = (
                f"The guest has no {label} address; {seen.assigned.by} gave {_given(family, seen)}"
            )
            return Check(name=name, passed=False, told=_sentence(told))
        if missing or others:
            told = (
                f"The guest has {', '.join(has)}, and {seen.assigned.by} gave "
                f"{_given(family, seen)}: they have to be the same"
            )
            return Check(name=name, passed=False, told=_sentence(told))
    reach = seen.reach.get(family)
    shown = ", ".join(has or seen.assigned.of(family))
    if reach is None or reach.reached is None:
        why = f"; whether it is reached there could not be seen: {reach.told}" if reach else ""
        return Check(name=name, passed=True, told=_sentence(f"It has {shown}{why}"))
    return Check(
        name=name, passed=reach.reached, told=_sentence(f"It has {shown}, and {reach.told}")
    )


def _addresses_inside(family: str, seen: Seen) -> tuple[str, ...] | None:
    if seen.facts is None:
        return None
    return seen.facts.addresses_of(family)


def _given(family: str, seen: Seen) -> str:
    return ", ".join(seen.assigned.of(family)) or f"one of {', '.join(seen.assigned.networks)}"


def _hints(seen: Seen) -> str:
    return f" (on the console: {'; '.join(seen.console.hints)})" if seen.console.hints else ""


def _warnings(seen: Seen) -> Iterator[str]:
    units = seen.facts.failed_units if seen.facts else ()
    if units:
        yield f"The guest is up, but these units of systemd failed: {', '.join(units)}."
    recovered = seen.facts.cloud_init_recovered if seen.facts else ""
    if recovered:
        yield f"cloud-init is done, but had errors that it got over: {recovered}."
    for family, reach in seen.reach.items():
        if reach.reached is None:
            shown = ", ".join(_addresses_inside(family, seen) or seen.assigned.of(family))
            yield (
                f"The guest has {shown}, but whether it is reached there was not seen: "
                f"{reach.told.rstrip('. ')}."
            )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('. ')}."
