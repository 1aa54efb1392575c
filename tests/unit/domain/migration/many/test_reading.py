# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of images to move, and the clouds that they are moved between, as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.many import (
    clouds,
    elements,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest


def test_an_element_says_little_or_much() -> None:
    """What it says itself wins; properties and projects are added one by one."""
    common = {
        "disk_format": "keep",
        "properties": {"team": "it", "hw_disk_bus": "scsi"},
        "project_map": {"a": "b"},
        "members": None,
    }
    own = {
        "image": "two",
        "name": "other",
        "disk_format": "raw",
        "properties": {"team": None},
        "project_map": {1: 2},
    }
    one, two = elements.elements_of(["one", own], common)
    assert (one.image, one.name) == ("one", None)
    assert one.options == {key: value for key, value in common.items() if value is not None}
    assert (two.image, two.name) == ("two", "other")
    assert two.options == {
        "disk_format": "raw",
        "properties": {"team": None, "hw_disk_bus": "scsi"},
        "project_map": {"a": "b", "1": "2"},
    }


@pytest.mark.parametrize(
    "given, says",
    [
        ("Debian 12", "migrate_images_list is 'Debian 12'"),
        ([{"name": "one"}], "Element 1 of migrate_images_list has no image"),
        (["one", {"image": "two", "nme": "x"}], "has no key 'nme'. Write name"),
        ([{"image": "one", "name": None}], "name has no value"),
        ([{"image": "one", "disk_format": "qcow2"}], "disk_format is 'qcow2'"),
        ([{"image": "one", "project_map": "a"}], "Give a map"),
        ([12.10], "image is the number 12.1"),
        ([[]], "image is a list"),
    ],
)
def test_lists_that_cannot_be_meant(given: Any, says: str) -> None:
    """The element and the key are named."""
    with pytest.raises(InvalidRequest) as error:
        elements.elements_of(given, {})
    assert says in error.value.message


@pytest.mark.parametrize(
    "query, says",
    [
        ("[", "migrate_images_select '[' is no JMESPath expression"),
        ("length(@)", "comes to int and not to a list"),
        ("[].name", "'one' is neither an image nor the id of one"),
        ("[].{id: name}", "is neither an image"),
        ("[[]]", "is neither an image"),
    ],
)
def test_selections_that_cannot_be_meant(query: str, says: str) -> None:
    """What comes out has to be images."""
    listing = [{"id": "1", "name": "one"}]
    with pytest.raises(InvalidRequest) as error:
        list(elements.selected(query, listing, {}))
    assert says in error.value.message


@pytest.mark.parametrize("query", ["[]", "[].id", "[?name=='one']"])
def test_selections(query: str) -> None:
    """Whole images, or their ids."""
    listing = [{"id": "1", "name": "one"}]
    assert [one.image for one in elements.selected(query, listing, {})] == ["1"]
    assert list(elements.selected("[?name=='two']", listing, {})) == []


def test_clouds_by_name_and_by_options() -> None:
    """Beside what names a cloud stands whose the images are, and who sees them."""
    given = ["elsewhere", {"cloud": "elsewhere", "project": "sales", "visibility": "shared"}]
    plain, owned = (cloud.as_plain() for cloud in clouds.destinations_of(given))
    assert plain["label"] == "elsewhere"
    assert plain["destination"] == plain["session"] == {"cloud": "elsewhere"}
    assert owned["label"] == "elsewhere for sales"
    assert owned["there"] == {"owner": "sales", "visibility": "shared"}
    assert owned["destination"] == {
        "cloud": "elsewhere",
        "owner": "sales",
        "visibility": "shared",
    }


def test_no_label_holds_a_secret() -> None:
    """A cloud without a name is called after its project and its server."""
    auth = {"auth_url": "https://u:hidden@keystone.example.org/v3", "password": "hidden"}
    cloud = clouds.cloud_of({"auth": {**auth, "project_name": "sales"}}, clouds.DESTINATION)
    assert cloud.label == "sales at keystone.example.org"


@pytest.mark.parametrize(
    "given, says",
    [
        ([""], "is no cloud"),
        ([None], "is no cloud"),
        ([{}], "is no cloud"),
        ([{"owner": "sales"}], "names no cloud"),
        ([{"cloud": "a", "name": "x"}], "several images cannot have the same"),
        ([{"cloud": "a", "pasword": "hidden"}], "has no key 'pasword'"),
        ([{"cloud": "a", "visibility": "all"}], "visibility is 'all'"),
        (["a", {"cloud": "a"}], "Two of migrate_images_destinations are a,"),
    ],
)
def test_clouds_that_cannot_be_meant(given: list[Any], says: str) -> None:
    """Without a word of what may be secret."""
    with pytest.raises(InvalidRequest) as error:
        clouds.destinations_of(given)
    assert says in error.value.message
    assert "hidden" not in error.value.message


def test_a_source_has_no_visibility_to_give() -> None:
    """That is for the destination to say."""
    with pytest.raises(InvalidRequest, match="migrate_images_source has no key 'visibility'"):
        clouds.cloud_of({"cloud": "a", "visibility": "public"}, clouds.SOURCE)
