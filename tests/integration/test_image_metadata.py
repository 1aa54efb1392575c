# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_metadata on a real Glance; what is stored is read back over plain HTTP."""

from __future__ import annotations

import itertools
import threading
import uuid
from typing import Any

import pytest

from integration.conftest import RunModule
from support.cloud import LoopbackCloud


@pytest.fixture
def image(cloud: LoopbackCloud) -> dict[str, Any]:
    """An image of the provider, with data, tags and properties."""
    return cloud.new_image(tags=["one", "two"], hw_disk_bus="virtio", note="x")


def test_everything_in_one_request(
    cloud: LoopbackCloud, describe: RunModule, image: dict[str, Any]
) -> None:
    """Predicted, done in one PATCH, and done again for nothing."""
    name = f"test {uuid.uuid4().hex}"
    wish = {
        "image": image["id"],
        "name": name,
        "tags": ["two", "three: 3"],
        "properties": {"hw_disk_bus": "scsi", "note": None, "a/b~c d:é": 7, "flag": True},
        "protected": True,
        "hidden": True,
        "visibility": "community",
        "min_disk": 3,
        "min_ram": 512,
    }
    predicted = describe(**wish, check=True, diff=True)
    assert predicted["changed"]
    assert cloud["provider"].image(image["id"]) == image

    with cloud.requests_seen("glance") as seen:
        done = describe(**wish, diff=True)
    assert [line for line in seen if line.startswith("PATCH")] == [
        f"PATCH /v2/images/{image['id']}"
    ]
    assert done["diff"] == predicted["diff"]
    assert done["image"] | {"updated_at": None} == predicted["image"] | {"updated_at": None}

    stored = cloud["provider"].image(image["id"])
    assert done["image"]["updated_at"] == stored["updated_at"]
    assert stored["name"] == name
    assert set(stored["tags"]) == {"two", "three: 3"}
    assert stored["hw_disk_bus"] == "scsi"
    assert stored["a/b~c d:é"] == "7"
    assert stored["flag"] == "true"
    assert "note" not in stored
    assert (stored["protected"], stored["os_hidden"]) == (True, True)
    assert (stored["min_disk"], stored["min_ram"]) == (3, 512)
    assert stored["visibility"] == "community"

    wish["image"] = name
    assert not describe(**wish)["changed"]


def test_what_is_not_named_is_left_alone(
    cloud: LoopbackCloud, describe: RunModule, image: dict[str, Any]
) -> None:
    """A public image stays public, and tags stay, when a property changes."""
    describe(image=image["id"], visibility="public")
    assert describe(image=image["id"], properties={"note": "y"})["changed"]
    stored = cloud["provider"].image(image["id"])
    assert stored["visibility"] == "public"
    assert set(stored["tags"]) == {"one", "two"}
    assert stored["hw_disk_bus"] == "virtio"


def test_values_are_compared_as_they_are_stored(describe: RunModule, image: dict[str, Any]) -> None:
    """Numbers, booleans in either spelling and removals of what is not there change nothing."""
    describe(image=image["id"], properties={"n": 1, "yes": "True", "off": False, "e": ""})
    again = {"n": "1", "yes": True, "off": "false", "e": "", "missing": None}
    assert not describe(image=image["id"], properties=again)["changed"]


def test_exact_properties(cloud: LoopbackCloud, describe: RunModule, image: dict[str, Any]) -> None:
    """All others go, but never the record of where an image came from."""
    describe(image=image["id"], properties={"curator_proof": "sha512:0"})
    assert describe(image=image["id"], properties={"note": "x"}, exact=True)["changed"]
    stored = cloud["provider"].image(image["id"])
    assert "hw_disk_bus" not in stored
    assert stored["curator_proof"] == "sha512:0"
    assert not describe(image=image["id"], properties={"note": "x"}, exact=True)["changed"]
    assert describe(image=image["id"], tags=[], properties={}, exact=True)["changed"]
    assert cloud["provider"].image(image["id"])["tags"] == []


_VISIBILITIES = ("private", "shared", "community", "public")


def test_every_transition_of_visibility(
    cloud: LoopbackCloud, describe: RunModule, image: dict[str, Any]
) -> None:
    """An administrator may go from each to each."""
    for old, new in itertools.permutations(_VISIBILITIES, 2):
        describe(image=image["id"], visibility=old)
        assert describe(image=image["id"], visibility=new)["changed"]
        assert cloud["provider"].image(image["id"])["visibility"] == new


def test_what_policy_forbids_changes_nothing(cloud: LoopbackCloud, describe: RunModule) -> None:
    """All or nothing: the name does not change when the visibility may not."""
    image = cloud.new_image("customer_a")
    refused = describe(cloud="customer_a", image=image["id"], name="new", visibility="public")
    assert refused["failed"]
    assert "publicize_image" in refused["msg"]
    given = describe(
        cloud="customer_a", image=image["id"], owner=cloud["customer_b"].project_id, name="new"
    )
    assert given["failed"]
    assert "administrator" in given["msg"]
    after = cloud["customer_a"].image(image["id"])
    assert (after["name"], after["visibility"]) == (image["name"], "private")
    assert after["owner"] == cloud["customer_a"].project_id


def test_an_image_is_given_away_by_an_administrator(
    cloud: LoopbackCloud, describe: RunModule, image: dict[str, Any]
) -> None:
    """By the project's name or id; and it can be fetched back."""
    assert describe(image=image["id"], owner="customer_a")["changed"]
    assert cloud["customer_a"].sees(image["id"])
    assert not describe(image=image["id"], owner=cloud["customer_a"].project_id)["changed"]
    assert describe(image=image["id"], owner="provider")["changed"]
    assert not cloud["customer_a"].sees(image["id"])
    assert describe(image=image["id"], owner="nobody")["failed"]


def test_deactivated_and_active_again(
    cloud: LoopbackCloud, describe: RunModule, image: dict[str, Any]
) -> None:
    """Nobody can use it, and everything else about it stays."""
    off = describe(image=image["id"], active=False, properties={"note": "off"})
    assert off["changed"]
    assert off["image"]["status"] == "deactivated"
    stored = cloud["provider"].image(image["id"])
    assert (stored["status"], stored["note"]) == ("deactivated", "off")
    assert not describe(image=image["id"], active=False)["changed"]
    assert describe(image=image["id"], active=True)["changed"]
    assert cloud["provider"].image(image["id"])["status"] == "active"

    queued = cloud.new_image(data=None)
    refused = describe(image=queued["id"], active=False, name="new")
    assert "queued" in refused["msg"]
    assert cloud["provider"].image(queued["id"])["name"] == queued["name"]


def test_base_attributes_do_not_pass_as_properties(
    cloud: LoopbackCloud, describe: RunModule
) -> None:
    """Glance stores an added /owner before it answers 403: the image would be lost."""
    image = cloud.new_image("customer_a")
    stranger = cloud["customer_b"].project_id
    for name in ("owner", "stores", "is_public", "os_glance_x", "locations"):
        refused = describe(cloud="customer_a", image=image["id"], properties={name: stranger})
        assert refused["failed"], name
    assert cloud["customer_a"].image(image["id"])["owner"] == cloud["customer_a"].project_id


def test_quotas_are_the_clouds(
    cloud: LoopbackCloud, describe: RunModule, image: dict[str, Any]
) -> None:
    """Too many properties: refused whole, and in words."""
    refused = describe(image=image["id"], properties={f"p{n}": n for n in range(130)})
    assert refused["failed"]
    assert "quota" in refused["msg"]
    assert "p129" not in refused["msg"]
    assert "&" not in refused["msg"]
    assert "p0" not in cloud["provider"].image(image["id"])


def test_an_image_that_is_being_written_is_waited_for(
    cloud: LoopbackCloud, describe: RunModule
) -> None:
    """Glance forgets what is patched during an upload; the change comes after it, and stays."""
    with cloud.uploading() as (image, finish):
        impatient = describe(image=image["id"], properties={"note": "y"}, wait=False)
        assert "saving" in impatient["msg"]
        # Longer than its patience: the task fails, and nothing was changed.
        patient = describe(image=image["id"], properties={"note": "y"}, timeout=1)
        assert "waited 1 s" in patient["msg"]
        assert describe(image=image["id"], properties={"note": "y"}, check=True)["changed"]
        threading.Timer(1, finish).start()
        assert describe(image=image["id"], properties={"note": "y"})["changed"]
    stored = cloud["provider"].image(image["id"])
    assert (stored["status"], stored["note"]) == ("active", "y")


def test_an_image_that_is_not_there(describe: RunModule) -> None:
    """Predicted in check mode, an error otherwise."""
    predicted = describe(image="not yet", hidden=True, check=True)
    assert (predicted["changed"], predicted["image"]) == (True, None)
    missing = describe(image="not yet", hidden=True)
    assert missing["failed"]
    assert "'not yet'" in missing["msg"]
