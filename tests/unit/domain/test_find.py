# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Searches, as listings of the API."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.find import Search, ask
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

NOTHING: dict[str, Any] = dict.fromkeys(Search.__slots__) | {"include_hidden": False}


def search(**options: Any) -> Search:
    return Search.from_params(NOTHING | options)


def test_a_search_is_one_listing_and_with_hidden_ones_two() -> None:
    """Glance lists visible images or hidden ones, never both."""
    plain = search(filters={"protected": True, "min_ram": 1}, tags=["a", "b"], owner="x")
    parts = [
        ("protected", "true"),
        ("min_ram", "1"),
        ("owner", "id-of-x"),
        ("tag", "a"),
        ("tag", "b"),
    ]
    assert list(plain.listings("id-of-x")) == [parts]
    assert list(search(include_hidden=True).listings(None)) == [[], [("os_hidden", "true")]]


def test_member_status_is_about_shared_images() -> None:
    """Without a visibility, Glance would add every public image to the answer."""
    (listing,) = search(member_status="pending").listings(None)
    assert listing == [("visibility", "shared"), ("member_status", "pending")]


@pytest.mark.parametrize(
    "options, message",
    [
        ({"filters": {"os_hidden": True}}, "include_hidden"),
        ({"filters": {"owner": "x"}}, "option owner"),
        ({"filters": {"limit": 3}}, "option query"),
        ({"filters": {"os_distro": None}}, "no value for os_distro"),
        ({"filters": {"os_distro": ["a"]}}, "is a list"),
        ({"member_status": "all", "visibility": "public"}, "Only shared images"),
        ({"query": "[?"}, "no JMESPath expression"),
        ({"image": ""}, "image is empty"),
        ({"owner": ""}, "owner is empty"),
    ],
)
def test_what_no_listing_could_answer_is_refused(options: dict[str, Any], message: str) -> None:
    """Before anything is asked of the cloud."""
    with pytest.raises(InvalidRequest, match=message):
        search(**options)


@pytest.mark.parametrize(
    "query", ["nosuch(@)", "length(`1`)", "sort_by(@, &size)", "max_by(@, &size)"]
)
def test_a_query_that_does_not_fit_is_an_error_of_one_line(query: str) -> None:
    """It is seen only when it meets the images; the message does not show them."""
    images: list[dict[str, Any]] = [{"size": None, "x": "y" * 5000}, {"size": 1}]
    with pytest.raises(InvalidRequest, match="does not fit the 2 images") as caught:
        ask(query, images)
    assert len(caught.value.message) < 500
    assert "\n" not in caught.value.message


def test_a_query_is_asked_of_the_whole_list() -> None:
    """Its answer may have any shape."""
    assert ask("sum([].size)", [{"size": 1}, {"size": 2}]) == 3
