# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of images of one name, as sources and wishes change."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from support.cloud import LoopbackCloud
from support.sources import Offer, new_release, same_bytes


def test_from_a_url_to_a_proven_image(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """Raw, equal to a conversion by qemu-img, described as asked; then nothing to do."""
    options = offer.asked(
        visibility="public",
        properties={"os_distro": "debian", "hw_disk_bus": "virtio", "no": None},
        tags=["linux"],
        protected=True,
        min_ram=64,
    )
    first = upload(**options)
    assert (first.get("msg"), first["changed"], first["action"]) == (None, True, "created")
    shown = cloud["provider"].image(first["image"]["id"])
    assert same_bytes(shown, offer.release.raw)
    assert {k: shown[k] for k in ("name", "status", "visibility", "disk_format")} == {
        "name": offer.name,
        "status": "active",
        "visibility": "public",
        "disk_format": "raw",
    }
    assert (shown["protected"], shown["min_disk"], shown["min_ram"]) == (True, 1, 64)
    assert shown["os_distro"] == "debian"
    assert "no" not in shown
    assert set(shown["tags"]) == {"linux", "managed_by_curator"}
    assert shown["curator_proof"] == f"sha512:{offer.release.sha512}"
    assert shown["curator_source"] == shown["image_source"] == offer.server.url(offer.release.name)
    assert shown["curator_id"] == shown["id"]
    assert shown["curator_state"] == "published"
    assert first["transfer"]["bytes"] == len(offer.release.raw)
    assert first["transfer"]["proven_by"] == "os_hash_value"

    fetched = offer.server.count(offer.release.name)
    with cloud.requests_seen("glance") as requests:
        second = upload(**options)
    assert (second["changed"], second["action"]) == (False, "unchanged")
    assert second["image"] == first["image"]
    assert second["transfer"] is None
    assert [line for line in requests if line != "GET /"] == [requests[-1]], requests
    assert requests[-1].startswith("GET /v2/images?name=")
    assert offer.server.count(offer.release.name) == fetched


def test_check_mode_moves_nothing(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """The checksums are fetched, the image is not, and the cloud stays as it is."""
    seen = upload(check=True, diff=True, **offer.asked(visibility="community"))
    assert (seen["changed"], seen["action"]) == (True, "created")
    assert seen["image"]["visibility"] == "community"
    assert seen["diff"]["before"] == {}
    assert seen["diff"]["after"]["name"] == offer.name
    assert offer.server.count("SHA512SUMS") == 1
    assert offer.server.count(offer.release.name) == 0
    assert cloud.images_named(offer.name) == []


def test_new_content_rotates(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """The new one takes name and visibility; the old one is renamed, hidden, and usable."""
    options = offer.asked(visibility="public")
    old = upload(**options)["image"]
    new_release(offer.release.folder, offer.release.name, seed=2)
    # Whoever could see the old one expects the same of the new one.
    del options["visibility"]
    assert upload(check=True, **options)["image"]["visibility"] == "public"
    result = upload(**options)
    assert cloud["provider"].image(result["image"]["id"])["visibility"] == "public"
    assert (result["changed"], result["action"]) == (True, "rotated")
    stepped_back = cloud["provider"].image(old["id"])
    assert result["previous"] == {"id": old["id"], "name": stepped_back["name"]}
    assert stepped_back["name"] == f"{offer.name} {old['created_at'][:10]}"
    assert (stepped_back["os_hidden"], stepped_back["curator_state"]) == (True, "superseded")
    assert (stepped_back["status"], stepped_back["visibility"]) == ("active", "public")
    assert [image["id"] for image in cloud.images_named(offer.name)] == [result["image"]["id"]]
    assert not upload(**options)["changed"]


def test_what_upstream_took_back_needs_no_upload(
    cloud: LoopbackCloud, upload: Any, offer: Offer
) -> None:
    """The image of the earlier release is still there and steps forward again."""
    options = offer.asked()
    first = upload(**options)["image"]
    new_release(offer.release.folder, offer.release.name, seed=2)
    second = upload(**options)["image"]
    new_release(offer.release.folder, offer.release.name)
    back = upload(**options)
    assert (back["action"], back["transfer"]) == ("rotated", None)
    assert back["image"]["id"] == first["id"]
    assert back["previous"]["id"] == second["id"]
    assert [image["id"] for image in cloud.images_named(offer.name)] == [first["id"]]


def test_staged_first_published_later(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """Unpublished, it ends with a proven private image; without it the same image is published."""
    staged = upload(**offer.asked(publish=False))["image"]
    shown = cloud["provider"].image(staged["id"])
    assert shown["name"] == f"{offer.name} (staged {staged['id'][:8]})"
    assert (shown["visibility"], shown["curator_state"]) == ("private", "staged")
    assert not upload(**offer.asked(publish=False))["changed"]
    published = upload(**offer.asked(visibility="public"))
    assert (published["action"], published["transfer"]) == ("created", None)
    assert published["image"]["id"] == staged["id"]
    shown = cloud["provider"].image(staged["id"])
    assert (shown["name"], shown["visibility"]) == (offer.name, "public")


def test_drift_is_repaired_without_a_byte(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """Properties, tags and visibility as asked; what is not asked stays."""
    options = offer.asked(properties={"a": 1}, tags=["t"])
    image = upload(**options)["image"]
    patch = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
    drift = [
        {"op": "replace", "path": "/a", "value": "2"},
        {"op": "add", "path": "/b", "value": "kept"},
        {"op": "replace", "path": "/tags", "value": ["managed_by_curator", "u"]},
    ]
    cloud["provider"].done("PATCH", f"/images/{image['id']}", json=drift, headers=patch)
    assert upload(check=True, **options)["changed"]
    result = upload(**options)
    assert (result["changed"], result["action"], result["transfer"]) == (True, "unchanged", None)
    shown = cloud["provider"].image(image["id"])
    assert (shown["a"], shown["b"], sorted(shown["tags"])) == (
        "1",
        "kept",
        ["managed_by_curator", "t"],
    )
    assert not upload(**options)["changed"]


def test_duplicate_names_are_an_error_that_lists_them(
    cloud: LoopbackCloud, upload: Any, offer: Offer
) -> None:
    """Nothing is fetched, nothing changes."""
    ids = sorted(cloud.new_image(name=offer.name)["id"] for _n in range(2))
    result = upload(**offer.asked())
    assert result["failed"]
    assert sorted(result["candidates"]) == ids
    assert all(image_id in result["msg"] for image_id in ids)
    assert offer.server.count(offer.release.name) == 0
    assert sorted(image["id"] for image in cloud.images_named(offer.name)) == ids


def test_a_strangers_image_of_that_name_is_none_of_ours(
    cloud: LoopbackCloud, upload: Any, offer: Offer
) -> None:
    """An admin's listing shows a customer's private image; it neither stops nor steps back."""
    theirs = cloud.new_image(user="customer_a", name=offer.name)
    result = upload(**offer.asked())
    assert result["action"] == "created"
    assert cloud["customer_a"].image(theirs["id"]) == theirs


def test_on_change(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """The one changes nothing; the other leaves the other one alone, again and again."""
    other = cloud.new_image(name=offer.name)
    failed = upload(**offer.asked(on_change="fail"))
    assert failed["failed"]
    assert other["id"] in failed["msg"]
    options = offer.asked(on_change="keep_both")
    assert upload(**options)["action"] == "created"
    assert not upload(**options)["changed"]
    assert cloud["provider"].image(other["id"]) == other


def test_how_the_old_one_steps_back(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """The offer.name, visibility and activity that supersede asks for."""
    old = cloud.new_image(name=offer.name, visibility="public")
    step_back = {
        "rename": f"old {offer.name}",
        "hidden": False,
        "visibility": "community",
        "deactivate": True,
    }
    cloud.new_image(name=f"old {offer.name}")
    result = upload(**offer.asked(supersede=step_back))
    assert result["action"] == "rotated"
    shown = cloud["provider"].image(old["id"])
    assert shown["name"] == f"old {offer.name} {old['id'][:8]}"
    assert (shown["visibility"], shown["status"]) == ("community", "deactivated")
    assert (shown["os_hidden"], "curator_state" in shown) == (False, False)


def test_the_id_of_a_first_creation(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """As asked, and for a later version one of its own."""
    wanted = "6b1a2c3d-0000-4000-8000-" + hashlib.sha256(offer.name.encode()).hexdigest()[:12]
    options = offer.asked(image_id=wanted)
    assert upload(**options)["image"]["id"] == wanted
    new_release(offer.release.folder, offer.release.name, seed=2)
    later = upload(**options)
    assert later["action"] == "rotated"
    assert later["image"]["id"] != wanted
    assert cloud["provider"].image(wanted)["os_hidden"]


def test_an_owner_that_only_an_administrator_may_name(
    cloud: LoopbackCloud, upload: Any, offer: Offer
) -> None:
    """The last change gives the image away, and it is found there by the next run."""
    options = offer.asked(owner="customer_a")
    image = upload(**options)["image"]
    assert image["owner"] == cloud["customer_a"].project_id
    assert cloud["customer_a"].sees(image["id"])
    assert not upload(**options)["changed"]


@pytest.mark.parametrize("forbidden", [{"visibility": "public"}, {"owner": "ID"}])
def test_what_policy_forbids_is_said_before_a_byte_moves(
    cloud: LoopbackCloud,
    upload: Any,
    offer: Offer,
    forbidden: dict[str, str],
) -> None:
    """A member may neither publish nor give away; nothing is left of the try."""
    if "owner" in forbidden:
        forbidden = {"owner": cloud["customer_b"].project_id}
    with cloud.requests_seen("glance") as requests:
        result = upload(cloud="customer_a", **offer.asked(**forbidden))
    assert result["failed"]
    assert "HTTP 403" in result["msg"]
    assert not [line for line in requests if line.startswith("PUT")]
    assert cloud.left_of(offer.name) == []


def test_a_snapshot_with_our_marks_is_never_touched(
    cloud: LoopbackCloud, upload: Any, offer: Offer
) -> None:
    """A server's snapshot inherits every property of its image, and tags can be set by anybody."""
    options = offer.asked()
    image = cloud["provider"].image(upload(**options)["image"]["id"])
    inherited = {k: v for k, v in image.items() if k.startswith("curator_")}
    half_made = cloud.new_image(
        name="snapshot",
        data=None,
        tags=["managed_by_curator"],
        **{k: v for k, v in inherited.items() if k != "curator_state"},
        image_type="snapshot",
    )
    whole = cloud.new_image(name="snap", tags=["managed_by_curator"], **inherited)
    new_release(offer.release.folder, offer.release.name, seed=2)
    assert upload(**options)["action"] == "rotated"
    assert cloud["provider"].image(half_made["id"]) == half_made
    assert cloud["provider"].image(whole["id"]) == whole
