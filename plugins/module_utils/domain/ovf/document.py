# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A description (.ovf) as a tree, in words that are the same in every dialect.

Editions of OVF and the programs that write it differ in namespaces, and old ones in the names of
elements, too. What an element is called is what counts here; an attribute has to be OVF's own, as
vendors put theirs of the same name beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from ...errors import RefusedDisk

# A description of a machine is a few KiB; one that is longer than this is not read.
LONGEST = 1 << 20
VMWARE = "http://www.vmware.com/schema/ovf"
OVIRT = "http://www.ovirt.org/ovf"

_LONGEST_TEXT = 255
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

Element = ET.Element


def parse(text: str) -> Element:
    """The root of a description; refused is what is none."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise RefusedDisk("Its description (.ovf) declares entities, which no honest one does.")
    try:
        return ET.fromstring(text)  # noqa: S314  # Short, and without entities: see above.
    except (ET.ParseError, ValueError) as error:
        raise RefusedDisk(f"Its description (.ovf) is no XML: {error}.") from error


def kind(element: Element) -> str:
    """What an element is; OVF before 1.0, and oVirt still, say it of some by their type."""
    name = element.tag.rpartition("}")[2]
    if name not in {"Section", "Content"}:
        return name
    told = element.get(_TYPE, name)
    return told.rpartition(":")[2].removesuffix("_Type")


def children(element: Element | None, *kinds: str) -> Iterator[Element]:
    """The elements of these kinds right below this one."""
    for child in element if element is not None else ():
        if kind(child) in kinds:
            yield child


def child(element: Element | None, *path: str) -> Element | None:
    """The first element that is reached this way."""
    for name in path:
        element = next(children(element, name), None)
    return element


def attribute(element: Element, name: str, vendor: str | None = None) -> str:
    """An attribute of OVF itself, or of this vendor; empty where there is none."""
    for key, value in element.attrib.items():
        space, _brace, local = key.removeprefix("{").rpartition("}")
        if local == name and (space == vendor if vendor else _is_ovf(space)):
            return clean(value)
    return ""


def text_of(element: Element | None) -> str:
    """What stands in an element."""
    return "" if element is None else clean(element.text or "")


def fields(element: Element) -> dict[str, str]:
    """The texts of an item, by name in lower case: InstanceId became InstanceID in OVF 1.0."""
    found: dict[str, str] = {}
    for part in element:
        found.setdefault(kind(part).lower(), text_of(part))
    return found


def number(text: str) -> int | None:
    """A whole number that is not below zero, of a length that makes sense."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None  # noqa: PLR2004


def clean(text: str) -> str:
    """A text that can be shown: in one line, and no longer than anybody reads."""
    line = " ".join(text.split())
    return "".join(c for c in line if c.isprintable())[:_LONGEST_TEXT]


def _is_ovf(space: str) -> bool:
    """Whether a namespace is one of OVF: of 0.9, 1.x or 2.x, or none, as attributes may have."""
    return not space or ("/ovf/" in space and "envelope" in space)
