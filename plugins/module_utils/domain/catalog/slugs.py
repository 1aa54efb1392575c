# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Names of entries as names of hosts: plain, and no two alike."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

# What Ansible means by these is something else.
_TAKEN = frozenset({"127.0.0.1", "all", "localhost", "ungrouped"})
_LONGEST = 60
_SIGN = 8


def slugs(names: Iterable[str]) -> dict[str, str]:
    """A slug for each name.

    Names that would come to the same one get a part that follows from each of them alone: in
    whichever order they stand, a host keeps its name.
    """
    plain = {name: _plain(name) for name in names}
    often = Counter(plain.values())
    return {
        name: slug if often[slug] == 1 and slug not in _TAKEN else f"{slug}-{_sign(name)}"
        for name, slug in plain.items()
    }


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9.]+", "-", ascii_only.lower()).strip("-.")
    return words[:_LONGEST].strip("-.") or "entry"


def _sign(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:_SIGN]
