# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What is wrong with the hardware that a task names: values first, then how they go together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .combinations.conditions import Rule
from .definitions import Definitions, definitions_from
from .flags import canonical
from .hypervisors import values_for
from .judging import closest, in_tables, is_among, not_among, wrong_value
from .known import hardware, known
from .property import Kind, Property
from .reading import SAID_BY, as_nova_reads, touched
from .refusing import explain_refused
from .rules import RULES
from .tables.processor import NOT_READ

__all__ = [
    "Definitions",
    "Finding",
    "check",
    "definitions_from",
    "explain_refused",
    "open_questions",
    "settled_rules",
]

# Families end so, in what a rule concerns and in the tables.
_FAMILY_ENDS = (".", ":")
_TRAIT = "trait:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong, and what to do: about a property, or about a rule on several."""

    name: str
    message: str


def open_questions(
    named: Mapping[str, Any],
    hypervisor: str,  # noqa: ARG001  # No question: what it lacks, no definition gives it.
) -> tuple[str, ...]:
    """The properties whose name or value the tables lack: the cloud may know of them."""
    return tuple(name for name, value in named.items() if value is not None and _open(name, value))


def check(
    named: Mapping[str, Any],
    whole: Mapping[str, str],
    *,
    hypervisor: str,
    definitions: Definitions | None,
) -> tuple[Finding, ...]:
    """All that is wrong with what a task names, on an image that will have the whole of these.

    What stands there already is nobody's fault, unless the task changes what it has to fit.
    """
    defined = definitions.properties if definitions else {}
    wrong = [
        *_wrong_values(named, hypervisor, defined),
        *_left_behind(named, whole, hypervisor),
    ]
    doubtful = touched(finding.name for finding in wrong)
    rules = [rule for rule in RULES if not doubtful.intersection(rule.concerns)]
    return (*wrong, *_broken(rules, named, whole, hypervisor))


def settled_rules(named: Mapping[str, Any]) -> frozenset[str]:
    """The rules that a task decides by what it names, whatever else the image has.

    Where the image has the newer of two names and says otherwise, that is a finding as well.
    """
    said = {name for name, value in named.items() if value is not None}
    settled = touched(said) | named.keys()
    settled |= {key for key, (outright, *_others) in SAID_BY.items() if outright in said}
    return frozenset(
        rule.name for rule in RULES if settled.issuperset(rule.decided_by or rule.concerns)
    )


def _open(name: str, value: Any) -> bool:
    row = known(name)
    if row is None:
        return name not in NOT_READ and not name.startswith(_TRAIT)
    # A family's values are Nova's alone.
    return (
        row.name == name and row.kind is Kind.CHOICE and not in_tables(row, canonical(name, value))
    )


def _wrong_values(
    named: Mapping[str, Any], hypervisor: str, defined: Mapping[str, Property]
) -> Iterator[Finding]:
    for name, value in named.items():
        if value is None:
            continue
        row = known(name) or defined.get(name)
        message = (
            _unknown(name)
            if row is None
            else _wrong_for(row, name, value, hypervisor=hypervisor, defined=defined)
        )
        if message is not None:
            yield Finding(name=name, message=message)


def _wrong_for(
    row: Property,
    name: str,
    value: Any,
    *,
    hypervisor: str,
    defined: Mapping[str, Property],
) -> str | None:
    own = values_for(row.instead or name, hypervisor)
    if row.kind is not Kind.CHOICE or own is None:
        return None if _is_defined(name, value, defined) else wrong_value(row, name, value)
    text = canonical(name, value)
    if in_tables(row, text):
        lacks = f"{hypervisor} does not have"
        return None if is_among(row, text, own) else not_among(row, name, value, own, whose=lacks)
    # What is newer than the tables has no line drawn between hypervisors.
    if _is_defined(name, value, defined):
        return None
    return not_among(row, name, value, own, whose="is none of its values")


def _is_defined(name: str, value: Any, defined: Mapping[str, Property]) -> bool:
    """Whether the cloud's definitions list the value; that they allow any text says nothing."""
    theirs = defined.get(name)
    return theirs is not None and in_tables(theirs, canonical(name, value))


def _left_behind(
    named: Mapping[str, Any], whole: Mapping[str, str], hypervisor: str
) -> Iterator[Finding]:
    """Values that stand, and that the hypervisor does not have which the task names."""
    if "img_hv_type" not in touched(named):
        return
    standing = {name: value for name, value in whole.items() if name not in named}
    for name, value in standing.items():
        row = known(name)
        if row is None or values_for(row.instead or name, hypervisor) is None:
            continue
        message = _wrong_for(row, name, value, hypervisor=hypervisor, defined={})
        if message is not None:
            yield Finding(name=name, message=message)


def _unknown(name: str) -> str:
    if name in NOT_READ:
        return f"Nova reads no property {name}. Give {NOT_READ[name]}."
    if name.startswith(_TRAIT):
        return (
            f"{name} names no trait: one has capital letters, figures and underscores, such as "
            "trait:HW_CPU_X86_AVX2."
        )
    meant = closest(name, [row.name for row in hardware()], likeness=0.6)
    hint = f" The closest is {meant}." if meant else ""
    return f"Nobody here knows a property {name}.{hint} Correct it, or leave it out."


def _broken(
    rules: Sequence[Rule], named: Mapping[str, Any], whole: Mapping[str, str], hypervisor: str
) -> Iterator[Finding]:
    changed = touched(named)
    read = as_nova_reads(whole)
    for rule in rules:
        if rule.only_on and hypervisor not in rule.only_on:
            continue
        if _concerned(rule.concerns, changed) and (message := rule.broken(read)) is not None:
            yield Finding(name=rule.name, message=message)


def _concerned(concerns: Iterable[str], changed: frozenset[str]) -> bool:
    return any(
        name in changed
        or (name.endswith(_FAMILY_ENDS) and any(one.startswith(name) for one in changed))
        for name in concerns
    )
