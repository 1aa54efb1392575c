# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Catalogs of openstack-image-manager: what they say is in an entry, or is reported."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog import osism
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.entry import Entry
from ansible_collections.curator.glance.plugins.module_utils.domain.catalog.osism import (
    Wishes,
    read_osism,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest

from support.osism import URL, Said, converted, image, only, reported, version

SAMPLE = yaml.safe_load((Path(__file__).parent / "data/osism.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def whole() -> tuple[list[Said], list[Said]]:
    """What the whole sample comes to."""
    return converted(SAMPLE)


def test_the_sample_in_full() -> None:
    """Each key is where an entry has it, and each entry is one that a catalog can have."""
    entries, not_mapped = converted(SAMPLE)
    newest, older, latest, tenth, ninth = entries
    assert newest == {
        "name": "Example Linux 9",
        "source": "https://mirror.example.com/example-9/20261001.qcow2",
        "checksum": "sha512:" + "2" * 128,
        "image_source": "https://www.example.org/linux-9/sources",
        "image_build_date": "2026-10-01 06:30:00",
        "format": "qcow2",
        "image_id": "0b7f0a4c-6a2e-4b67-9d54-1b5a3c0f0002",
        "os": {
            "architecture": "x86_64",
            "admin_user": "root",
            "distro": "rocky",
            "purpose": "generic",
            "type": "linux",
            "user": "example",
            "version": "9.1",
        },
        "properties": {
            "hw_cdrom_bus": "sata",
            "hw_disk_bus": "scsi",
            "hw_firmware_type": "uefi",
            "hw_machine_type": "q35",
            "hw_qemu_guest_agent": "yes",
            "hw_rng_model": "virtio",
            "hw_scsi_model": "virtio-scsi",
            "hw_vif_multiqueue_enabled": True,
            "hw_watchdog_action": "reset",
            "hypervisor_type": "qemu",
        },
        "image_description": "https://www.example.org/linux-9/20261001",
        "hotfix_hours": 48,
        "patchlevel": "5",
        "provided_until": "2031-05-31",
        "replace_frequency": "monthly",
        "uuid_validity": "last-3",
        "tags": ["tested", "os:rocky"],
        "min_disk": 8,
        "min_ram": 512,
        "visibility": "community",
        "hidden": False,
        "supersede": {"rename": "{name} - ({date})"},
        "keep": 1000,
    }
    assert older["name"] == "Example Linux 9 - (20260901)"
    assert older["source"] == "https://images.example.org/9/20260901/example-9.qcow2"
    assert older["os"]["version"] == "9"
    assert older["patchlevel"] == "4"
    assert latest["name"] == "Example Appliance latest"
    assert latest["checksum"] == "sha256:https://images.example.org/appliance/latest/SHA256SUMS"
    assert latest["state"] == "retired"
    assert tenth["checksum"].startswith("sha512:https://")
    assert tenth["os"] == {
        "architecture": "aarch64",
        "distro": "alpinelinux",
        "purpose": "network",
        "user": "none",
        "version": "1.10",
    }
    assert ninth["source"] == "/srv/images/appliance-1.9.raw"
    assert ninth["image_source"] == "file:appliance-1.9.raw"
    for entry in entries:
        Entry.from_plain(entry)
    assert {(one["entry"], one["key"]) for one in not_mapped} == {
        ("Example Linux 9", "password"),
        ("Example Linux 9", "shortname"),
        ("Example Linux 9", "latest_url"),
        ("Example Linux 9", "latest_checksum_url"),
        ("Example Appliance", "status"),
        ("Example Appliance 1.9", "checksum"),
    }
    assert "known-to-all" not in json.dumps([entries, not_mapped])


def test_the_sample_has_every_key_that_the_tool_knows() -> None:
    """So the tests here are about all of the format."""
    images = SAMPLE["images"]
    versions = [one for each in images for one in each["versions"]]
    assert {key for each in images for key in each} == osism._IMAGE_KEYS
    assert {key for each in versions for key in each} == osism._VERSION_KEYS


def paths(content: Said) -> Iterator[tuple[Any, ...]]:
    """The way to every key that can be left out and still mean an image."""
    for number, each in enumerate(content["images"]):
        for key in each.keys() - {"name", "versions", "enable"}:
            yield ("images", number, key)
        for key in each["meta"]:
            yield ("images", number, "meta", key)
        for n, one in enumerate(each["versions"]):
            for key in one.keys() - {"version", "url"}:
                yield ("images", number, "versions", n, key)


# To say these is the same as to say nothing.
SAYS_NOTHING = [("status", "active"), ("hw_disk_bus", None), ("min_ram", 0), ("multi", False)]


@pytest.mark.parametrize("path", sorted(paths(SAMPLE), key=str), ids=str)
def test_no_key_is_dropped_in_silence(
    path: tuple[Any, ...], whole: tuple[list[Said], list[Said]]
) -> None:
    """Without any one of the keys, the entries or the report are others."""
    without = copy.deepcopy(SAMPLE)
    level: Any = without
    for step in path[:-1]:
        level = level[step]
    value = level.pop(path[-1])
    same = converted(without) == whole
    empty = value == [] or (path[-1], value) in SAYS_NOTHING
    assert same == empty


def test_the_names_of_an_image_that_is_rebuilt() -> None:
    """The newest has the plain name, and those before it their version in parentheses."""
    versions = [version("20261001"), version("20260801"), version("20260901")]
    entries, _reported = converted(image(*versions))
    assert [entry["name"] for entry in entries] == [
        "Example",
        "Example (20260901)",
        "Example (20260801)",
    ]
    assert entries[0]["supersede"] == {"rename": "{name} ({date})"}
    assert all("supersede" not in entry for entry in entries[1:])


def test_the_names_of_an_image_that_is_not_rebuilt() -> None:
    """Each version is behind the name, the newest first, and is the version of the system."""
    versions = [version("1.9"), version("1.10"), version("latest")]
    entries, _reported = converted(image(*versions, multi=False, separator="-", meta={}))
    assert [entry["name"] for entry in entries] == ["Example-latest", "Example-1.10", "Example-1.9"]
    assert [entry["os"]["version"] for entry in entries] == ["latest", "1.10", "1.9"]
    assert all("supersede" not in entry for entry in entries)


def test_a_separator_is_no_pattern() -> None:
    """Braces in it stay braces when an image steps back."""
    entries, _reported = converted(image(separator=" {x} "))
    assert only(entries)["supersede"]["rename"] == "{name} {{x}} ({date})"
    Entry.from_plain(only(entries))


def test_only_the_newest_on_demand() -> None:
    """As that tool does it with --latest, and never where versions stand side by side."""
    versions = [version("1"), version("2")]
    entries, not_mapped = converted(image(*versions), latest=True)
    assert [entry["name"] for entry in entries] == ["Example"]
    assert only(not_mapped)["value"] == ["1"]
    entries, _reported = converted(image(*versions, multi=False), latest=True)
    assert len(entries) == 2


def test_one_generic_image_of_a_system() -> None:
    """An older version beside it is oldgeneric, unless it is of another system or it is hidden."""
    old, new = version("1"), version("2")

    def purpose(*versions: Said, **changes: Any) -> str:
        entries, _reported = converted(image(*versions, **changes))
        purpose: str = entries[1]["os"]["purpose"]
        return purpose

    assert purpose(old, new) == "oldgeneric"
    assert purpose(old, {**new, "os_version": "12.1"}) == "generic"
    assert purpose(old, {**new, "hidden": True}) == "generic"
    assert purpose(old, new, visibility="private") == "generic"
    assert purpose(old, new, multi=False) == "generic"


@pytest.mark.parametrize(
    "validity, changes, expected",
    [
        ("none", {}, 0),
        ("last-1", {}, 0),
        ("last-3", {"keep": False}, 2),
        ("forever", {}, None),
        ("notice", {}, None),
        (date(2030, 1, 1), {}, None),
        ("none", {"keep": True}, 1000),
    ],
)
def test_how_many_versions_are_kept(validity: Any, changes: Said, expected: int | None) -> None:
    """The one with the name counts for that tool, and not for us."""
    entries, _reported = converted(image(meta={"uuid_validity": validity}, **changes))
    assert only(entries).get("keep") == expected


def test_disabled_images_are_left_out_and_said_to_be() -> None:
    """As that tool leaves them out, unless it is told to force them."""
    entries, not_mapped = converted(image(enable=False))
    assert not entries
    assert (only(not_mapped)["entry"], only(not_mapped)["key"]) == ("Example", "enable")
    entries, not_mapped = converted(image(enable=False), disabled=True)
    assert len(entries) == 1
    assert not not_mapped


def test_what_the_catalog_comes_in() -> None:
    """A document, a list of images, or the documents of a folder; all alike."""
    one, other = image(), image(name="Other")
    names = ["Example", "Other"]
    for content in (
        {"images": [one, other]},
        [one, other],
        [{"images": [one]}, {"images": [other]}, {"images": None}],
    ):
        entries, _reported = converted(content)
        assert [entry["name"] for entry in entries] == names


@pytest.mark.parametrize(
    "name, value",
    [
        ("uuid_validity", "last-one"),
        ("replace_frequency", "sometimes"),
        ("os_purpose", "fun"),
        ("os_version", True),
        ("owner", "somebody"),
        ("os_hash_value", "0"),
        ("lists", [1, 2]),
    ],
)
def test_metadata_that_cannot_be(name: str, value: Any) -> None:
    """It is left out, with the reason, and the image is published all the same."""
    entries, not_mapped = converted(image(meta={name: value}))
    assert reported(not_mapped).keys() == {f"meta.{name}"}
    assert only(not_mapped)["value"] == value
    Entry.from_plain(only(entries))


def test_numbers_that_were_texts() -> None:
    """YAML made 24.1 of 24.10: it is taken as that tool would have written it, and told."""
    entries, not_mapped = converted(image(meta={"os_version": 24.10, "hw_extra": 1.5}))
    assert only(entries)["os"]["version"] == "24.1"
    assert only(entries)["properties"] == {"hw_extra": "1.5"}
    assert reported(not_mapped).keys() == {"meta.os_version", "meta.hw_extra"}


def test_keys_that_the_tool_does_not_know() -> None:
    """They are reported, as whoever wrote them meant something."""
    _entries, not_mapped = converted(image(version(sha256="0"), mutli=True))
    assert {(one["entry"], one["key"]) for one in not_mapped} == {
        ("Example", "mutli"),
        ("Example", "sha256"),
    }


def test_a_version_that_stands_there_twice() -> None:
    """The last one counts, as in that tool, and the other is told."""
    entries, not_mapped = converted(image(version(), version(url="https://e.org/other")))
    assert only(entries)["source"] == "https://e.org/other"
    assert only(not_mapped)["value"] == "20261001"


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"tags": "tested"}, "Give a list, as in [tags]"),
        ({"visibility": "everybody"}, "Possible are"),
        ({"min_disk": "much"}, "Give a whole number"),
        ({"name": "x" * 256}, "The name has 256 characters"),
    ],
)
def test_an_entry_that_no_catalog_takes(changes: Said, reason: str) -> None:
    """It is left out and told, with all that is wrong; the others are a catalog."""
    entries, not_mapped = converted([image(**changes), image(name="Other")])
    assert only(entries)["name"] == "Other"
    assert only(not_mapped)["key"] is None
    assert only(not_mapped)["reason"].startswith("It is left out. ")
    assert reason in only(not_mapped)["reason"]


def test_two_images_of_one_name() -> None:
    """As in a catalog of ours, neither is the right one, and each is told."""
    entries, not_mapped = converted([image(), image(), image(name="Other")])
    assert only(entries)["name"] == "Other"
    assert [one["entry"] for one in not_mapped] == ["Example", "Example"]


@pytest.mark.parametrize(
    "content, message",
    [
        ("images", "no map"),
        ([1], "no map"),
        ({"images": {"name": "x"}}, "no list under images"),
        ([{"versions": []}], "Image 1 has no name"),
        ([{"name": "x", "versions": {}}], "no list of maps"),
        ([{"name": "x", "versions": [{"url": URL}]}], "without version or url"),
        ([{"name": "x", "versions": [{"version": "1"}]}], "without version or url"),
        ([image(meta=[])], "which is no map"),
    ],
)
def test_what_is_no_catalog_of_that_tool(content: Any, message: str) -> None:
    """An error says where, instead of a run that is green and did nothing."""
    with pytest.raises(InvalidRequest, match=message):
        read_osism(content, Wishes())


def test_an_image_without_versions() -> None:
    """There is nothing to make, and it is said."""
    entries, not_mapped = converted([{**image(), "versions": []}])
    assert not entries
    assert reported(not_mapped).keys() == {"versions"}
