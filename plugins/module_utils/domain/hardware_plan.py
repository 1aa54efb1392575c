# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The virtual hardware that an image asks for: judged first, then made so in one request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from ..errors import InvalidRequest
from .boot.record import outdated
from .hardware.checking import Finding, check, open_questions, settled_rules
from .hardware.definitions import Definitions
from .hardware.flags import canonical, same_value
from .hardware.hypervisors import HYPERVISORS, hypervisor_of
from .hardware.known import is_hardware
from .hardware.profiles import combined
from .hardware.refusing import explain_refused
from .image import Image, ImageState
from .plan import PatchImage, Plan
from .properties import applied, changes, check_names, operations
from .values import some
from .visibility import NOT_THE_OWNER

STRICT, WARN, OFF = VALIDATIONS = ("strict", "warn", "off")

_NOT_TOLD = "The cloud's own metadata definitions, which may know more, are closed to this session."


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareWish:
    """What the task asks for."""

    image: str
    # What the profiles come to, and what the task names in all; None removes a property.
    profiles: Mapping[str, Any]
    named: Mapping[str, Any]
    hypervisor: str | None = None
    exact: bool = False
    validation: str = STRICT

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what is no hardware, whatever the image is."""
        if not params["image"]:
            raise InvalidRequest("image is empty. Give the name or the id of an image.")
        names, explicit = params["profiles"], params["properties"]
        if params["exact"] and names is None and explicit is None:
            raise InvalidRequest(
                "exact is true without properties or profiles. Name all hardware properties that "
                "shall remain, or give properties: {} to remove them all."
            )
        own = _as_profiles(params["profile_definitions"] or {})
        wish = cls(
            image=params["image"],
            profiles=combined(names or (), own, {}),
            named=combined(names or (), own, explicit or {}),
            hypervisor=params["hypervisor"],
            exact=params["exact"],
            validation=params["validation"],
        )
        wish._check()
        return wish

    def _check(self) -> None:
        for name, value in self.named.items():
            if (reason := explain_refused(name)) is not None:
                raise InvalidRequest(reason)
            if value is not None:
                canonical(name, value)
        check_names(self.named)

    def needed(self, stored: Mapping[str, str]) -> dict[str, str | None]:
        """What has to be set, and what to be removed (None), on an image that has these."""
        wanted = {
            name: _as_it_shall_stand(name, value, stored.get(name))
            for name, value in self.named.items()
        }
        if self.exact:
            wanted |= {
                name: None for name in stored if is_hardware(name) and name not in self.named
            }
        return changes(stored, wanted, exact=False)

    def hypervisor_for(self, whole: Mapping[str, str]) -> str:
        """Whose hardware it is: as the task says, or as the image will."""
        return self.hypervisor or hypervisor_of(whole)

    def questions(self, stored: Mapping[str, str]) -> tuple[str, ...]:
        """What only the cloud's own definitions could answer."""
        if self.validation == OFF:
            return ()
        whole = applied(stored, self.needed(stored))
        return open_questions(self.named, self.hypervisor_for(whole))


def _as_it_shall_stand(name: str, value: Any, standing: str | None) -> str | None:
    if value is None:
        return None
    # What says the same already stays as it is written, whoever wrote it.
    return standing if same_value(standing, name, value) else canonical(name, value)


def _as_profiles(definitions: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    for name, properties in definitions.items():
        if not isinstance(properties, Mapping):
            raise InvalidRequest(
                f"profile_definitions has a {type(properties).__name__} for {name}. Give a dict "
                "of properties and their values."
            )
    return definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareSeen:
    """What the cloud showed: the image, and, where they were needed, its own definitions."""

    image: Image
    definitions: Definitions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipped:
    """An image, and what else the result says of its hardware."""

    state: ImageState
    facts: Mapping[str, Any]

    def as_result(self) -> dict[str, Any]:
        """The state as keys of the module's result."""
        return {**self.state.as_result(), **self.facts}

    def as_diff(self) -> dict[str, Any]:
        """The state as one side of a diff."""
        return self.state.as_diff()


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwarePlan:
    """What becomes of the image, and what there is to say against it."""

    wish: HardwareWish
    change: Plan
    findings: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()

    @property
    def before(self) -> ImageState:
        """The image as it stands."""
        return self.change.before

    @property
    def after(self) -> Equipped:
        """The image as it will stand, beside the hardware that it had."""
        facts = {
            "before": _hardware_of(self.change.before.image),
            "after": _hardware_of(self.change.after.image),
            "profiles": dict(self.wish.profiles),
            "findings": list(self.findings),
        }
        return Equipped(state=self.change.after, facts=facts)

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return self.change.changed

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user has to know in any case: with strict, no findings come this far."""
        return self.findings


def _hardware_of(image: Image) -> dict[str, str]:
    return {name: value for name, value in image.properties.items() if is_hardware(name)}


def plan_hardware(wish: HardwareWish, seen: HardwareSeen) -> HardwarePlan:
    """What it takes to give the image the hardware that the task wants, if it makes sense."""
    image = seen.image
    needed = wish.needed(image.properties)
    whole = applied(image.properties, needed)
    findings: tuple[str, ...] = ()
    if wish.validation != OFF:
        hypervisor = wish.hypervisor_for(whole)
        found = check(wish.named, whole, hypervisor=hypervisor, definitions=seen.definitions)
        findings = tuple(_told(found, seen.definitions, wish.questions(image.properties)))
    if findings and wish.validation == STRICT:
        raise _refusal(f"image {image.id}", findings)
    return HardwarePlan(wish=wish, change=_change(image, needed), findings=findings)


def refuse_in_advance(wish: HardwareWish, definitions: Definitions | None) -> None:
    """Refuse what no image could have, while there is none yet.

    What else it will ask for is not known then. A value has to be wrong on every hypervisor; what
    does not go together within the task is judged for the one that the task means.
    """
    if wish.validation != STRICT:
        return
    whole = applied({}, wish.needed({}))
    meant = wish.hypervisor_for(whole)
    others = () if wish.hypervisor else HYPERVISORS

    def found_on(hypervisor: str) -> tuple[Finding, ...]:
        return check(wish.named, whole, hypervisor=hypervisor, definitions=definitions)

    certain = settled_rules(wish.named) | wish.named.keys()
    for hypervisor in others:
        certain -= wish.named.keys() - {finding.name for finding in found_on(hypervisor)}
    if wrong := [finding for finding in found_on(meant) if finding.name in certain]:
        told = tuple(_told(wrong, definitions, wish.questions({})))
        raise _refusal(f"image {wish.image!r}", told)


def _told(
    findings: Iterable[Finding], definitions: Definitions | None, questions: Sequence[str]
) -> Iterable[str]:
    for finding in findings:
        unanswered = definitions is None and finding.name in questions
        yield f"{finding.message} {_NOT_TOLD}" if unanswered else finding.message


def _refusal(image: str, findings: Sequence[str]) -> InvalidRequest:
    return InvalidRequest(
        f"The hardware of {image} stays as it is: {' '.join(findings)} To set it even so, use "
        "validation: warn.",
        findings=list(findings),
    )


def _change(image: Image, needed: Mapping[str, str | None]) -> Plan:
    before = ImageState(image=image)
    if not needed:
        return Plan(before=before, after=before)
    # Whoever booted it, booted another machine.
    needed = {**needed, **outdated(image, needed)}
    step = PatchImage(
        image_id=image.id,
        operations=tuple(operations(needed)),
        summary=f"change {some([*needed])} of image {image.id}",
        when_forbidden=NOT_THE_OWNER,
    )
    after = replace(image, properties=applied(image.properties, needed))
    return Plan(before=before, after=ImageState(image=after), steps=(step,))
