# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters for catalogs of other tools: what a template hands them reaches the readers."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.curator.glance.plugins.filter.from_osism import from_osism
from ansible_collections.curator.glance.plugins.filter.from_simplestreams import from_simplestreams

IMAGE = {
    "name": "Example",
    "enable": False,
    "multi": True,
    "latest_url": "https://example.org/latest.img",
    "latest_checksum_url": "https://example.org/SHA256SUMS",
    "versions": [
        {
            "version": version,
            "url": "https://example.org/1.img",
            "mirror_url": "https://mirror/1.img",
        }
        for version in ("1", "2")
    ],
}
STREAM = {
    "format": "products:1.0",
    "products": {
        arch: {
            "os": "x",
            "arch": arch,
            "versions": {"1": {"items": {"disk.img": {"path": "a", "sha256": "0" * 64}}}},
        }
        for arch in ("amd64", "arm64")
    },
}


@pytest.mark.parametrize(
    "options, names, source",
    [
        ({}, [], None),
        ({"disabled": True}, ["Example", "Example (1)"], "https://mirror/1.img"),
        ({"disabled": True, "latest": True}, ["Example"], "https://mirror/1.img"),
        (
            {"disabled": True, "latest": True, "mirrors": False},
            ["Example"],
            "https://example.org/1.img",
        ),
        ({"disabled": True, "latest": True, "follow": True}, ["Example"], IMAGE["latest_url"]),
    ],
)
def test_options_of_from_osism(
    options: dict[str, Any], names: list[str], source: str | None
) -> None:
    """Each of them does what its name says."""
    entries = from_osism([IMAGE], **options)["entries"]
    assert [entry["name"] for entry in entries] == names
    assert not source or entries[0]["source"] == source


@pytest.mark.parametrize("arch", ["arm64", ["arm64"], "aarch64"])
def test_one_text_is_a_list_of_one(arch: str | list[str]) -> None:
    """Nobody has to write brackets for one architecture."""
    (entry,) = from_simplestreams(STREAM, base_url="https://example.org", arch=arch)["entries"]
    assert entry["os"]["architecture"] == "aarch64"


def test_errors_are_those_of_a_filter() -> None:
    """With the sentence of whoever noticed."""
    with pytest.raises(AnsibleFilterError, match="no map"):
        from_osism("images")
    with pytest.raises(AnsibleFilterError, match="2 products would be named"):
        from_simplestreams(STREAM, base_url="https://example.org")
