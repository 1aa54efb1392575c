# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What a cloud says of image properties itself: its metadata definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .property import Kind, Property

_IMAGES = "OS::Glance::Image"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """The properties that a cloud defines for images, by name."""

    properties: Mapping[str, Property] = field(default_factory=dict)


def definitions_from(namespaces: Iterable[Mapping[str, Any]]) -> Definitions:
    """Read namespaces as GET /v2/metadefs/namespaces/NAME shows them.

    Several may define one property, each for a hypervisor of its own: together they count.
    """
    found: dict[str, Property] = {}
    for namespace in namespaces:
        for row in _rows(namespace):
            found[row.name] = _together(found[row.name], row) if row.name in found else row
    return Definitions(properties=found)


def _rows(namespace: Mapping[str, Any]) -> Iterator[Property]:
    groups = [namespace, *(namespace.get("objects") or ())]
    for prefix in _prefixes(namespace):
        for group in groups:
            for name, schema in (group.get("properties") or {}).items():
                yield _row(f"{prefix}{name}", schema)


def _prefixes(namespace: Mapping[str, Any]) -> Iterator[str]:
    for tie in namespace.get("resource_type_associations") or ():
        # Some ties are to the metadata of a volume that is made from an image.
        if tie.get("name") == _IMAGES and tie.get("properties_target") in {None, "", "image"}:
            yield tie.get("prefix") or ""


def _row(name: str, schema: Mapping[str, Any]) -> Property:
    meaning = str(schema.get("title") or name)
    listed = schema.get("items") or {} if schema.get("type") == "array" else schema
    values = tuple(str(value) for value in listed.get("enum") or ())
    match schema.get("type"):
        case "boolean":
            return Property(name=name, kind=Kind.FLAG, meaning=meaning)
        case "integer":
            least, most = schema.get("minimum"), schema.get("maximum")
            return Property(name=name, kind=Kind.NUMBER, meaning=meaning, least=least, most=most)
        case "array" if values:
            return Property(name=name, kind=Kind.CHOICES, meaning=meaning, values=values)
        case "string" if values:
            return Property(name=name, kind=Kind.CHOICE, meaning=meaning, values=values)
    # Patterns are not taken over: a cloud's regular expression is nothing to run.
    return Property(name=name, kind=Kind.TEXT, meaning=meaning)


def _together(one: Property, other: Property) -> Property:
    if one.kind is other.kind and one.values and other.values:
        return replace(one, values=tuple(dict.fromkeys([*one.values, *other.values])))
    return one if one == other else replace(one, kind=Kind.TEXT, values=(), least=None, most=None)
