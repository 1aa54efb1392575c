# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an image says about itself, decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.image import Image, ImageState
from ansible_collections.curator.glance.plugins.module_utils.domain.metadata import (
    DescribedImage,
    MetadataWish,
    plan_metadata,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.plan import PatchImage, Plan
from ansible_collections.curator.glance.plugins.module_utils.errors import InvalidRequest, NotReady

IMAGE = Image(
    id="i",
    name="img",
    status="active",
    visibility="private",
    owner="p",
    tags=("a", "b"),
    min_disk=2,
    properties={"x": "1", "on": "True", "os_glance_z": "", "curator_proof": "sha512:0"},
)
NOTHING: dict[str, Any] = dict.fromkeys(MetadataWish.__slots__) | {"image": "img", "exact": False}


def plan(image: Image = IMAGE, new_owner: str | None = None, **options: Any) -> Plan:
    wish = MetadataWish.from_params(NOTHING | options)
    return plan_metadata(wish, DescribedImage(state=ImageState(image=image), new_owner=new_owner))


def operations(found: Plan) -> dict[str, tuple[str, Any]]:
    (step,) = found.steps
    assert isinstance(step, PatchImage)
    return {part["path"]: (part["op"], part.get("value")) for part in step.operations}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"name": "img", "visibility": "private", "min_disk": 2, "hidden": False},
        {"tags": ["b", "a", "b"]},
        {"properties": {"x": 1}},
        {"properties": {"x": "1", "y": None}},
        {"properties": {"on": True}},
        {"active": True},
    ],
)
def test_what_is_so_already_is_no_change(options: dict[str, Any]) -> None:
    """Values are compared as Glance stores them."""
    found = plan(**options)
    assert not found.changed
    assert found.before.as_diff() == found.after.as_diff()


def test_everything_goes_into_one_patch() -> None:
    """All or nothing: one request carries attributes, tags and properties."""
    found = plan(
        name="new",
        tags=["c"],
        properties={"x": None, "y": 2, "a/b~c": True},
        hidden=True,
        protected=True,
        min_ram=512,
        visibility="community",
    )
    assert operations(found) == {
        "/name": ("replace", "new"),
        "/visibility": ("replace", "community"),
        "/os_hidden": ("replace", True),
        "/protected": ("replace", True),
        "/min_ram": ("replace", 512),
        "/tags": ("replace", ["c"]),
        "/x": ("remove", None),
        "/y": ("add", "2"),
        "/a~1b~0c": ("add", "true"),
    }
    after = found.after.image
    assert (after.name, after.hidden, after.tags) == ("new", True, ("c",))
    assert "x" not in after.properties
    assert after.properties["a/b~c"] == "true"


def test_exact_keeps_what_is_not_the_users_to_remove() -> None:
    """Glance's own properties and the record of an image's origin stay."""
    found = plan(properties={"x": "1"}, exact=True)
    assert operations(found) == {"/on": ("remove", None)}


def test_a_verdict_goes_with_the_machine_that_it_was_about() -> None:
    """What boots was seen of another one; a description changes nothing of that."""
    checked = replace(IMAGE, properties={**IMAGE.properties, "curator_verified_at": "today"})
    assert operations(plan(checked, properties={"hw_disk_bus": "scsi"})) == {
        "/curator_verified_at": ("remove", None),
        "/hw_disk_bus": ("add", "scsi"),
    }
    assert "/curator_verified_at" in operations(plan(checked, min_ram=512))
    assert operations(plan(checked, properties={"x": "2"})) == {"/x": ("add", "2")}


def test_owner_is_never_added_as_a_property() -> None:
    """Glance stores an added /owner before it refuses it; replace is refused first."""
    assert operations(plan(owner="other", new_owner="q")) == {"/owner": ("replace", "q")}
    with pytest.raises(InvalidRequest, match="option owner"):
        plan(properties={"owner": "q"})


@pytest.mark.parametrize(
    "name",
    ["id", "stores", "is_public", "os_hash_value", "os_glance_task", "locations", "size", "tags"],
)
def test_base_attributes_are_no_properties(name: str) -> None:
    """Each is refused before anything is sent, also when it is to be removed."""
    for value in ("x", None):
        with pytest.raises(InvalidRequest, match=name):
            plan(properties={name: value})


def test_activity_comes_last_and_needs_data() -> None:
    """Policy may refuse the PATCH: then the image was not deactivated either."""
    found = plan(name="new", active=False)
    assert [step.summary for step in found.steps] == [
        "change name of image i",
        "deactivate image i",
    ]
    assert found.after.image.status == "deactivated"
    queued = Image(id="i", name="img", status="queued", visibility="private")
    with pytest.raises(NotReady, match="queued"):
        plan(queued, active=False)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"name": "x" * 256}, "256 characters"),
        ({"name": "\U0001f600"}, "cannot store"),
        ({"name": ""}, "name is empty"),
        ({"tags": ["x" * 256]}, "256 characters"),
        ({"tags": [""]}, "empty string"),
        ({"min_disk": -1}, "min_disk is -1"),
        ({"min_ram": 2**31}, "min_ram is"),
        ({"properties": {"a": [1]}}, "a is a list"),
        ({"properties": {"a": {"b": 1}}}, "a is a dict"),
        ({"properties": {"a": "\U0001f600"}}, "cannot store"),
        ({"properties": {"": "a"}}, "empty name"),
        ({"properties": {"a": "\ud800"}}, "cannot store"),
        ({"tags": ["a\0b"]}, "cannot store"),
        ({"exact": True}, "exact is true without properties"),
        ({"owner": ""}, "owner is empty"),
    ],
)
def test_what_glance_could_not_store_is_refused(options: dict[str, Any], message: str) -> None:
    """Each in words, instead of the server's 400 in the middle of a task."""
    with pytest.raises(InvalidRequest, match=message):
        plan(**options)


@pytest.mark.parametrize(
    "options, word",
    [
        ({"visibility": "public"}, "publicize_image"),
        ({"owner": "q", "new_owner": "q"}, "administrator"),
        ({"hidden": True}, "owns the image"),
    ],
)
def test_each_patch_knows_what_to_say_when_forbidden(options: dict[str, Any], word: str) -> None:
    """The step carries the advice that fits what it changes."""
    (step,) = plan(**options).steps
    assert isinstance(step, PatchImage)
    assert word in step.when_forbidden
