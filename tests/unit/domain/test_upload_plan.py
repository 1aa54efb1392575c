# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an upload has to do, decided from what stands in the cloud."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image
from ansible_collections.curator.glance.plugins.module_utils.domain.lineage import (
    TAG,
    Lineage,
    Maker,
    marks,
    recipe,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.plan import PatchImage
from ansible_collections.curator.glance.plugins.module_utils.domain.upload import UploadWish
from ansible_collections.curator.glance.plugins.module_utils.domain.upload_plan import (
    UploadPlan,
    UploadSeen,
    new_id,
    plan_upload,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    Ambiguous,
    Conflict,
    InvalidRequest,
)

from support.documents import plugin

LINEAGE = Lineage(
    entry="img",
    source="https://example.org/d",
    proof="sha512:ab",
    recipe=recipe(disk_format="raw", container_format="bare", member=None),
)
NOW = "2026-11-21T00:00:00Z"
GIB = 1024**3
ID = "11111111-2222-3333-4444-555555555555"


def ours(image_id: str, state: str | None = "published", **attributes: Any) -> Image:
    lineage = attributes.pop("lineage", LINEAGE)
    properties = marks(lineage, image_id, Maker(host="h", pid=1, start=1), 0)
    if state:
        properties["curator_state"] = state
    properties.update(attributes.pop("properties", {}))
    image = Image(
        id=image_id,
        name="img",
        status="active",
        visibility="public",
        owner="p",
        tags=(TAG,),
        virtual_size=2 * GIB,
        created_at="2026-10-01T00:00:00Z",
        properties=properties,
    )
    return replace(image, **attributes)


OLD = ours("old", lineage=replace(LINEAGE, proof="sha512:00"))
FOREIGN = Image(id="foreign", name="img", status="active", visibility="private", owner="p")


def wish(**options: Any) -> UploadWish:
    spec = plugin("modules.image_upload_raw").OPTIONS
    defaults = {name: option.get("default") for name, option in spec.items()}
    return UploadWish.from_params({**defaults, "name": "img", "source": "d", **options})


def plan(*named: Image, made: tuple[Image, ...] = (), **options: Any) -> UploadPlan:
    seen = UploadSeen(
        lineage=options.pop("lineage", LINEAGE),
        proof=None,
        project="p",
        owner="p",
        named=named,
        made=made,
        now=NOW,
    )
    return plan_upload(wish(**options), seen)


def changes(found: UploadPlan) -> dict[str, Any]:
    assert found.describe is not None
    (patch,) = found.describe.steps
    assert isinstance(patch, PatchImage)
    return {operation["path"]: operation.get("value") for operation in patch.operations}


def test_an_empty_cloud_gets_an_image() -> None:
    """Nothing stands there, so nothing steps back."""
    found = plan(visibility="public", properties={"a": 1, "b": None}, tags=["t"])
    result = found.after.as_result()
    assert found.changed
    assert found.describe is None
    assert (result["action"], result["previous"]) == ("created", None)
    assert found.before.as_diff() == {}
    image = result["image"]
    assert (image["visibility"], image["tags"]) == ("public", [TAG, "t"])
    assert image["properties"]["a"] == "1"
    assert "b" not in image["properties"]


def test_the_same_content_is_unchanged() -> None:
    """What the task did not name stays as it is, visibility too."""
    found = plan(ours("i"))
    assert not found.changed
    assert found.after.action == "unchanged"
    assert found.after.as_diff() == found.before.as_diff()


def test_other_words_for_the_same_content() -> None:
    """Drift is repaired without moving a byte, and our tag survives."""
    found = plan(ours("i"), properties={"a": True}, tags=["t"], visibility="private", min_disk=3)
    assert found.changed
    assert found.after.action == "unchanged"
    assert changes(found) == {
        "/visibility": "private",
        "/min_disk": 3,
        "/tags": [TAG, "t"],
        "/a": "true",
    }


def test_a_disk_that_does_not_fit_is_refused() -> None:
    """Also where the image is there already."""
    with pytest.raises(InvalidRequest, match="at least 2"):
        plan(ours("i"), min_disk=1)


@pytest.mark.parametrize("old", [OLD, FOREIGN])
def test_other_content_rotates(old: Image) -> None:
    """Ours or not: the task names the image, and asks for rotation."""
    found = plan(old)
    assert found.describe is None
    assert found.predecessor == old
    assert found.after.action == "rotated"
    assert found.after.previous is not None
    assert (found.after.previous.id, found.after.previous.hidden) == (old.id, True)
    assert found.before.image == old
    assert found.after.image is not None
    assert found.after.image.visibility == found.visibility == old.visibility
    assert plan(old, visibility="community").visibility == "community"


def test_an_image_that_only_looks_like_ours_is_not_taken() -> None:
    """A snapshot has our properties."""
    snapshot = ours("i", properties={"image_type": "snapshot"})
    assert plan(snapshot).describe is None
    assert plan(ours("i", owner="q")).describe is None
    assert plan(ours("i", status="deactivated")).describe is None


def test_unproven_bytes_are_not_taken() -> None:
    """Complete, ours, right by its marks, and never compared."""
    assert plan(made=(ours("i", None, name="img (staged i)"),)).describe is None


def test_a_staged_image_is_published() -> None:
    """It gets its name, and the old one makes way."""
    staged = ours("new", "staged", name="img (staged new)", visibility="private")
    found = plan(OLD, made=(OLD, staged), visibility="public")
    assert found.after.action == "rotated"
    assert found.predecessor == OLD
    assert changes(found) == {
        "/name": "img",
        "/visibility": "public",
        "/curator_state": "published",
        "/curator_published_at": NOW,
        "/curator_supersedes": "old",
    }


def test_an_image_that_stepped_back_steps_forward() -> None:
    """Upstream took a release back: its image is still there."""
    earlier = ours("early", "superseded", name="img 2026-09-01", hidden=True)
    found = plan(OLD, made=(earlier,))
    assert found.predecessor == OLD
    assert changes(found)["/name"] == "img"
    assert changes(found)["/os_hidden"] is False


def test_what_is_not_to_be_published_stays_staged() -> None:
    """Neither name nor visibility changes, and nobody steps back."""
    staged = ours("new", "staged", name="img (staged new)", visibility="private")
    found = plan(OLD, made=(staged,), publish=False)
    assert not found.changed
    assert found.predecessor is None
    made = plan(OLD, publish=False)
    assert made.predecessor is None
    assert made.after.image is not None
    assert made.after.image.name == f"img (staged {made.after.image.id[:8]})"
    assert made.after.image.properties["curator_state"] == "staged"


def test_a_run_that_died_before_the_old_image_stepped_back() -> None:
    """The new one says whom it follows; nobody else of that name is touched."""
    new = ours("new", properties={"curator_supersedes": "foreign"})
    found = plan(new, FOREIGN)
    assert found.changed
    assert found.predecessor == FOREIGN
    assert plan(ours("new"), FOREIGN).predecessor is None


def test_several_of_the_name_are_an_error_that_lists_them() -> None:
    """Which of them would step back is a guess."""
    with pytest.raises(Ambiguous) as caught:
        plan(OLD, FOREIGN)
    assert caught.value.facts["candidates"] == ["old", "foreign"]
    assert plan(OLD, FOREIGN, on_change="keep_both").after.action == "created"


def test_a_release_after_a_run_that_died() -> None:
    """Two of the name, and one says that it follows the other: both step back for the third."""
    second = ours(
        "second",
        lineage=replace(LINEAGE, proof="sha512:11"),
        properties={"curator_supersedes": "old"},
    )
    found = plan(OLD, second)
    assert found.step_back == (second, OLD)
    assert found.after.action == "rotated"


def test_a_release_that_was_taken_back_before_the_old_image_stepped_back() -> None:
    """The first one has the content again and the name still: the second one goes."""
    first = ours("first")
    second = ours(
        "second",
        lineage=replace(LINEAGE, proof="sha512:11"),
        properties={"curator_supersedes": "first"},
    )
    found = plan(first, second)
    assert (found.after.action, found.step_back) == ("unchanged", (second,))


def test_a_name_that_was_taken_away_comes_back() -> None:
    """The content is there under another name: it gets its own again."""
    renamed = ours("i", name="something else")
    found = plan(made=(renamed,))
    assert changes(found)["/name"] == "img"
    other = replace(renamed, properties={**renamed.properties, "curator_entry": "x"})
    assert plan(made=(other,)).describe is None


def test_what_stepped_back_is_not_taken_for_staged() -> None:
    """Its content is right; whoever does not publish gets an image of their own."""
    earlier = ours("early", "superseded", name="img 2026-09-01", hidden=True)
    assert plan(OLD, made=(earlier,), publish=False).describe is None


def test_on_change_fail() -> None:
    """Nothing is made where there is something else."""
    with pytest.raises(Conflict, match="old"):
        plan(OLD, on_change="fail")
    assert not plan(ours("i"), on_change="fail").changed


def test_the_wanted_id_counts_once() -> None:
    """Glance gives an id once, and a later version is another image."""
    assert new_id(wish(image_id=ID.upper()), plan().seen, 0) == ID
    # Whether it can be had is seen by asking for it again, not by taking another.
    assert new_id(wish(image_id=ID), plan().seen, 1) == ID
    assert new_id(wish(image_id=ID), plan(OLD).seen, 0) != ID


@pytest.mark.parametrize(
    "options, said",
    [
        ({"name": ""}, "name is empty"),
        ({"source": ""}, "source is empty"),
        ({"image_id": "x"}, "image_id is 'x'"),
        ({"min_disk": -1}, "min_disk is -1"),
        ({"owner": ""}, "owner is empty"),
        ({"properties": {"curator_state": "published"}}, "curator_state is part of the record"),
        ({"properties": {"owner": "x"}}, "Use the option owner"),
        ({"properties": {"a": []}}, "Glance keeps strings"),
        ({"properties": {"image_type": "x"}}, "image_type is what tells"),
        ({"properties": {"instance_uuid": "x"}}, "instance_uuid is what tells"),
        ({"method": "web_download", "source": "http://u:p@x/y"}, "log in"),
        ({"publish": False, "visibility": "public"}, "publish: false"),
        ({"method": "import", "disk_format": "iso"}, "disk_format iso"),
        ({"method": "web_download"}, "no URL"),
        ({"method": "web_download", "source": "http://x/y", "url_username": "u"}, "log in"),
        ({"max_virtual_size": "plenty"}, "plenty"),
        ({"source_checksum": "sha512"}, "source_checksum"),
        ({"tags": [""]}, "tags holds"),
    ],
)
def test_what_cannot_come_true_is_said_at_once(options: dict[str, Any], said: str) -> None:
    """Before the cloud is asked anything."""
    with pytest.raises(InvalidRequest, match=said):
        wish(**options)
