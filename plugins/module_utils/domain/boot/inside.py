# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What is expected of a guest from inside: keys, interfaces, cloud-init, file system, clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ..disk import readable
from .expectations import Expectations
from .facts import GuestFacts, Root
from .seen import Seen

# Name, whether it holds, and that in words.
Inside: TypeAlias = tuple[str, bool | None, str]

# So much of a device, its file system may keep for itself: ext4 on a small disk needs the most.
_LEAST_SHARE = 0.85
# So much at the end of a disk may be in no partition.
_UNUSED_SHARE = 0.02
_UNUSED_BYTES = 16 << 20
# More than a boot under emulation takes to tell the time.
_CLOCK_SECONDS = 60
_UNSEEN = "It was not seen, as nothing was read in the guest."


def inside_checks(expected: Expectations, seen: Seen) -> Iterator[Inside]:
    """Each check that is expected, in the order in which causes come before effects."""
    wanted: tuple[tuple[str, bool, Callable[[GuestFacts], tuple[bool, str]]], ...] = (
        ("cloud_init", expected.cloud_init, _cloud_init),
        ("authorized_keys", expected.authorized_keys, lambda facts: _keys(facts, seen.key)),
        (
            "interfaces",
            expected.interfaces is not None,
            lambda facts: _interfaces(facts, expected.interfaces or 0),
        ),
        ("grown", expected.grown, lambda facts: _grown(facts.root)),
        ("clock", expected.clock, lambda facts: _clock(facts, seen.clock)),
    )
    for name, is_wanted, look in wanted:
        if not is_wanted:
            continue
        if seen.facts is None:
            yield name, None, _UNSEEN
        else:
            yield name, *look(seen.facts)


def _cloud_init(facts: GuestFacts) -> tuple[bool, str]:
    status = facts.cloud_init
    if status is None:
        return False, "There is no cloud-init in the guest."
    if status == "done":
        return True, "cloud-init is done."
    detail = f" ({facts.cloud_init_detail})" if facts.cloud_init_detail else ""
    return False, f"cloud-init says {status} and not done{detail}."


def _keys(facts: GuestFacts, key: str) -> tuple[bool, str]:
    # A line that is read in no other way counts as one that lets somebody in.
    others = sum(found != key for found in facts.keys)
    if key not in facts.keys:
        return (
            False,
            f"authorized_keys does not hold the key given at creation, but {others} other.",
        )
    if not others:
        return True, "It holds the key given at creation, and no other."
    return False, (
        f"authorized_keys holds {others} more beside the key given at creation: whoever made the "
        "image can log in to it."
    )


def _interfaces(facts: GuestFacts, number: int) -> tuple[bool, str]:
    names = [interface.name for interface in facts.interfaces]
    has = f"The guest has {len(names)} network interface{'' if len(names) == 1 else 's'} beside lo"
    shown = f" ({', '.join(names)})" if names else ""
    if len(names) == number:
        return True, f"{has}{shown}."
    verb = "was" if number == 1 else "were"
    return False, f"{has}{shown}, and {number} {verb} expected."


def _grown(root: Root) -> tuple[bool, str]:
    if root.filesystem is None or root.device is None or root.disk is None:
        return False, "The guest does not say how large its root file system and its disk are."
    sizes = f"of {readable(root.disk)}"
    unused = root.disk - root.partitioned if root.partitioned is not None else 0
    if unused > max(_UNUSED_BYTES, _UNUSED_SHARE * root.disk):
        return False, (
            f"The partitions were not grown: {readable(unused)} {sizes} at the end of the disk are "
            "in none."
        )
    if root.filesystem < _LEAST_SHARE * root.device:
        return False, (
            f"The root file system was not grown: it has {readable(root.filesystem)}, and its "
            f"device {readable(root.device)}."
        )
    return True, f"The root file system has {readable(root.filesystem)} on a disk {sizes}."


def _clock(facts: GuestFacts, clock: float) -> tuple[bool, str]:
    if facts.clock is None:
        return False, "The guest does not tell the time."
    off = abs(facts.clock - clock)
    if off <= _CLOCK_SECONDS:
        return True, "The clock is right."
    return False, f"The clock of the guest is off by {off:.0f} s."
