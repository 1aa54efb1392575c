# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole catalog: its shape, what its entries share, and what they say against each other."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.catalog import Catalog
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.document import Document
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.slugs import slugs
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

from .conftest import PROOF


def one(name: str, **said: Any) -> dict[str, Any]:
    """An entry as a person writes it."""
    return {"name": name, "source": "https://example.org/d", "checksum": PROOF, **said}


def read(*elements: Any, **common: Any) -> Catalog:
    """A catalog of these."""
    return Catalog.read(Document.of({"images": list(elements), "defaults": common}))


@pytest.mark.parametrize("key", ["images", "catalog", None])
def test_a_list_or_a_map_with_one(key: str | None) -> None:
    """Whatever people call it."""
    elements = [one("a"), one("b")]
    content = elements if key is None else {key: elements}
    catalog = Catalog.read(Document.of(content))
    assert [entry.name for entry in catalog.entries] == ["a", "b"]


@pytest.mark.parametrize(
    "content, told",
    [
        (None, "no entries"),
        ([], "no entries"),
        ({"images": []}, "no entries"),
        ({"images": None}, "no entries"),
        ("text", "is no list but 'text'"),
        (7, "is no list but 7"),
        ({"name": "a", "source": "b"}, "a map with the keys name, source"),
        ({"images": [one("a")], "catalog": [one("b")]}, "the keys images, catalog"),
        ({"images": {"a": 1}}, "no list under images"),
        ({"images": [one("a")], "defaults": []}, "no map under defaults"),
        ({"images": [one("a")], "defaults": {"nonsense": 1}}, "no key 'nonsense'"),
        ({"images": [one("a")], "defaults": {"name": "b"}}, "which no two entries share"),
    ],
    ids=str,
)
def test_what_is_no_catalog_is_an_error_of_the_whole(content: Any, told: str) -> None:
    """A run over it must not be green."""
    with pytest.raises(InvalidRequest, match=told):
        Document.of(content)


def test_what_entries_have_in_common_is_said_once() -> None:
    """Maps are completed key by key; all else is the entry's own if it says it."""
    catalog = read(
        one("a", os={"version": "12"}),
        one("b", os={"distro": "other"}, visibility="private", tags=["x"]),
        visibility="public",
        os={"distro": "debian", "type": "linux"},
        tags=["y", "z"],
    )
    first, second = catalog.entries
    assert first.os == {"distro": "debian", "type": "linux", "version": "12"}
    assert (first.visibility, first.tags) == ("public", ("y", "z"))
    assert second.os == {"distro": "other", "type": "linux"}
    assert (second.visibility, second.tags) == ("private", ("x",))


def test_a_bad_entry_is_its_own_matter() -> None:
    """The others are read, and it keeps its place."""
    catalog = read(one("a"), 7, one("b", nonsense=1), {"source": "x"}, one("c"))
    assert [entry.name for entry in catalog.entries] == ["a", "c"]
    assert [(f.name, f.place.number) for f in catalog.faults] == [
        ("entry 2", 2),
        ("b", 3),
        ("entry 4", 4),
    ]
    assert "no map" in catalog.faults[0].reasons[0]


def test_of_two_entries_of_one_name_none_is_the_right_one() -> None:
    """Also where one of them is wrong in itself."""
    catalog = read(one("a"), one("b"), one("a"), one("c"), one("c", nonsense=1))
    assert [entry.name for entry in catalog.entries] == ["b"]
    assert [fault.place.number for fault in catalog.faults] == [1, 3, 4, 5]
    assert "name 'a' is that of 2 entries: entry 1, entry 3." in catalog.faults[0].reasons[0]
    assert len(catalog.faults[3].reasons) == 2


def test_an_id_is_that_of_one_image() -> None:
    """Glance gives each of them once."""
    same = "11111111-2222-3333-4444-555555555555"
    catalog = read(one("a", image_id=same), one("b", image_id=same), one("c"))
    assert [entry.name for entry in catalog.entries] == ["c"]
    assert "image_id" in catalog.faults[0].reasons[0]


def test_one_public_generic_image_of_a_system() -> None:
    """More are a warning that names them, as the Sovereign Cloud Stack has it."""
    system = {"distro": "debian", "version": "12", "architecture": "x86_64", "purpose": "generic"}
    public = {"visibility": "public", "os": system}
    assert read(one("a", **public), one("b", visibility="private", os=system)).warnings == ()
    assert read(one("a", **public), one("b", **public, hidden=True)).warnings == ()
    assert read(one("a", **public), one("b", **public, state="retired")).warnings == ()
    (warning,) = read(one("a", **public), one("b", **public)).warnings
    assert "'a', 'b'" in warning


def test_a_part_of_a_catalog() -> None:
    """By the names of its entries; each of them has to be one."""
    catalog = read(one("Debian 12"), one("b"), one("c", nonsense=1))
    part = catalog.only(["b", "c"])
    assert [entry.name for entry in part.entries] == ["b"]
    assert [fault.name for fault in part.faults] == ["c"]
    with pytest.raises(InvalidRequest, match="Did you mean 'Debian 12'"):
        catalog.only(["Debian 21"])


def test_slugs_are_names_of_hosts_and_no_two_alike() -> None:
    """Whatever stands in a name, and in whichever order the names stand."""
    names = [
        "Debian 12",
        "debian-12",
        "Ünïcode & Söhne (arm64)",
        "日本",
        "localhost",
        "127.0.0.1",
        "24.04",
        "x" * 99,
    ]
    found = slugs(names)
    assert len(set(found.values())) == len(names)
    assert found["Ünïcode & Söhne (arm64)"] == "unicode-sohne-arm64"
    assert found["24.04"] == "24.04"
    # To Ansible, both are the control node.
    assert not {"localhost", "127.0.0.1"} & set(found.values())
    assert all(slug.isascii() and " " not in slug for slug in found.values())
    assert slugs(reversed(names)) == found
