# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A manifest (.mf): the hashes that the files of an OVA shall have."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import RefusedDisk

_LINE = re.compile(r"(SHA1|SHA256|SHA384|SHA512)\s*\((.+)\)\s*=\s*([0-9a-f]+)", re.IGNORECASE)


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
