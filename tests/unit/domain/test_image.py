# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape in which the collection shows an image."""

from __future__ import annotations

from ansible_collections.curator.glance.plugins.module_utils.domain.image import (
    Image,
    ImageState,
    Member,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.values import only_differences

RECORD = {
    "id": "i",
    "name": "n",
    "status": "active",
    "visibility": "shared",
    "os_hidden": True,
    "protected": False,
    "owner": "p",
    "size": 1,
    "min_disk": 0,
    "min_ram": 0,
    "tags": ["b", "a"],
    "self": "/v2/images/i",
    "file": "/v2/images/i/file",
    "schema": "/v2/schemas/image",
    "hw_disk_bus": "scsi",
    "direct_url": "file:///x",
}


def test_properties_are_what_is_left() -> None:
    """Attributes stand by themselves, addresses of the API are dropped, the rest is properties."""
    shown = Image.from_glance(RECORD).as_result()
    assert shown["properties"] == {"hw_disk_bus": "scsi"}
    assert shown["hidden"] is True
    assert shown["tags"] == ["a", "b"]
    assert shown["direct_url"] == "file:///x"
    assert not {"self", "file", "schema", "os_hidden", "extra"} & shown.keys()
    assert "locations" not in shown


def test_members_are_shown_where_they_were_read() -> None:
    """Nobody asked, and nobody is a member, are two things."""
    image = Image.from_glance(RECORD)
    assert "members" not in ImageState(image=image).as_result()
    member = Member(project_id="q", status="pending")
    state = ImageState(image=image, members=(member,)).as_result()
    assert state["members"] == [{"project_id": "q", "status": "pending"}]
    assert state["image"]["members"] == state["members"]


def test_a_diff_shows_changes_and_nothing_else() -> None:
    """Equal parts are left out at every depth, and what appears or goes has one side only."""
    before = {"a": 1, "b": {"x": 1, "y": 2}, "gone": 0}
    after = {"a": 1, "b": {"x": 1, "y": 3}, "new": 0}
    assert only_differences(before, after) == (
        {"b": {"y": 2}, "gone": 0},
        {"b": {"y": 3}, "new": 0},
    )
