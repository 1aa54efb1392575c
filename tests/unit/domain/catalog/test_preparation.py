# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an entry says of its disk, before anybody looks at the disk."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.entry import (
    Entry,
    InvalidEntry,
)

SOURCE = {"name": "n", "source": "https://example.org/d.qcow2"}


def prepared(prepare: Any) -> Entry:
    """An entry that has this done to its disk."""
    return Entry.from_plain({**SOURCE, "prepare": prepare}, base_dir="/srv/catalog")


def test_operations_may_stand_alone() -> None:
    """Most say no more than them."""
    assert prepared(["as_needed"]) == prepared({"operations": ["as_needed"]})
    assert prepared(["as_needed"]).as_tasks()["upload"]["prepare"] == {"operations": ["as_needed"]}


def test_without_it_upstreams_bytes_are_left_alone() -> None:
    """The upload is told nothing, and the image has the recipe that it always had."""
    assert "prepare" not in Entry.from_plain(SOURCE).as_tasks()["upload"]


def test_packages_lie_where_the_catalog_is() -> None:
    """Paths of operations begin there, and those that are whole stay as they are."""
    files = ["debs/a_1_all.deb", "/srv/b_1_all.deb"]
    read = prepared([{"install": {"files": files}}, "sparsify"])
    assert read.prepare is not None
    assert read.prepare["operations"] == [
        {"install": {"files": ["/srv/catalog/debs/a_1_all.deb", "/srv/b_1_all.deb"]}},
        "sparsify",
    ]


@pytest.mark.parametrize(
    "prepare, why",
    [
        ("as_needed", "prepare"),
        ([], "no list of operations"),
        ({"secrets": "warn"}, "no list of operations"),
        (["defragment"], "no operation 'defragment'"),
        ([{"write": {"content": "x"}}], "path"),
        ({"operations": ["sparsify"], "secret": "warn"}, "Write secrets"),
        ({"operations": ["sparsify"], "output": "/srv/x"}, "no key 'output'"),
    ],
)
def test_what_nobody_could_do_is_said_before_anything_is_fetched(prepare: Any, why: str) -> None:
    """With what is wrong."""
    with pytest.raises(InvalidEntry, match=why):
        prepared(prepare)


@pytest.mark.parametrize(
    "other", [{"disk_format": "iso"}, {"method": "web_download"}, {"disk_format": "aki"}]
)
def test_only_disks_that_pass_through_here_can_be_prepared(other: dict[str, str]) -> None:
    """What is no disk has no guest, and the cloud prepares nothing."""
    with pytest.raises(InvalidEntry, match="prepare"):
        Entry.from_plain({**SOURCE, **other, "prepare": ["sparsify"]})
