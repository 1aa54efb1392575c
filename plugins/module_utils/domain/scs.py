# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Whether images say of themselves what the Sovereign Cloud Stack asks for (scs-0102)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..errors import InvalidRequest
from .values import some

VERSIONS = ("v1.1", "v2")
_GIB = 1024**3
# Less than this, in MiB, starts no system.
_LEAST_RAM = 64
# An image may be so much older than its frequency promises.
GRACE = 1.1
DAYS: Mapping[str, int | None] = {
    "yearly": 365,
    "quarterly": 92,
    "monthly": 31,
    "weekly": 7,
    "daily": 1,
    # Whenever there is a reason, or none.
    "critical_bug": None,
    "never": None,
}
_PURPOSES = ("generic", "minimal", "k8snode", "gpu", "network", "custom")
_SYSTEM = ("os_distro", "os_version", "architecture")

_MANDATORY = (
    *("architecture", "min_disk", "min_ram", "os_distro", "os_version", "hw_disk_bus"),
    *("replace_frequency", "provided_until", "uuid_validity"),
    *("image_source", "image_description", "image_build_date", "image_original_user"),
)
_RECOMMENDED = ("hypervisor_type", "hw_rng_model", "hw_firmware_type")
_EXCLUSIVE = (
    ("license_included", "license_required"),
    ("subscription_included", "subscription_required"),
)

_DATE = r"\d{4}-\d{2}-\d{2}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What a value has to look like, and how that is said."""

    pattern: str
    words: str


_FORMS: Mapping[str, _Form] = {
    "architecture": _Form(
        pattern=r"x86_64|aarch64|risc-v|riscv64", words="x86_64, aarch64 or risc-v"
    ),
    "replace_frequency": _Form(pattern="|".join(DAYS), words=", ".join(DAYS)),
    "provided_until": _Form(
        pattern=rf"{_DATE}|none|notice", words="a day as YYYY-MM-DD, none or notice"
    ),
    "uuid_validity": _Form(
        pattern=rf"{_DATE}|none|notice|forever|last-[1-9]\d*",
        words="last-N, a day as YYYY-MM-DD, forever, notice or none",
    ),
    "image_source": _Form(pattern=r"https?://\S+|private", words="a URL, or private"),
    "image_build_date": _Form(
        pattern=rf"{_DATE}(?:[ T]\d{{2}}:\d{{2}}(?::\d{{2}})?Z?)?",
        words="a day as YYYY-MM-DD, or with the time in UTC",
    ),
    "hotfix_hours": _Form(pattern=r"\d+", words="a number of hours"),
    "maintained_until": _Form(pattern=_DATE, words="a day as YYYY-MM-DD"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one image lacks."""

    id: str
    name: str
    # Names of fields.
    missing: tuple[str, ...]
    recommended: tuple[str, ...]
    # Sentences.
    wrong: tuple[str, ...]

    @property
    def compliant(self) -> bool:
        """Whether nothing is missing or wrong; what is recommended does not count."""
        return not self.missing and not self.wrong

    def as_result(self) -> dict[str, Any]:
        """The shape in which the filter returns it."""
        return {
            "id": self.id,
            "name": self.name,
            "compliant": self.compliant,
            "missing": list(self.missing),
            "recommended": list(self.recommended),
            "wrong": list(self.wrong),
        }


def verdicts(images: Sequence[Any], *, today: date, version: str = VERSIONS[0]) -> list[Verdict]:
    """What each image lacks, by itself and beside the others."""
    if version not in VERSIONS:
        raise InvalidRequest(f"version is {version!r}. Give one of {', '.join(VERSIONS)}.")
    said = [_said(image) for image in images]
    generic = Counter(filter(None, map(_generic, said)))
    return [_verdict(fields, generic, today, version) for fields in said]


def _said(image: Any) -> dict[str, Any]:
    """Attributes and properties of an image, as modules of this collection return it."""
    properties = image.get("properties") if isinstance(image, Mapping) else None
    if not isinstance(properties, Mapping) or "id" not in image:
        lack = "has no id or no properties" if isinstance(image, Mapping) else "is no map"
        raise InvalidRequest(
            f"This is no image as image_info returns it: it {lack}. Give one element of its "
            "result images, or all of them."
        )
    return {**properties, **{name: v for name, v in image.items() if name != "properties"}}


def _verdict(
    fields: Mapping[str, Any], generic: Mapping[tuple[str, ...], int], today: date, version: str
) -> Verdict:
    mandatory = (*_MANDATORY, "os_purpose") if version == "v2" else _MANDATORY
    recommended = _RECOMMENDED if version == "v2" else (*_RECOMMENDED, "os_purpose")
    wrong = [*_misshapen(fields, version)]
    for rule in _RULES:
        wrong += rule(fields, today)
    if generic.get(_generic(fields) or (), 0) > 1:
        system = " ".join(fields[name] for name in _SYSTEM)
        wrong.append(f"Another public image in sight is os_purpose=generic for {system}, too.")
    return Verdict(
        id=str(fields["id"]),
        name=str(fields.get("name") or ""),
        missing=tuple(name for name in mandatory if not fields.get(name)),
        recommended=tuple(name for name in recommended if not fields.get(name)),
        wrong=tuple(wrong),
    )


def _generic(fields: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The system of which there may be one such image only; None for other images."""
    in_sight = fields.get("visibility") == "public" and not fields.get("hidden")
    if not in_sight or fields.get("os_purpose") != "generic":
        return None
    system = tuple(str(fields.get(name) or "") for name in _SYSTEM)
    return system if all(system) else None


def _misshapen(fields: Mapping[str, Any], version: str) -> Iterator[str]:
    old = ("oldgeneric",) if version == "v2" else ()
    purposes = _Form(pattern="|".join((*_PURPOSES, *old)), words=some((*_PURPOSES, *old)[:7]))
    for name, form in {**_FORMS, "os_purpose": purposes}.items():
        value = fields.get(name)
        if value and not re.fullmatch(form.pattern, str(value)):
            yield f"{name} is {str(value)[:40]!r}, and has to be {form.words}."


def _small_minimums(fields: Mapping[str, Any], _today: date) -> Iterator[str]:
    least = -(-int(fields.get("virtual_size") or fields.get("size") or 0) // _GIB)
    disk, ram = int(fields.get("min_disk") or 0), int(fields.get("min_ram") or 0)
    if disk and disk < least:
        yield f"min_disk is {disk} GiB, and the image has {least}."
    if ram and ram < _LEAST_RAM:
        yield f"min_ram is {ram} MiB; nothing starts with less than {_LEAST_RAM}."


def _bare_scsi(fields: Mapping[str, Any], _today: date) -> Iterator[str]:
    if fields.get("hw_disk_bus") == "scsi" and not fields.get("hw_scsi_model"):
        yield "hw_disk_bus is scsi, and hw_scsi_model does not say which (virtio-scsi)."


def _both(fields: Mapping[str, Any], _today: date) -> Iterator[str]:
    for one, other in _EXCLUSIVE:
        if _true(fields.get(one)) and _true(fields.get(other)):
            yield f"{one} and {other} are both true; only one of them can be."


def _true(value: Any) -> bool:
    return str(value).lower() == "true"


def _built_later(fields: Mapping[str, Any], _today: date) -> Iterator[str]:
    built, made = day_in(fields.get("image_build_date")), day_in(fields.get("created_at"))
    if built and made and built > made:
        yield f"image_build_date is {built}, after the image was made ({made})."


def _too_old(fields: Mapping[str, Any], today: date) -> Iterator[str]:
    """An image that its frequency says should have been replaced."""
    days = DAYS.get(str(fields.get("replace_frequency")))
    built = day_in(fields.get("image_build_date")) or day_in(fields.get("created_at"))
    if days is None or built is None or fields.get("hidden"):
        return
    until = day_in(fields.get("provided_until"))
    if until and until < today:
        return
    if today > built + timedelta(days=days * GRACE):
        yield (
            f"It was built on {built}, {(today - built).days} days ago, with replace_frequency "
            f"{fields['replace_frequency']}. Publish a newer one."
        )


def day_in(value: Any) -> date | None:
    """The day with which a text begins, if it begins with one."""
    match = re.match(_DATE, str(value or ""))
    try:
        return date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None


_RULES: Iterable[Callable[[Mapping[str, Any], date], Iterator[str]]] = (
    _small_minimums,
    _bare_scsi,
    _both,
    _built_later,
    _too_old,
)
