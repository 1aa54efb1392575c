# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Listings of Nova and Cinder in pages, each of which names the one that follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit


def following_page(page: Mapping[str, Any], kind: str) -> list[tuple[str, str]] | None:
    """The query of the page that follows, if one does."""
    for link in page.get(f"{kind}_links", ()):
        if link["rel"] == "next":
            return parse_qsl(urlsplit(link["href"]).query, keep_blank_values=True)
    return None
