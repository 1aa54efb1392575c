# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Which member of an archive is the disk."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import Ambiguous, InvalidRequest, RefusedDisk
from .values import some

# More than any archive of a machine has.
MOST_MEMBERS = 1000
# What lies beside a disk: descriptions, proofs, a machine's settings.
_BESIDE = re.compile(
    r"\.(asc|cert|cfg|conf|html?|ini|json|log|md|md5|mf|nvram|ovf|pdf|pem|rtf|sha\d+(sum)?|sig|txt"
    r"|vbox|vmsd|vmxf?|xml|ya?ml)$|(SUMS|CHECKSUM|README|LICENSE)$",
    re.IGNORECASE,
)


def plain_name(name: str) -> str:
    """A member's name; refused is one that leads out of the archive."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", "."}]
    if name.startswith(("/", "\\")) or ".." in parts or name[1:2] == ":":
        raise RefusedDisk(
            f"It is an archive with a member {name!r}, which would lie outside the folder that it "
            "is unpacked in. No honest program makes such an archive."
        )
    return "/".join(parts)


def is_hidden(name: str) -> bool:
    """Whether a member is what an operating system left there for itself."""
    folders, _slash, last = name.rpartition("/")
    return last.startswith(".") or "__MACOSX" in folders


def may_be_disk(name: str) -> bool:
    """Whether a member is more than something that lies beside a disk."""
    return not is_hidden(name) and not _BESIDE.search(name.rpartition("/")[2])


def choose(
    names: Sequence[str],
    wanted: str | None,
    archive: str,
    described: Sequence[str] = (),
    *,
    first: bool = False,
) -> str:
    """The one member that is the disk; or the first of those that a description puts in order."""
    if wanted is not None:
        wanted = plain_name(wanted)
        if names.count(wanted) == 1:
            return wanted
        found = f"{names.count(wanted)} members" if wanted in names else "no member"
        raise InvalidRequest(f"{archive} has {found} named {wanted!r}. It has: {some(names)}.")
    disks = described or [name for name in names if may_be_disk(name)]
    alone = len(disks) == 1 or (first and bool(described))
    if alone and names.count(disks[0]) == 1:
        return disks[0]
    if disks:
        raise several(disks, archive)
    raise RefusedDisk(f"It is an archive that holds no disk, only: {some(names)}.")


def several(disks: Sequence[str], archive: str) -> Ambiguous:
    """What is said when the first disk would be a guess."""
    return Ambiguous(
        f"{archive} holds several files that may be a disk: {some(disks)}. Name the one "
        "that is meant with member (source_member of image_upload_raw).",
        candidates=list(disks),
    )


def too_many() -> RefusedDisk:
    """What is said of an archive that does not come to its end."""
    return RefusedDisk(
        f"It is an archive of more than {MOST_MEMBERS} members, which no disk is shipped in. "
        "Unpack it yourself, and give the disk."
    )
