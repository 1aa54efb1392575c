# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Rules: NUMA nodes, and the processors in them."""

from __future__ import annotations

from math import prod

from ...values import some
from ..cpu_lists import processors
from .conditions import Read, Rule, complaint
from .processor import positive

_NODES = "hw_numa_nodes"
_CPUS, _MEM = "hw_numa_cpus.", "hw_numa_mem."
_TOPOLOGY = ("hw_cpu_sockets", "hw_cpu_cores", "hw_cpu_threads")
# Nova looks for no more.
_MOST = 128

_COUNTED = "The nodes name every processor: no topology can have more or fewer."
_DIVIDED = "Each node gets as many processors as the others, or Nova refuses the server."
_WHOLE = "Nova needs processors and memory of every node, counted from 0 without a gap."
_ONCE = "A processor belongs to one node, and Nova refuses it in two."


def _total(read: Read) -> int | None:
    """How many processors the preferred topology makes, if all of it is said."""
    parts = [part for name in _TOPOLOGY if (part := positive(read, name)) is not None]
    return prod(parts) if len(parts) == len(_TOPOLOGY) else None


def _members(read: Read) -> list[frozenset[int]]:
    """The processors of each node that Nova would read."""
    found: list[frozenset[int]] = []
    while (text := read.get(f"{_CPUS}{len(found)}")) is not None:
        found.append(processors(text) or frozenset())
    return found


def _counted(read: Read) -> str | None:
    total, members = _total(read), sum(map(len, _members(read)))
    if total is None or members in {0, total}:
        return None
    instead = f"Choose numbers that make {members} together, as the nodes do; they make {total}."
    return complaint(read, _TOPOLOGY, _COUNTED, instead)


def _divided(read: Read) -> str | None:
    total, nodes = _total(read), positive(read, _NODES)
    if total is None or nodes is None or total % nodes == 0 or f"{_CPUS}0" in read:
        return None
    instead = f"Choose numbers whose product {nodes} divides; they make {total}."
    return complaint(read, (*_TOPOLOGY, _NODES), _DIVIDED, instead)


def _whole(read: Read) -> str | None:
    there = {name for name in read if name.startswith((_CPUS, _MEM))}
    nodes = positive(read, _NODES) or len({name.rpartition(".")[2] for name in there})
    if not there or nodes > _MOST:
        return None
    wanted = {f"{family}{node}" for family in (_CPUS, _MEM) for node in range(nodes)}
    if there == wanted:
        return None
    add, drop = sorted(wanted - there), sorted(there - wanted)
    instead = [f"Add {some(add)}."] * bool(add) + [f"Remove {some(drop)}."] * bool(drop)
    keys = (_NODES,) if _NODES in read else (min(there),)
    return complaint(read, keys, _WHOLE, " ".join(instead))


def _once(read: Read) -> str | None:
    homes: dict[int, int] = {}
    for node, members in enumerate(_members(read)):
        for processor in sorted(members):
            if (home := homes.setdefault(processor, node)) != node:
                keys = (f"{_CPUS}{home}", f"{_CPUS}{node}")
                instead = f"Take processor {processor} out of one of them."
                return complaint(read, keys, _ONCE, instead)
    return None


NODE_RULES: tuple[Rule, ...] = (
    Rule(
        name="cpu-topology-is-that-of-the-nodes",
        reason=_COUNTED,
        concerns=(*_TOPOLOGY, _CPUS),
        broken=_counted,
        only_on=(),
    ),
    Rule(
        name="cpu-topology-divides-into-nodes",
        reason=_DIVIDED,
        concerns=(*_TOPOLOGY, _NODES),
        broken=_divided,
        only_on=(),
    ),
    Rule(
        name="numa-nodes-are-whole",
        reason=_WHOLE,
        concerns=(_NODES, _CPUS, _MEM),
        broken=_whole,
        only_on=(),
    ),
    Rule(
        name="numa-processors-in-one-node",
        reason=_ONCE,
        concerns=(_CPUS,),
        broken=_once,
        only_on=(),
    ),
)
