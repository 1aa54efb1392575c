# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a migration does at one destination, decided from what stands on both sides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image, Member
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import TAG
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.carrying import carry
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.destination import (
    Destination,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.making import (
    first_record,
    last_change,
    publishing,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.origin import Origin
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.planning import (
    MigrationPlan,
    MigrationSeen,
    plan_migration,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.migration.wish import (
    MigrationWish,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.plan import PatchImage
from ansible_collections.curator.glance.plugins.module_utils.errors import Conflict, InvalidRequest

NOW = "2026-11-21T00:00:00Z"
THERE = Destination(label="there")
SOURCE = Image(
    id="source",
    name="img",
    status="active",
    visibility="shared",
    protected=True,
    hidden=True,
    owner="p1",
    size=10,
    min_disk=3,
    min_ram=64,
    disk_format="qcow2",
    container_format="bare",
    os_hash_algo="sha512",
    os_hash_value="abc",
    tags=("a",),
    created_at="2026-10-01T00:00:00Z",
    properties={"os_distro": "debian", "stores": "x"},
)


def wish(**changes: Any) -> MigrationWish:
    return MigrationWish(image="img", source="here", destinations=(THERE,), **changes)


def seen(source: Image = SOURCE, **changes: Any) -> MigrationSeen:
    disk_format = changes.pop("disk_format", "keep")
    known: dict[str, Any] = {
        "origin": Origin(image=source, cloud="here", disk_format=disk_format),
        "project": "p2",
        "owner": "p2",
        "named": (),
        "alike": (),
        "now": NOW,
    }
    return MigrationSeen(**{**known, **changes})


def brought(image_id: str = "there", **changes: Any) -> Image:
    """What a migration made of it."""
    origin = seen().origin
    marks = {
        **origin.lineage.as_properties(),
        **origin.mark,
        "curator_id": image_id,
        "curator_state": "published",
        **changes.pop("properties", {}),
    }
    attributes = {"id": image_id, "owner": "p2", "tags": (TAG,), "properties": marks}
    return replace(SOURCE, **{**attributes, **changes})


def plan(seen_: MigrationSeen, destination: Destination = THERE, **changes: Any) -> MigrationPlan:
    return plan_migration(wish(**changes), destination, seen_)


def test_an_image_that_is_not_there() -> None:
    """All that moves is foreseen, and what does not is told."""
    planned = plan(seen())
    image = planned.after.image
    assert image is not None
    assert planned.changed
    assert planned.after.action == "created"
    assert planned.before.as_diff() == {}
    assert (image.name, image.visibility, image.hidden, image.protected) == (
        "img",
        "shared",
        True,
        True,
    )
    assert (image.min_disk, image.min_ram, image.size) == (3, 64, 10)
    assert image.tags == ("a", TAG)
    assert image.properties["curator_migrated_from"] == "here/source"
    assert image.properties["curator_proof"] == "sha512:abc"
    assert [one["name"] for one in planned.after.as_result()["dropped"]] == ["stores"]


def test_the_same_content_under_another_name() -> None:
    """Nothing is changed, and somebody may want to know."""
    planned = plan(seen(alike=(brought(name="renamed"),)))
    assert not planned.changed
    assert planned.after.action == "unchanged"
    assert "named 'renamed'" in planned.warnings[0]
    assert planned.after.as_diff() == planned.before.as_diff()


def test_a_name_that_is_taken() -> None:
    """An error by itself; with rotate, who has the name steps back."""
    other = Image(id="other", name="img", status="active", visibility="public", owner="p2", size=7)
    with pytest.raises(Conflict, match=r"on_conflict is fail.*destination\.name") as caught:
        plan(seen(named=(other,)))
    assert caught.value.facts["candidates"] == ["other"]
    planned = plan(seen(named=(other,)), on_conflict="rotate")
    assert planned.step_back == (other,)
    assert planned.after.action == "rotated"
    assert planned.after.previous is not None
    assert planned.after.previous.hidden
    assert planned.after.image is not None
    assert planned.after.image.properties["curator_supersedes"] == "other"


def test_an_image_that_is_converted_where_it_is() -> None:
    """It has the name that the raw one shall have, and steps back only where it may."""
    here = seen(SOURCE, disk_format="raw", owner="p1", named=(SOURCE,))
    with pytest.raises(Conflict):
        plan(here, disk_format="raw")
    assert plan(here, disk_format="raw", on_conflict="rotate").step_back == (SOURCE,)


def test_what_an_interrupted_run_left_steps_back() -> None:
    """The new one has the name and says whom it follows; the old one has it, too."""
    old = Image(id="old", name="img", status="active", visibility="public", owner="p2")
    new = brought(properties={"curator_supersedes": "old"})
    planned = plan(seen(named=(new, old)), on_conflict="rotate")
    assert planned.step_back == (old,)
    assert planned.changed
    assert plan(seen(named=(new, old))).step_back == ()


def test_members_that_are_missing_are_added() -> None:
    """To what was brought here, and never to somebody else's image."""
    member = Member(project_id="m2", status="accepted")
    shared = seen(alike=(brought(),), members=(member,), standing_members=())
    planned = plan(shared, members=True)
    assert planned.changed
    assert planned.after.members is not None
    assert [one.project_id for one in planned.after.members] == ["m2"]
    assert not plan(replace(shared, standing_members=(member,)), members=True).changed
    foreign = replace(brought(), tags=())
    assert not plan(replace(shared, alike=(foreign,)), members=True).changed


def test_members_that_nobody_maps_are_told() -> None:
    """Whether there is anything to do or not."""
    for known in (seen(unmapped=("m1",)), seen(unmapped=("m1",), alike=(brought(),))):
        planned = plan(known)
        assert "project_map" in planned.warnings[0]
        assert planned.after.as_result()["unmapped_members"] == ["m1"]


def test_an_image_that_shall_not_be_shared_has_no_members() -> None:
    """That it does not is said."""
    private = replace(THERE, visibility="private")
    planned = plan(seen(members=(Member(project_id="m", status="pending"),)), private)
    assert "as private" in planned.warnings[0]


def test_the_cloud_cannot_convert() -> None:
    """Said before anything is done."""
    with pytest.raises(InvalidRequest, match="method: stream"):
        plan(seen(disk_format="raw"), method="server", disk_format="raw")
    assert plan(seen(), method="server").changed


def test_what_the_cloud_fetches_has_to_be_proven() -> None:
    """An image from before Glance hashed anything goes through this host."""
    bare = seen(replace(SOURCE, os_hash_value=None, os_hash_algo=None, checksum=None))
    with pytest.raises(InvalidRequest, match="nothing would prove"):
        plan(bare, method="server")
    assert plan(bare).changed


@pytest.mark.parametrize("visibility, guesses", [("public", 1), ("community", 1), ("private", 0)])
def test_what_policy_allows_shows_later(visibility: str, guesses: int) -> None:
    """Only where the task leaves it to the source."""
    known = seen(replace(SOURCE, visibility=visibility))
    assert len(plan(known).guesses) == guesses
    assert plan(known, replace(THERE, visibility=visibility)).guesses == ()


def test_kernel_and_ramdisk_are_named_by_their_ids_there() -> None:
    """As foreseen, and then as they came to be."""
    kernel_there = replace(seen(), origin=replace(seen().origin, image=replace(SOURCE, id="k")))
    kernel = plan_migration(wish(), THERE, kernel_there)
    source = replace(SOURCE, properties={"kernel_id": "k-here"})
    planned = plan_migration(wish(), THERE, seen(source), {"kernel_id": kernel})
    assert kernel.after.image is not None
    assert planned.carried.properties["kernel_id"] == kernel.after.image.id
    done = planned.with_companions({"kernel_id": brought("k-there")})
    assert done.carried.properties["kernel_id"] == "k-there"


def test_the_image_begins_private_and_becomes_what_it_was() -> None:
    """Name and visibility, protection and owner come last, in one change."""
    origin = seen().origin
    carried = carry(SOURCE, {}, converts=False)
    record = first_record(origin, carried, owner="p2", attempt=0)
    assert record["visibility"] == "private"
    assert record["name"] == f"img (staged {record['id'][:8]})"
    assert record["curator_id"] == record["id"]
    assert "curator_state" not in record
    assert not record.get("protected")
    # As a cloud that imports by itself may leave it.
    made = Image.from_glance({**record, "status": "active", "owner": "p2", "hw_added": "x"})
    change = last_change(
        made, origin, carried, visibility="shared", owner="p3", marks=publishing(NOW, None)
    )
    (step,) = change.steps
    assert isinstance(step, PatchImage)
    paths = [operation["path"] for operation in step.operations]
    assert paths == [
        *("/name", "/visibility", "/os_hidden", "/protected", "/owner"),
        *("/hw_added", "/curator_state", "/curator_published_at"),
    ]
    assert change.after.image.min_disk == SOURCE.min_disk


def test_one_session_makes_it_for_several_owners() -> None:
    """They do not meet at one id."""
    images = [plan(seen(owner=owner)).after.image for owner in ("p2", "p3")]
    assert len({image.id for image in images if image}) == len(images)


def test_a_converted_disk_needs_room_for_all_of_it() -> None:
    """Its size in GiB, or what was asked for if that is more."""
    origin = seen(disk_format="raw").origin
    made = replace(SOURCE, id="there", size=(5 << 30) + 1, properties={})
    carried = carry(SOURCE, {}, converts=True)
    for source, expected in ((SOURCE, 6), (replace(SOURCE, min_disk=9), 9)):
        change = last_change(
            made,
            replace(origin, image=source),
            carried,
            visibility="private",
            owner="p1",
            marks={},
        )
        assert change.after.image.min_disk == expected
