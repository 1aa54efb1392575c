# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which image a name means."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lookup import (
    by_name,
    is_uuid,
    listings,
    matching,
    the_only,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import Ambiguous


def image(image_id: str, owner: str = "me", visibility: str = "private", name: str = "n") -> Image:
    return Image(id=image_id, name=name, status="active", visibility=visibility, owner=owner)


def test_ones_own_come_first_then_ones_own_hidden_then_others() -> None:
    """The order decides; a later listing is not asked when an earlier one answered."""
    assert list(listings("n", "me")) == [
        {"name": "n", "owner": "me"},
        {"name": "n", "owner": "me", "os_hidden": "true"},
        {"name": "n"},
        {"name": "n", "os_hidden": "true"},
    ]
    assert list(listings("n", None)) == [{"name": "n"}, {"name": "n", "os_hidden": "true"}]


@pytest.mark.parametrize(
    "name, asked",
    [
        ("Debian 12", {"name": "Debian 12"}),
        ('a "b"', {"name": 'a "b"'}),
        ("os:debian", {"name": 'in:"os:debian"'}),
        ("in:a,b", {"name": 'in:"in:a,b"'}),
        ('os: "b"', {}),
    ],
)
def test_a_name_is_not_taken_for_an_operator(name: str, asked: dict[str, str]) -> None:
    """What stands before a colon is one to Glance."""
    assert by_name(name) == asked


def test_a_consumer_looks_among_what_it_was_offered() -> None:
    """Offers that were not accepted are in no other listing."""
    assert all(query["member_status"] == "all" for query in listings("n", "me", as_consumer=True))
    own = image("1", visibility="shared")
    offered = image("2", "other", "shared")
    found = matching([own, offered], "n", "me", as_consumer=True)
    assert found == [offered]


def test_a_strangers_private_image_is_never_meant() -> None:
    """An admin's listing shows every tenant's images; a name reaches only what is open to all."""
    stranger, public = image("1", "other"), image("2", "other", "public")
    assert matching([stranger, public], "n", "me") == [public]


def test_names_are_compared_exactly() -> None:
    """MySQL takes Debian for debian; we do not."""
    assert matching([image("1", name="N")], "n", "me") == []


def test_several_matches_are_an_error_that_lists_them() -> None:
    """Never the first match."""
    with pytest.raises(Ambiguous, match=r"2 images are named 'n'.*1.*2") as caught:
        the_only([image("2"), image("1")], "n")
    assert caught.value.facts["candidates"] == ["1", "2"]
    assert the_only([image("1")], "n") == image("1")
    assert the_only([], "n") is None


@pytest.mark.parametrize(
    "text, answer",
    [
        ("5f681b4b-8f17-448c-a87a-56ea041a6a06", True),
        ("5F681B4B8F17448CA87A56EA041A6A06", True),
        ("5f681b4b-8f17-448c-a87a-56ea041a6a0", False),
        ("Debian 12", False),
        ("", False),
    ],
)
def test_ids_are_known_by_their_form(text: str, answer: object) -> None:
    """With dashes, as Glance writes them, and without, as Keystone does."""
    assert is_uuid(text) is answer
