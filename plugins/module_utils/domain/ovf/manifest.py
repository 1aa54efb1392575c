# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""A manifest (.mf): the hashes that the files of an OVA shall have."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ...errors import RefusedDisk
from ..disk_members import plain_name

_LINE = re.compile(r"(SHA1|SHA256|SHA384|SHA512)\s*\((.+)\)\s*=\s*([0-9a-f]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Proof:
    """The hash that a file shall have."""

    algorithm: str
    value: str


@dataclass(frozen=True)
class Manifest:
    """What a manifest says of the files beside it, by their names in the archive."""

    name: str
    proofs: Mapping[str, Proof]

    def require_members(self, names: Collection[str]) -> None:
        """Refuse a manifest of files that did not come along."""
        for name in self.proofs:
            if name not in names:
                raise RefusedDisk(
                    f"Its manifest {self.name} names {name}, which is not in the archive. Fetch it "
                    "again, or export it again."
                )


def read_manifest(text: str, member: str) -> Manifest:
    """The manifest that is this member of an archive."""
    folder = member[: member.rfind("/") + 1]
    proofs: dict[str, Proof] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _LINE.fullmatch(line)
        if not match:
            raise RefusedDisk(f"Its manifest cannot be read: {line[:80]!r} is no line of one.")
        algorithm, name, value = match.groups()
        proof = Proof(algorithm.lower(), value.lower())
        file = folder + _inside(name)
        if proofs.setdefault(file, proof) != proof:
            raise RefusedDisk(f"Its manifest names two hashes of {file}.")
    return Manifest(member, proofs)


def _inside(name: str) -> str:
    try:
        return plain_name(name)
    except RefusedDisk as error:
        raise RefusedDisk(
            f"Its manifest names {name!r}, which lies outside of the archive. No honest program "
            "writes such a manifest."
        ) from error
