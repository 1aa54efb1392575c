# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What is made of a machine, now that its disks were looked into: images, and their hardware."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import InvalidRequest
from .hardware.checking import check
from .hardware_plan import STRICT, HardwareWish
from .import_boot import hardware_to_try
from .import_prepare import with_drivers
from .machine_list import AUTO
from .properties import applied

_GIB = 1 << 30
# Which system is on the disk: found out, and no matter of choice.
_IDENTITY = frozenset({"os_type", "os_distro", "os_version", "architecture"})
# What the Sovereign Cloud Stack calls the last day of an image.
_EXPIRES = "provided_until"
# Which disk of its machine an image is, and the image of the first one.
_DISK = "import_vm_disk"


def plan_import(
    machine: Mapping[str, Any],
    looks: Sequence[Mapping[str, Any]],
    *,
    allowed_formats: Sequence[str] = (),
    profile_definitions: Mapping[str, Any] | None = None,
    prepared: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The images of a machine, its hardware, and why; what speaks against it.

    `looks` are the results of image_inspect, one for each disk in order; none where, in check mode,
    the source is not here. `prepared` is that of image_prepare, where the guest was looked into.
    """
    found = looks[0] if looks else {}
    if prepared:
        found = {**found, "proposal": with_drivers(_proposal(found), prepared)}
    disks = _disks(machine, found)
    chosen = _hardware(machine, _proposal(found))
    # What is open until the source is here may complete what is named.
    is_whole = bool(looks) or machine["profile"] != [AUTO]
    definitions = profile_definitions or {}
    faults = [
        *_faults(looks, allowed_formats),
        *_too_small(machine, found),
        *_wrong_hardware(machine, chosen["hardware"], definitions, is_whole=is_whole),
    ]
    return {
        "faults": faults,
        "hardware_to_try": (
            [] if faults else hardware_to_try(chosen["hardware"], machine["hardware"], definitions)
        ),
        "disks": [
            _disk(machine, disk, number=number, of=len(disks), proposal=_proposal(found))
            for number, disk in enumerate(disks, start=1)
        ],
        **chosen,
    }


def _proposal(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return found.get("proposal") or {}


def _disks(machine: Mapping[str, Any], found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The disks to take: the one that the user names, or all that the description lists."""
    several = found.get("disks") or []
    if "member" in machine or len(several) < 2:  # noqa: PLR2004  # One is no list.
        return [{"member": machine.get("member")}]
    return list(several)


def _faults(looks: Sequence[Mapping[str, Any]], allowed: Sequence[str]) -> Iterator[str]:
    for look in looks:
        which = f"{look['member']}: " if look.get("member") and len(looks) > 1 else ""
        if not look["safe"]:
            # The module's option is the role's variable.
            yield which + look["verdict"].replace("max_virtual_size", "import_vm_max_size")
        elif allowed and look["format"] not in allowed:
            yield (
                f"{which}The disk is {look['format']}, and import_vm_allowed_formats has "
                f"{', '.join(allowed)}. Convert it, or allow it."
            )


def _too_small(machine: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """As the upload says it, which in check mode does not look into the source."""
    wanted, size = machine.get("min_disk"), found.get("virtual_size")
    if wanted is None or size is None or size <= wanted * _GIB:
        return
    needed = -(-size // _GIB)
    yield (
        f"min_disk is {wanted}, but the disk has {needed} GiB. Give at least {needed}, or leave "
        "min_disk out to have just that."
    )


def _wrong_hardware(
    machine: Mapping[str, Any],
    hardware: Mapping[str, Any],
    definitions: Mapping[str, Any],
    *,
    is_whole: bool,
) -> Iterator[str]:
    """What image_hw_props will refuse once the image is there, and refuses before a byte moves.

    What the tables do not have is left to it: the cloud's own definitions may.
    """
    try:
        wish = HardwareWish.from_params(
            {
                "image": machine["name"],
                **hardware,
                "profile_definitions": definitions,
                "hypervisor": machine.get("hypervisor"),
                "validation": machine.get("validation", STRICT),
                "exact": False,
            }
        )
    except InvalidRequest as error:
        yield error.message
        return
    if wish.validation != STRICT:
        return
    whole = applied({}, wish.needed({}))
    hypervisor, open_ = wish.hypervisor_for(whole), wish.questions({})
    for finding in check(wish.named, whole, hypervisor=hypervisor, definitions=None):
        if finding.name not in open_ and (is_whole or finding.name in wish.named):
            yield finding.message


def _disk(
    machine: Mapping[str, Any],
    disk: Mapping[str, Any],
    *,
    number: int,
    of: int,
    proposal: Mapping[str, Any],
) -> dict[str, Any]:
    """One image: what the upload is told of it. The first one is what a server starts from."""
    is_first = number == 1
    properties = dict(machine["properties"])
    if "expires" in machine:
        properties[_EXPIRES] = machine["expires"]
    if of > 1:
        properties[_DISK] = str(number)
    options = {
        "number": number,
        "name": machine["name"] if is_first else f"{machine['name']} disk {number}",
        "member": disk.get("member"),
        "properties": properties,
        "min_disk": machine.get("min_disk") if is_first else None,
        "min_ram": machine.get("min_ram", proposal.get("min_ram")) if is_first else None,
    }
    return {option: value for option, value in options.items() if value is not None}


def _hardware(machine: Mapping[str, Any], proposal: Mapping[str, Any]) -> dict[str, Any]:
    """What image_hw_props is told, and why.

    Where the user chooses profiles, what was proposed is left alone. Which system it is remains:
    that was found, and is no choice.
    """
    proposed = proposal.get("properties") or {}
    is_proposed = machine["profile"] == [AUTO]
    if is_proposed:
        profiles = list(proposal.get("profiles") or ())
        reasons = list(proposal.get("reasons") or ())
    else:
        profiles = machine["profile"]
        proposed = {name: value for name, value in proposed.items() if name in _IDENTITY}
        reasons = [f"{', '.join(profiles)}: the import says so."]
        if proposal.get("profiles"):
            reasons.append(f"Proposed was {', '.join(proposal['profiles'])}.")
    return {
        "hardware": {"profiles": profiles, "properties": {**proposed, **machine["hardware"]}},
        "chosen_by": "proposal" if is_proposed else "import",
        "reasons": reasons,
    }
