# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Rules: processors, and how they are laid out."""

from __future__ import annotations

from ..property import is_whole
from .boot import X86
from .conditions import (
    Read,
    Rule,
    complaint,
    is_not,
    is_one_of,
    is_other_than,
    is_set,
    never,
)

_PARTS = ("sockets", "cores", "threads")
_OVER = "Nova refuses to prefer more than the guest can use."


def positive(read: Read, name: str) -> int | None:
    """What a property counts, if it counts anything."""
    value = read.get(name, "")
    return int(value) if is_whole(value) and int(value) > 0 else None


def _within(part: str) -> Rule:
    preferred, limit = f"hw_cpu_{part}", f"hw_cpu_max_{part}"

    def broken(read: Read) -> str | None:
        wanted, most = positive(read, preferred), positive(read, limit)
        if wanted is None or most is None or wanted <= most:
            return None
        instead = f"Set {preferred} to at most {most}, or raise {limit}."
        return complaint(read, (preferred, limit), _OVER, instead)

    return Rule(
        name=f"cpu-{part}-within-maximum",
        reason=_OVER,
        concerns=(preferred, limit),
        broken=broken,
        only_on=(),
    )


PROCESSOR_RULES: tuple[Rule, ...] = (
    *(_within(part) for part in _PARTS),
    never(
        "thread-policy-needs-dedicated",
        when={"hw_cpu_thread_policy": is_set, "hw_cpu_policy": is_one_of("shared")},
        because="Nova refuses to place the threads of processors that are shared.",
        instead="Set hw_cpu_policy to dedicated, or remove hw_cpu_thread_policy.",
        only_on=(),
    ),
    never(
        "realtime-needs-dedicated",
        when={"hw_cpu_realtime_mask": is_set, "hw_cpu_policy": is_one_of("shared")},
        because="Nova refuses real-time priority on processors that are shared.",
        instead="Set hw_cpu_policy to dedicated, or remove hw_cpu_realtime_mask.",
        only_on=(),
    ),
    never(
        "thread-policy-or-trait",
        when={
            "hw_cpu_thread_policy": is_set,
            "trait:HW_CPU_HYPERTHREADING": is_one_of("required"),
        },
        because="Both say where threads go, and Nova refuses them together.",
        instead="Remove one of them.",
        only_on=(),
    ),
    never(
        "address-bits-need-emulation",
        when={"hw_maxphysaddr_bits": is_set, "hw_maxphysaddr_mode": is_not("emulate")},
        because="A width can be chosen only where it is emulated.",
        instead="Set hw_maxphysaddr_mode to emulate, or remove hw_maxphysaddr_bits.",
    ),
    never(
        "hpet-needs-x86",
        when={"hw_time_hpet": is_one_of("true"), "hw_architecture": is_other_than(*X86)},
        because="Only x86 has that timer, and Nova passes over it elsewhere.",
        instead="Remove hw_time_hpet.",
    ),
)
