# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""What lies beside the disks of an archive: the manifest, and the description of the machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from ..domain.disk import DiskWish, readable
from ..domain.disk_members import choose, is_hidden, may_be_disk, plain_name
from ..domain.machine import Machine
from ..domain.ovf.description import Description, describe
from ..domain.ovf.document import LONGEST
from ..domain.ovf.manifest import Manifest, Proof, read_manifest
from ..errors import InvalidRequest, RefusedDisk
from .region import Pieces

# A manifest that comes after what it proves may use any of these.
_ALGORITHMS = ("sha1", "sha256", "sha384", "sha512")


class Beside:
    """What the files that describe the disks have said so far."""

    def __init__(self, wish: DiskWish) -> None:
        self._wish = wish
        self._member = None if wish.member is None else plain_name(wish.member)
        if self._member is not None and _describes(self._member):
            raise InvalidRequest(
                f"The member {self._member!r} describes disks, and is none. Name the disk itself."
            )
        self._manifests: list[Manifest] = []
        self._texts: dict[str, bytes] = {}
        self._descriptions: list[Description] = []

    def heed(self, name: str, size: int, pieces: Callable[[], Pieces]) -> None:
        """Read a member, if it is one that describes others."""
        if not _describes(name):
            return
        if size > LONGEST:
            raise RefusedDisk(
                f"Its {name} has {readable(size)}: that is no description of a machine."
            )
        data = b"".join(pieces())
        text = data.decode("utf-8", "replace")
        if name.lower().endswith(".mf"):
            self._add(read_manifest(text, name))
        else:
            self._texts[name] = data
            self._descriptions.append(describe(text, name[: name.rfind("/") + 1]))

    @property
    def description(self) -> Description | None:
        """The description, where there is just one: of several, none counts more than others."""
        return self._descriptions[0] if len(self._descriptions) == 1 else None

    def proof(self, name: str) -> Proof | None:
        """The hash that a member shall have; where there is a manifest, there has to be one."""
        proof = self._proof(name)
        if proof is None and self._manifests:
            raise RefusedDisk(
                f"Its manifest {self._manifests[0].name} has no line for {name}, so that nothing "
                "proves this file. Fetch it again, or export it again."
            )
        return proof

    def algorithms(self, name: str) -> tuple[str, ...]:
        """What to compute of a member: for a manifest that came, or one that may still come."""
        proof = self._proof(name)
        if proof is not None:
            return (proof.algorithm,)
        return _ALGORITHMS if self._texts and not self._manifests else ()

    def may_be_meant(self, name: str) -> bool:
        """Whether a member, of which others are not known yet, may be the disk that is asked for.

        The description says so, where there is one and it has come.
        """
        if self._member is not None:
            return name == self._member
        shipped = self._shipped
        if not shipped or self.description is None:
            return may_be_disk(name)
        number = self.description.is_of(name)
        return number is not None and (not self._wish.first_disk or number == shipped[0])

    def choice(self, names: Sequence[str]) -> str:
        """The member that is the disk, of all that there are."""
        machine = self.settled(names)
        described = [drive.member for drive in machine.shipped if drive.member] if machine else []
        wish = self._wish
        return choose(names, wish.member, wish.name, described, first=wish.first_disk)

    def settled(self, names: Sequence[str]) -> Machine | None:
        """The machine, now that all members are known: proven itself, and with all of its disks."""
        for manifest in self._manifests:
            manifest.require_members(names)
        for name, data in self._texts.items():
            proof = self.proof(name)
            if proof:
                require_proof(name, hashlib.new(proof.algorithm, data).hexdigest(), proof)
        description = self.description
        return None if description is None else description.within(names)

    def _add(self, manifest: Manifest) -> None:
        for name, proof in manifest.proofs.items():
            if self._proof(name) not in {None, proof}:
                raise RefusedDisk(f"Its manifests name two hashes of {name}.")
        self._manifests.append(manifest)

    def _proof(self, name: str) -> Proof | None:
        return next((one.proofs[name] for one in self._manifests if name in one.proofs), None)

    @property
    def _shipped(self) -> tuple[int, ...]:
        machine = self.description.machine if self.description else Machine()
        return tuple(drive.number for drive in machine.shipped)


def _describes(name: str) -> bool:
    return name.lower().endswith((".ovf", ".mf")) and not is_hidden(name)


def require_proof(name: str, value: str, proof: Proof) -> None:
    """Refuse what is not as the manifest says."""
    if value != proof.value:
        raise RefusedDisk(
            f"The {proof.algorithm} of {name} is {value}, and its manifest says {proof.value}: it "
            "or the manifest was changed, or damaged. Fetch or export it again."
        )
