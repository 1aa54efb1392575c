# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may want of a disk, and what a result says of it."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.disk import (
    DEFAULT_MAX_VIRTUAL_SIZE,
    DiskFacts,
    DiskWish,
    InspectWish,
    parse_size,
    readable,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest


@pytest.mark.parametrize(
    "text, size",
    [
        ("25 GiB", 25 << 30),
        ("2 TiB", 2 << 40),
        ("500M", 500 << 20),
        ("500MB", 500 << 20),
        ("1.5g", 3 << 29),
        ("4096", 4096),
        (" 7 bytes ", 7),
        ("0.5 kib", 512),
        (4096, 4096),
    ],
)
def test_sizes(text: str | int, size: int) -> None:
    """Every unit is a power of 1024, however it is written."""
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1", "1 XiB", "1,5 GiB", "GiB", "1e9", True])
def test_what_is_no_size(text: str) -> None:
    """The message shows how a size is written."""
    with pytest.raises(InvalidRequest, match="25 GiB"):
        parse_size(text)


@pytest.mark.parametrize(
    "size, text", [(300, "300 bytes"), (25 << 30, "25 GiB"), (10 << 20 | 1 << 19, "10.5 MiB")]
)
def test_sizes_to_read(size: int, text: str) -> None:
    """In the largest unit that fits."""
    assert readable(size) == text


def test_wishes_that_cannot_be() -> None:
    """A format that nobody knows, and a limit that nothing can pass."""
    with pytest.raises(InvalidRequest, match="raw, qcow2"):
        DiskWish(name="a", declared="vpc")
    with pytest.raises(InvalidRequest, match="lets no disk through"):
        DiskWish(name="a", max_virtual_size=0)


@pytest.mark.parametrize(
    "name, declared, needed",
    [
        ("disk.vhd", None, True),
        ("disk.VHD.xz", None, True),
        ("disk.vhd.tar.gz", None, True),
        ("disk.vhdx.xz", None, False),
        ("disk.img", None, False),
        ("disk.img", "vhd", True),
        ("disk.vhd", "raw", False),
    ],
)
def test_when_the_end_of_a_packed_disk_is_needed(
    name: str, declared: str | None, *, needed: bool
) -> None:
    """A word counts more than a suffix."""
    assert DiskWish(name="x", declared=declared).needs_its_end(name) == needed


def test_the_wish_of_a_task() -> None:
    """The path is also what messages call the file."""
    params = {"path": "/a/b", "format": "raw", "member": None, "max_virtual_size": "2 TiB"}
    wish = InspectWish.from_params(params)
    assert wish.disk == DiskWish(name="/a/b", declared="raw", first_disk=True)
    assert wish.disk.max_virtual_size == DEFAULT_MAX_VIRTUAL_SIZE


def test_a_result() -> None:
    """Every key is there, whatever is known; a verdict in any case."""
    facts = DiskFacts(format="raw", virtual_size=None, file_size=5, members=(("a", 1),))
    result = facts.as_result()
    assert result["safe"]
    assert result["verdict"] == "Nothing speaks against opening it."
    assert result["members"] == [{"name": "a", "size": 1}]
    refused = DiskFacts(format="raw", virtual_size=None, file_size=5, reasons=("No.", "Never."))
    assert refused.as_result() == {
        **result,
        "members": [],
        "safe": False,
        "verdict": "No. Never.",
        "reasons": ["No.", "Never."],
    }
