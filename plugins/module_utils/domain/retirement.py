# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which versions of catalog images have had their time, decided from one listing.

Two things protect an image that stepped back: the number of versions to `keep`, which is the
provider's own wish, and its `uuid_validity`, which is a promise to customers that its id works. The
promise stands above everything; it does not keep an image in the lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self

from ..errors import InvalidRequest
from .image import Image
from .lineage import PUBLISHED, STEPPED_BACK, is_ours, is_proven
from .retire import COMMUNITY, DELETE, HIDE, LEVELS, reached, stepped_back_at
from .values import some

_LAST = re.compile(r"last-([0-9]+)")
# Of these, none says that an id stops working some day.
_NO_END = frozenset({"forever", "notice"})
_KEPT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirePolicy:
    """When versions are retired, and how far."""

    # Of these entries alone; None: of all.
    entries: tuple[str, ...] | None = None
    # So many versions of an entry that stepped back stay as they are, the newest.
    keep: int = _KEPT
    # Those that stepped back longer ago than that, in days, do not stay for the sake of `keep`.
    max_age: int | None = None
    # What customers are promised of images that do not say it themselves.
    uuid_validity: str = "none"
    # Whether an image that is in use goes once the day has passed until which it is provided.
    provided_until: bool = False
    # From how many days after it stepped back an image is retired so far.
    levels: Mapping[str, int] = field(default_factory=lambda: {HIDE: 0})
    # Whether protected images are retired, too, and those deleted of which it is not known whether
    # anybody uses them.
    force: bool = False

    @classmethod
    def from_option(cls, option: Mapping[str, Any] | None) -> Self:
        """Read a policy, and refuse what cannot be meant."""
        given = {name: value for name, value in (option or {}).items() if value is not None}
        if unknown := sorted(given.keys() - set(cls.__slots__)):
            raise InvalidRequest(
                f"A policy has no {some(unknown)}. It may have {', '.join(cls.__slots__)}."
            )
        if "entries" in given:
            given["entries"] = _names(given["entries"])
        for name in ("keep", "max_age"):
            if name in given:
                given[name] = _count(name, given[name])
        if "levels" in given:
            given["levels"] = _levels(given["levels"])
        for name in ("provided_until", "force"):
            if not isinstance(given.get(name, False), bool):
                raise InvalidRequest(f"{name} is {given[name]!r}. Give true or false.")
        if "uuid_validity" in given:
            # YAML reads a date as one.
            given["uuid_validity"] = str(given["uuid_validity"])
        policy = cls(**given)
        policy._check()
        return policy

    def _check(self) -> None:
        if not _is_validity(self.uuid_validity):
            raise InvalidRequest(
                f"uuid_validity is {self.uuid_validity!r}. Give none, last-N, YYYY-MM-DD, notice "
                "or forever."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """An image to retire, how far, and why."""

    image: Image
    level: str
    reason: str

    def as_plain(self) -> dict[str, Any]:
        """The same for playbooks."""
        image = self.image
        return {
            "id": image.id,
            "name": image.name,
            "entry": image.properties.get("curator_entry"),
            "state": image.properties.get("curator_state"),
            "level": self.level,
            "reason": self.reason,
        }


def due(
    images: Iterable[Image], policy: RetirePolicy, *, project: str, today: date
) -> list[Retirement]:
    """What is to be retired of these images, now.

    Images that are not ours by every sign, of the project, are left out, and so are those that
    nobody has proven or published yet.
    """
    found: list[Retirement] = []
    for entry, versions in _by_entry(images, project).items():
        if policy.entries is not None and entry not in policy.entries:
            continue
        away = [image for image in versions if image.properties["curator_state"] in STEPPED_BACK]
        for rank, image in enumerate(away):
            found += _if_it_goes_further(_of_version(image, rank, policy, today), policy)
        for image in versions:
            if image.properties["curator_state"] == PUBLISHED:
                found += _if_it_goes_further(_of_published(image, policy, today), policy)
    return found


def held_back(
    images: Iterable[Image], policy: RetirePolicy, *, project: str, today: date
) -> list[Retirement]:
    """What would be due as well, were it not protected."""
    if policy.force:
        return []
    forced = due(images, replace(policy, force=True), project=project, today=today)
    return [retirement for retirement in forced if retirement.image.protected]


def _by_entry(images: Iterable[Image], project: str) -> Mapping[str, Sequence[Image]]:
    """Versions of each entry, the newest first."""
    entries: dict[str, list[Image]] = {}
    for image in images:
        if is_ours(image, project) and is_proven(image):
            entries.setdefault(image.properties.get("curator_entry", image.id), []).append(image)
    for versions in entries.values():
        versions.sort(key=_age, reverse=True)
    return entries


def _age(image: Image) -> tuple[str, str]:
    return image.properties.get("curator_published_at") or image.created_at or "", image.id


def _of_version(image: Image, rank: int, policy: RetirePolicy, today: date) -> Iterator[Retirement]:
    """What becomes of an image that stepped back, after so many newer ones that did."""
    days = _days_since(stepped_back_at(image), today)
    old = policy.max_age is not None and days > policy.max_age
    if rank < policy.keep and not old:
        return
    promised = _is_promised(image, rank, policy, today)
    level = _level(policy, days, gently=promised)
    if level is not None:
        kept = f"older than {policy.max_age} days" if old else f"beyond keep: {policy.keep}"
        reason = f"stepped back {days} days ago, {kept}"
        yield Retirement(image=image, level=level, reason=reason)


def _of_published(image: Image, policy: RetirePolicy, today: date) -> Iterator[Retirement]:
    """What becomes of an image that is in use, and is no longer provided."""
    until = _day(image.properties.get("provided_until"))
    if not policy.provided_until or until is None or today <= until:
        return
    # It has not stepped back yet. Whatever is harsher comes after it has.
    level = _level(policy, (today - until).days, gently=True)
    if level is not None:
        yield Retirement(image=image, level=level, reason=f"provided until {until.isoformat()}")


def _if_it_goes_further(found: Iterable[Retirement], policy: RetirePolicy) -> Iterator[Retirement]:
    for retirement in found:
        image = retirement.image
        before = reached(image)
        further = before is None or LEVELS.index(retirement.level) > LEVELS.index(before)
        if further and (policy.force or not image.protected):
            yield retirement


def _level(policy: RetirePolicy, days: int, *, gently: bool) -> str | None:
    """How far an image goes after so many days; gently, its id goes on working."""
    last = LEVELS.index(COMMUNITY if gently else DELETE)
    reached = [
        level
        for level in LEVELS[: last + 1]
        if level in policy.levels and policy.levels[level] <= days
    ]
    return reached[-1] if reached else None


def _is_promised(image: Image, rank: int, policy: RetirePolicy, today: date) -> bool:
    """Whether customers were told that the image's id works; unread words count as a promise."""
    validity = image.properties.get("uuid_validity") or policy.uuid_validity
    if validity == "none":
        return False
    if last := _LAST.fullmatch(validity):
        return rank < int(last[1])
    day = _day(validity)
    return day is None or today <= day


def _is_validity(text: str) -> bool:
    known = text == "none" or text in _NO_END or _LAST.fullmatch(text)
    return bool(known) or _day(text) is not None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        # "none" and "notice" are no days either.
        return None


def _days_since(moment: str | None, today: date) -> int:
    try:
        return max((today - datetime.fromisoformat(moment or "").date()).days, 0)
    except ValueError:
        return 0


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise InvalidRequest(f"entries is {value!r}. Give a list of names, or leave it out.")
    return tuple(value)


def _count(name: str, value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal():
        raise InvalidRequest(f"{name} is {value!r}. Give a number, 0 or more.")
    return int(text)


def _levels(value: Any) -> Mapping[str, int]:
    if not isinstance(value, Mapping) or not value:
        raise InvalidRequest(
            f"levels is {value!r}. Give a dict of levels and days, such as {{hide: 0}}."
        )
    if unknown := sorted(map(str, value.keys() - set(LEVELS))):
        raise InvalidRequest(f"levels has {some(unknown)}. Levels are {', '.join(LEVELS)}.")
    return {level: _count(f"levels.{level}", days) for level, days in value.items()}


def image_from_result(shown: Mapping[str, Any]) -> Image:
    """An image as modules return it, read back."""
    known = {name: shown[name] for name in Image.__slots__ if name in shown and name != "extra"}
    image = Image(**known)
    return replace(image, tags=tuple(image.tags), properties=dict(image.properties))
