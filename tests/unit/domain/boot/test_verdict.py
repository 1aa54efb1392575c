# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts as guests tell them, and the verdict that follows from all that was seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.expectations import (
    Expectations,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.facts import (
    GuestFacts,
    facts_from,
    is_in,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.seen import (
    Answer,
    Assigned,
    Reach,
    Seen,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.signs import read_console
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.verdict import (
    foreseen,
    judge,
)

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB7"
ANSWER = f"""
::curator::in

::curator::cloud_init
/usr/bin/cloud-init
status: done
extended_status: done
boot_status_code: enabled-by-generator
last_update: Sat, 21 Nov 2026 15:31:02 +0000
detail:
DataSourceConfigDrive [net,ver=2][source=/dev/vdb]

::curator::hostname
boot-check

::curator::interfaces
ens3 52:54:00:c0:ff:ee

::curator::addresses
1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever
2: ens3    inet 10.0.2.15/24 metric 100 brd 10.0.2.255 scope global dynamic ens3\\ valid_lft 86
2: ens3    inet6 fd5e:ed5e:ed:0:5054:ff:fec0:ffee/64 scope global dynamic mngtmpaddr \\ valid_lft 8
2: ens3    inet6 fd5e:ed5e:ed::1234/64 scope global temporary dynamic \\ valid_lft 8
2: ens3    inet6 fe80::5054:ff:fec0:ffee/64 scope link \\       valid_lft forever
3: docker0    inet 172.17.0.1/16 scope link docker0

::curator::authorized_keys
line {KEY} curator

::curator::root
filesystem /dev/vda1 3012416 1000000 2012416 34% /
device 6270943
disk 6291456
partition 20480 6270943
partition 2048 18432

::curator::units

::curator::clock
1795275062

::curator::end
"""
FACTS = facts_from(ANSWER) or GuestFacts()
IPV6 = "fd5e:ed5e:ed:0:5054:ff:fec0:ffee"
UP = Seen(
    started="It runs.",
    console=read_console("boot-check login: "),
    assigned=Assigned(addresses=("10.0.2.15", IPV6), by="Nova"),
    key=KEY,
    user="debian",
    answer=Answer.LET_IN,
    reach={family: Reach(reached=True, told="it answers") for family in ("ipv4", "ipv6")},
    facts=FACTS,
    clock=1795275070.0,
)
ALL = Expectations()


def test_what_a_guest_tells() -> None:
    """Addresses of others' interest, keys without comments, sizes in bytes."""
    (interface,) = FACTS.interfaces
    assert (interface.name, interface.mac) == ("ens3", "52:54:00:c0:ff:ee")
    assert interface.addresses == ("10.0.2.15", IPV6)
    assert FACTS.keys == (KEY,)
    assert (FACTS.cloud_init, FACTS.hostname) == ("done", "boot-check")
    assert FACTS.root.disk == 6291456 * 512
    assert FACTS.root.partitioned == (20480 + 6270943) * 512
    assert FACTS.failed_units == ()


def test_an_answer_that_was_cut_is_none() -> None:
    """Nothing is concluded from half of it, but that somebody is in."""
    half = ANSWER[: ANSWER.index("::curator::root")]
    assert facts_from(half) is None
    assert is_in(half)
    assert not is_in("Please login as the user debian rather than root.\n")


def test_a_guest_that_is_as_expected() -> None:
    """Every check passes, and there is nothing to complain of."""
    verdict = judge(ALL, UP)
    assert verdict.passed, verdict
    assert (verdict.reason, verdict.warnings) == (None, ())
    assert [check.name for check in verdict.checks] == [
        *("started", "boot", "ssh", "ipv4", "ipv6"),
        *("cloud_init", "authorized_keys", "interfaces", "grown", "clock"),
    ]
    assert [c.name for c in foreseen(ALL).checks] == [c.name for c in verdict.checks]
    assert all(check.passed is None for check in foreseen(ALL).checks)


def _facts(**changed: Any) -> Seen:
    return replace(UP, facts=replace(FACTS, **changed))


@pytest.mark.parametrize(
    "seen, check, told",
    [
        (_facts(cloud_init=None), "cloud_init", "There is no cloud-init"),
        (
            _facts(cloud_init="error", cloud_init_detail="Failed to set locale"),
            "cloud_init",
            "says error and not done (Failed to set locale)",
        ),
        (_facts(keys=()), "authorized_keys", "does not hold the key"),
        (_facts(keys=(KEY, "ssh-rsa AAAAB3")), "authorized_keys", "holds 1 more beside"),
        (_facts(interfaces=FACTS.interfaces * 2), "interfaces", "2 network interfaces beside lo"),
        (_facts(root=replace(FACTS.root, disk=9 << 30)), "grown", "partitions were not grown"),
        (_facts(root=replace(FACTS.root, filesystem=2 << 30)), "grown", "system was not grown"),
        (_facts(clock=1795275062 - 3600), "clock", "off by 3608 s"),
        (_facts(clock=None), "clock", "does not tell the time"),
        (
            replace(UP, assigned=Assigned(addresses=("10.0.2.16", IPV6), by="Nova")),
            "ipv4",
            "The guest has 10.0.2.15, and Nova gave 10.0.2.16",
        ),
        (
            replace(UP, assigned=Assigned(addresses=("10.0.2.15",), by="Nova")),
            "ipv6",
            "Nova gave it no IPv6 address",
        ),
        (
            replace(UP, reach={**UP.reach, "ipv6": Reach(reached=False, told="nothing answers")}),
            "ipv6",
            f"It has {IPV6}, and nothing answers",
        ),
    ],
)
def test_one_thing_that_is_otherwise(seen: Seen, check: str, told: str) -> None:
    """The one check fails, and its words are the reason of the whole."""
    verdict = judge(ALL, seen)
    assert [c.name for c in verdict.checks if c.passed is not True] == [check]
    assert told in (verdict.reason or ""), verdict.reason


def test_a_reach_that_cannot_be_tried_is_said_and_no_failure() -> None:
    """A host without IPv6 says nothing about the guest's."""
    seen = replace(UP, reach={**UP.reach, "ipv6": Reach(reached=None, told="no way from here")})
    verdict = judge(ALL, seen)
    assert verdict.passed
    assert any("could not be seen: no way from here" in check.told for check in verdict.checks)

    (warning,) = verdict.warnings
    assert "no way from here" in warning
    assert IPV6 in warning


def test_errors_that_cloud_init_got_over_are_warned_of() -> None:
    """It is done all the same."""
    degraded = ANSWER.replace("_status: done", "_status: degraded done").replace(
        "\n::curator::hostname",
        "errors: []\nrecoverable_errors:\nWARNING:\n\t- No active metadata service found\n"
        "\t- status: unknown key\n\n::curator::hostname",
    )
    verdict = judge(ALL, replace(UP, facts=facts_from(degraded)))
    assert verdict.passed
    (warning,) = verdict.warnings
    assert "No active metadata service found; status: unknown key" in warning


def test_networks_from_which_a_guest_takes_its_own_address() -> None:
    """Any address out of it will do, and none outside."""
    own = Assigned(addresses=("10.0.2.15",), networks=("fd5e:ed5e:ed::/64",), by="the network")
    assert judge(ALL, replace(UP, assigned=own)).passed
    other = replace(own, networks=("fd00::/64",))
    assert not judge(ALL, replace(UP, assigned=other)).passed


@pytest.mark.parametrize(
    "answer, told",
    [
        (Answer.DENIED, "does not take the key for the user debian"),
        (Answer.REFUSED, "no ssh server serves at port 22 of 10.0.2.15"),
        (Answer.SILENT, "nothing answers at port 22 of 10.0.2.15"),
        (Answer.NO_WAY, "There is no way to the guest's ssh server: jump host is gone"),
    ],
)
def test_who_is_not_let_in_sees_nothing_inside(answer: Answer, told: str) -> None:
    """The door is the reason; what lies behind it is unseen, and has not failed."""
    seen = replace(UP, facts=None, reach={}, answer=answer, answer_said="jump host is gone.")
    verdict = judge(ALL, seen)
    assert told in (verdict.reason or "")
    assert verdict.blame == ("place" if answer is Answer.NO_WAY else "guest")
    assert [c.name for c in verdict.checks if c.passed is False] == ["ssh"]
    assert {c.passed for c in verdict.checks[3:]} == {None}


def test_what_the_guest_says_to_whom_it_denies_is_told() -> None:
    """It knows best, such as the user to log in as."""
    said = 'Please login as the user "debian" rather than the user "root"'
    seen = replace(UP, facts=None, reach={}, user="root", answer=Answer.DENIED, answer_said=said)
    assert said in (judge(ALL, seen).reason or "")


@pytest.mark.parametrize("inside", [True, False])
def test_a_guest_that_never_answers_to_the_end(inside: bool) -> None:  # noqa: FBT001
    """Somebody was let in and learned nothing: that is the reason, and nothing passes unseen."""
    seen = replace(UP, facts=None, reach={}, given_up="nothing happened for 180 s (timeout)")
    nothing: dict[str, Any] = dict.fromkeys(
        ("authorized_keys", "cloud_init", "grown", "clock"), False
    )
    few = replace(ALL, interfaces=None, **nothing)
    verdict = judge(ALL if inside else few, seen)
    assert verdict.reason == (
        "The guest let debian in and did not answer to the end: nothing happened for 180 s "
        "(timeout); cloud-init may still be at work."
    )
    assert {
        check.passed for check in verdict.checks if check.name in {"started", "boot", "ssh"}
    } == {True}
    behind = [(check.name, check.passed) for check in verdict.checks[3:]]
    failed = "cloud_init" if inside else "ipv4"
    assert all(passed is (False if name == failed else None) for name, passed in behind), behind


def test_a_boot_that_failed_is_the_only_failure() -> None:
    """What follows from it was not seen."""
    fatal = read_console("No bootable device.\n")
    seen = Seen(started="It runs.", console=fatal, given_up="over")
    verdict = judge(ALL, seen)
    assert [c.name for c in verdict.checks if c.passed is False] == ["boot"]
    assert verdict.reason == "The firmware finds no boot loader on the disk."


def test_a_guest_that_never_started() -> None:
    """The cloud's own words are the reason."""
    verdict = judge(ALL, Seen(given_up="Nova could not start the image: No valid host was found."))
    assert verdict.reason == "Nova could not start the image: No valid host was found."


def test_a_silent_guest_is_told_as_such() -> None:
    """Why it was given up is said, and what that may mean."""
    verdict = judge(ALL, Seen(started="It runs.", given_up="nothing happened for 30 s (timeout)"))
    assert "wrote nothing on its console (no boot loader" in (verdict.reason or "")
    assert "nothing happened for 30 s" in (verdict.reason or "")


def test_failed_units_are_warned_of() -> None:
    """They are the guest's own business, and worth a word."""
    verdict = judge(ALL, _facts(failed_units=("apt-daily.service",)))
    assert verdict.passed
    assert "apt-daily.service" in verdict.warnings[0]


def test_a_console_alone() -> None:
    """Where nobody can log in, a login prompt or the words asked for are all there is to see."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("ipv4", "ipv6", "authorized_keys", "cloud_init", "grown", "clock"), False
    )
    prompt = Expectations(ssh=False, interfaces=None, **nothing)
    assert judge(prompt, Seen(started="It runs.", console=read_console("x login: "))).passed
    marker = replace(prompt, console="Cloudbase-Init: done")
    unseen = Seen(started="It runs.", console=read_console("x login: "), given_up="time is over")
    assert "never showed what expect.console names" in (judge(marker, unseen).reason or "")
    assert judge(marker, replace(unseen, marker="Cloudbase-Init: done")).passed


def test_a_remote_desktop() -> None:
    """It stands for the guest, and for its IPv4 address."""
    windows = Expectations.from_option(
        {
            **dict.fromkeys(("console", "ipv4", "ipv6", "authorized_keys", "single_nic")),
            **dict.fromkeys(("interfaces", "cloud_init", "grown", "clock")),
            "ssh": False,
            "rdp": True,
        }
    )
    seen = Seen(started="It runs.", assigned=Assigned(addresses=("10.0.2.15",)), rdp=True)
    assert judge(windows, replace(seen, reach=UP.reach)).passed
    assert "Nothing answers as a remote desktop" in (
        judge(windows, replace(seen, rdp=False, console=UP.console)).reason or ""
    )
