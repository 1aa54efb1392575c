# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Boot checks of many images: which ones were meant, and what each check is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...errors import InvalidRequest
from ..catalog.keys import BOOT_CHECK, unknown
from ..catalog.reading import Reader, flag, mapping, number, shown, text
from ..catalog.slugs import slugs
from ..find import chosen

_LIST = "verify_images_list"
_MOST_DAYS = 36500
_KEYS: Mapping[str, Reader] = {
    **BOOT_CHECK,
    "record": flag,
    "recheck_after": number(1, _MOST_DAYS),
}


def several_checks(
    given: Any,
    *,
    select: str | None,
    own: list[dict[str, Any]],
    common: Any,
    prefix: str = "verify_images_",
) -> list[dict[str, Any]]:
    """For each image, how it was named, a name for its host, and the options of its check.

    What the list names comes first. What is selected besides of the project's own images follows,
    each of them once. `prefix` is what the user writes before the names of common options.
    """
    shared = _options(common, prefix)
    named = dict(_elements(given))
    names = dict.fromkeys(named, "")
    called = {image["id"]: image["name"] or "" for image in own}
    _require_once(named, called)
    for image_id in [] if select is None else chosen(select, own, place="verify_images_select"):
        if not named.keys() & {image_id, called[image_id]}:
            names[image_id] = called[image_id]
    hosts = slugs(
        _label(reference, list(names.values()), name) for reference, name in names.items()
    )
    return [
        {
            "name": name or reference,
            "slug": slug,
            "options": {**_over(shared, named.get(reference, {})), "image": reference},
        }
        for (reference, name), slug in zip(names.items(), hosts.values(), strict=True)
    ]


def _require_once(named: Mapping[str, Any], called: Mapping[str, str]) -> None:
    """Refuse an image that is named by both its name and its id, as far as images are known."""
    for image_id, name in called.items():
        if name != image_id and {image_id, name} <= named.keys():
            raise InvalidRequest(
                f"{_LIST} names {name!r} twice: by its name, and by its id, {image_id}. Leave one "
                "of them out."
            )


def _elements(given: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The images that a list names, and what it says of each."""
    seen = set()
    if not isinstance(given, list | tuple):
        raise InvalidRequest(
            f"{_LIST} is {shown(given)}. Give a list of names, ids, or maps with image."
        )
    for position, element in enumerate(given, start=1):
        place = f"Element {position} of {_LIST}"
        said = element if isinstance(element, Mapping) else {"image": element}
        if "image" not in said:
            raise InvalidRequest(f"{place} has no image. Name the image, or give its id.")
        image = text(f"{place}: image", said["image"])
        if image in seen:
            raise InvalidRequest(f"{_LIST} names {image!r} twice. Leave one of them out.")
        seen.add(image)
        own = {key: value for key, value in said.items() if key != "image"}
        yield image, _options(own, f"{place} ({image}): ")


def _options(given: Any, place: str) -> dict[str, Any]:
    """What a check is told, by its own options."""
    found = {}
    for key, value in mapping("the options", given).items():
        if key not in _KEYS:
            raise InvalidRequest(f"{place}{key}: {unknown(key, _KEYS, 'A boot check')}")
        # A variable that is not set is none.
        if value is not None:
            found[key] = _KEYS[key](f"{place}{key}", value)
    return found


def _over(shared: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What an image says itself over what is said of all, also of each thing that is expected."""
    both = {**shared, **own}
    if expected := {**shared.get("expect", {}), **own.get("expect", {})}:
        both["expect"] = expected
    return both


def _label(reference: str, names: Sequence[str], name: str) -> str:
    """What a host is named after; images of one name are told apart by their ids."""
    if names.count(name) == 1 or not name:
        return name or reference
    return f"{name} {reference}"
