# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks of a migration: where to, and what makes no sense."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.authentication import AUTHENTICATION
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.destination import (
    cloud_label,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.wish import (
    MigrationWish,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.rate import parse_rate
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

from support.documents import plugin

OPTIONS = plugin("modules.image_migrate").OPTIONS
AUTH = {"auth_url": "https://user:secret@keys.example.org:5000/v3", "project_name": "sales"}


def params(**given: Any) -> dict[str, Any]:
    """What Ansible hands over: every option, with its default."""
    defaults = {name: option.get("default") for name, option in (AUTHENTICATION | OPTIONS).items()}
    return {**defaults, "image": "img", "cloud": "here", **given}


def wish(**given: Any) -> MigrationWish:
    return MigrationWish.from_params(params(**given))


def test_a_destination_has_a_session_of_its_own() -> None:
    """Nothing of the task's own cloud holds there, but for how patient the task is."""
    (there,) = wish(
        destination={"cloud": "there", "timeout": 7},
        region_name="here",
        validate_certs=False,
        timeout=5,
        api_timeout=6,
    ).destinations
    assert there.connection is not None
    assert there.connection.keys() == AUTHENTICATION.keys()
    assert there.connection["cloud"] == "there"
    assert there.connection["region_name"] is None
    assert there.connection["validate_certs"] is None
    assert (there.connection["timeout"], there.connection["api_timeout"]) == (7, 6)
    assert there.connection["wait"] is True


def test_a_destination_without_a_cloud_is_the_tasks_own() -> None:
    """As long as something is to be other there."""
    for given in ({"name": "copy"}, {"owner": "sales"}):
        (there,) = wish(destination=given).destinations
        assert there.connection is None
    with pytest.raises(InvalidRequest, match="names neither a cloud"):
        wish(destination={"visibility": "public", "timeout": 9})


@pytest.mark.parametrize(
    "given, label",
    [
        ({"cloud": "here"}, "here"),
        ({"cloud": "here", "region_name": "Two"}, "here in Two"),
        ({"cloud": None, "auth": AUTH}, "sales at keys.example.org:5000"),
        (
            {"cloud": {"auth": AUTH, "region_name": "Two"}},
            "sales at keys.example.org:5000 in Two",
        ),
        ({"cloud": None}, "default"),
    ],
)
def test_a_cloud_in_words(given: dict[str, Any], label: str) -> None:
    """Whatever names it; no secret is in it."""
    assert cloud_label({"auth": None, "region_name": None, **given}) == label


def test_destinations_are_told_apart() -> None:
    """By what is other there."""
    several = wish(
        destinations=[{"cloud": "a"}, {"cloud": "a", "owner": "p"}, {"name": "copy"}],
    )
    assert several.several
    labels = [one.label for one in several.destinations]
    assert labels == ["a", "a for p", "here as 'copy'"]


def test_members_come_along_where_projects_are_mapped() -> None:
    """Unless the task says otherwise."""
    there = {"cloud": "there"}
    assert not wish(destination=there).members
    mapped = wish(destination=there, project_map={"a": "b", "1": 2})
    assert mapped.members
    assert mapped.project_map == {"a": "b", "1": "2"}
    assert not wish(destination=there, project_map={"a": "b"}, members=False).members


@pytest.mark.parametrize(
    "given, word",
    [
        ({"image": ""}, "image is empty"),
        ({"destination": None, "destinations": []}, "destinations is empty"),
        ({"destination": None, "destinations": [{"cloud": "a"}, {"cloud": "a"}]}, "twice"),
        ({"destination": {"cloud": "a", "name": ""}}, "name of a destination is empty"),
        ({"destination": {"cloud": "a", "name": "x" * 256}}, "256 characters"),
        ({"retries": -1}, "retries is -1"),
        ({"rate_limit": "fast"}, "no size"),
        ({"rate_limit": "0"}, "rate_limit is 0"),
        ({"properties": {"curator_proof": "x"}}, "curator_proof"),
        ({"properties": {"image_type": "snapshot"}}, "image_type"),
        ({"properties": {"size": 1}}, "size"),
        ({"properties": {"a": ["b"]}}, "list"),
        ({"project_map": {"a": None}}, "project_map has None"),
        ({"project_map": {"a": ["b"]}}, "project_map has"),
    ],
)
def test_what_makes_no_sense(given: dict[str, Any], word: str) -> None:
    """An error before any cloud is asked."""
    with pytest.raises(InvalidRequest, match=word):
        wish(**{"destination": {"cloud": "there"}, **given})


@pytest.mark.parametrize("text, rate", [(None, None), ("1000", 1000), ("20 MiB", 20 << 20)])
def test_a_rate(text: str | None, rate: int | None) -> None:
    """Bytes in a second."""
    assert parse_rate(text) == rate
