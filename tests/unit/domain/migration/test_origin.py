# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which image at the destination is the one that a migration would make."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import TAG
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.origin import Origin

SOURCE = Image(
    id="source",
    name="img",
    status="active",
    visibility="public",
    owner="p1",
    size=10,
    disk_format="qcow2",
    container_format="bare",
    checksum="md5-of-it",
    os_hash_algo="sha512",
    os_hash_value="abc",
    created_at="2026-10-01T00:00:00Z",
)
KEPT = Origin(image=SOURCE, cloud="here", disk_format="keep")
RAW = Origin(image=SOURCE, cloud="here", disk_format="raw")


def copy(image_id: str = "copy", **changes: Any) -> Image:
    """Something that another person uploaded."""
    created = "2026-10-02T00:00:00Z"
    return replace(SOURCE, id=image_id, **{"owner": "p2", "created_at": created, **changes})


def brought(
    origin: Origin = KEPT, image_id: str = "brought", *, of: str = "", **changes: Any
) -> Image:
    """What a migration made."""
    marks = {
        **origin.lineage.as_properties(),
        **origin.mark,
        "curator_id": image_id,
        "curator_state": "published",
    }
    if of:
        marks["curator_migrated_from"] = of
    made = {"tags": (TAG,), "properties": marks, "disk_format": origin.format_there}
    return copy(image_id, **{**made, **changes})


def unfinished(state: str = "", **changes: Any) -> Image:
    """What a migration has begun to make."""
    marks = {**brought().properties, "curator_state": state}
    return brought(name="x (staged 12345678)", properties=marks, **changes)


@pytest.mark.parametrize(
    "standing",
    [
        copy(),
        copy(name="renamed"),
        copy(hidden=True, visibility="private"),
        copy(status="deactivated"),
        brought(),
        brought(name="renamed"),
        brought(of="known by another name/source"),
        # Their clouds do not hash alike.
        copy(os_hash_algo="sha256", os_hash_value="def"),
        brought(os_hash_algo="sha256", os_hash_value="def", checksum="odd"),
    ],
)
def test_the_same_content_is_there(standing: Image) -> None:
    """Whoever made it, and whatever it is called."""
    assert KEPT.standing([standing], owner="p2") == standing


@pytest.mark.parametrize(
    "other",
    [
        copy(os_hash_value="def"),
        copy(size=11),
        # Registered as something that it is not.
        copy(disk_format="raw"),
        copy(status="saving"),
        copy(owner="p3"),
        # Two images that share their bytes, perhaps with other hardware, are both brought along.
        brought(of="here/another", name="another"),
        # Whole already, but its run has not shown it yet, and may be dead.
        unfinished(),
        unfinished(os_hash_value="def"),
        unfinished("staged"),
    ],
)
def test_something_else_is_there(other: Image) -> None:
    """It does not count."""
    assert KEPT.standing([other], owner="p2") is None


def test_a_converted_image_is_known_by_its_origin() -> None:
    """Its bytes are others; its marks count where they are its own."""
    made = brought(RAW, os_hash_value="of-raw", size=100)
    assert RAW.standing([made], owner="p2") == made
    snapshot = replace(made, id="snapshot", name="backup")
    begun = replace(made, properties={**made.properties, "curator_state": "staged"})
    assert RAW.standing([snapshot, copy(), begun], owner="p2") is None
    assert RAW.format_there == "raw"


@pytest.mark.parametrize("disk_format", ["raw", "iso", "aki", "ari"])
def test_what_is_no_disk_or_raw_already_is_kept(disk_format: str) -> None:
    """Nothing could be converted there."""
    origin = replace(RAW, image=replace(SOURCE, disk_format=disk_format))
    assert not origin.converts
    assert origin.format_there == disk_format


def test_the_best_of_several() -> None:
    """What was brought from this image, then one of the name, then any; the active one first."""
    ours, named, any_other = brought(name="renamed"), copy("named"), copy("any", name="other")
    asleep = copy("asleep", status="deactivated")
    assert KEPT.standing([asleep, any_other, named, ours], owner="p2") == ours
    assert KEPT.standing([any_other, asleep, named], owner="p2") == named
    assert KEPT.standing([any_other], owner="p2") == any_other


def test_where_it_comes_from_it_is() -> None:
    """A migration to where the image is has nothing to do, unless it is to be a copy."""
    assert KEPT.standing([SOURCE], owner="p1") == SOURCE
    copied = replace(KEPT, name_wanted="copy")
    assert copied.standing([SOURCE], owner="p1") is None
    twin = replace(SOURCE, id="twin", name="copy")
    assert copied.standing([SOURCE, twin], owner="p1") == twin
    renamed = replace(brought(copied, name="since renamed"), owner="p1")
    assert copied.standing([SOURCE, renamed], owner="p1") == renamed
    of_other_name = replace(brought(replace(KEPT, name_wanted="b"), name="b"), owner="p1")
    assert copied.standing([SOURCE, of_other_name], owner="p1") is None


def test_the_same_id_in_another_cloud_is_a_copy() -> None:
    """Providers give an image one id in all regions."""
    elsewhere = replace(SOURCE, created_at="2026-10-03T00:00:00Z", name="renamed")
    assert KEPT.standing([elsewhere], owner="p1") == elsewhere


def test_an_image_without_any_digest_is_known_by_its_id() -> None:
    """Its bytes never change either."""
    bare = replace(SOURCE, checksum=None, os_hash_algo=None, os_hash_value=None)
    origin = replace(KEPT, image=bare)
    assert not origin.lineage.proof
    assert origin.standing([brought(origin)], owner="p2") is not None
    assert origin.standing([replace(copy(), checksum=None, os_hash_value=None)], owner="p2") is None


def test_ids_differ_by_project_and_name_and_content() -> None:
    """Glance gives every id once, also to two projects of one cloud."""
    ids = {
        KEPT.lineage.image_id("p2", 0),
        KEPT.lineage.image_id("p3", 0),
        KEPT.lineage.image_id("p2", 1),
        RAW.lineage.image_id("p2", 0),
        replace(KEPT, name_wanted="other").lineage.image_id("p2", 0),
        replace(KEPT, image=replace(SOURCE, os_hash_value="x")).lineage.image_id("p2", 0),
    }
    assert len(ids) == 6  # As many as there are lines above.
    assert KEPT.lineage.image_id("p2", 0) in ids
