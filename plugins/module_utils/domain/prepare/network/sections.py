# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Files of sections with keys and values, as networkd and NetworkManager have them."""

from __future__ import annotations

from collections.abc import Iterator

_COMMENTS = ("#", ";")


def entries(content: str) -> Iterator[tuple[str, str, str]]:
    """Section, key and value of each setting; blanks around them mean nothing."""
    section = ""
    for line in map(str.strip, content.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif "=" in line and not line.startswith(_COMMENTS):
            key, _sign, value = line.partition("=")
            yield section, key.strip(), value.strip()
