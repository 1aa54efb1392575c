# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What the files beside the disks of an OVA say of them: the manifest, and the description."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from ..errors import RefusedDisk

# A description of a machine is a few KiB; one that is longer than this is not read.
LONGEST = 1 << 20

_LINE = re.compile(r"(SHA1|SHA256|SHA384|SHA512)\s*\((.+)\)\s*=\s*([0-9a-f]+)", re.IGNORECASE)
_FILE = "{http://schemas.dmtf.org/ovf/envelope/1}"


@dataclass(frozen=True)
class Proof:
    """The hash that a file shall have."""

    algorithm: str
    value: str


def manifest_proofs(text: str) -> dict[str, Proof]:
    """The hash of each file that a manifest (.mf) names."""
    proofs: dict[str, Proof] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _LINE.fullmatch(line)
        if not match:
            raise RefusedDisk(f"Its manifest cannot be read: {line[:80]!r} is no line of one.")
        algorithm, name, value = match.groups()
        proof = Proof(algorithm.lower(), value.lower())
        if proofs.setdefault(name, proof) != proof:
            raise RefusedDisk(f"Its manifest names two hashes of {name}.")
    return proofs


def require_whole_files(text: str) -> None:
    """Refuse a description (.ovf) whose disks are cut into chunks: they would have to be joined."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise RefusedDisk("Its description (.ovf) declares entities, which no honest one does.")
    try:
        root = ET.fromstring(text)  # noqa: S314  # Short, and without entities: see above.
    except ET.ParseError as error:
        raise RefusedDisk(f"Its description (.ovf) is no XML: {error}.") from error
    for file in root.iter(f"{_FILE}File"):
        if _attribute(file.attrib, "chunkSize"):
            raise RefusedDisk(
                f"It is an OVA whose disk {_attribute(file.attrib, 'href')} is cut into chunks, "
                "which are not joined here. Export it again without chunks."
            )


def _attribute(attributes: Mapping[str, str], name: str) -> str | None:
    return attributes.get(f"{_FILE}{name}", attributes.get(name))
