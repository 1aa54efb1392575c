# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images that are wanted twice, were changed by hand, or are asked to be more than they were."""

from __future__ import annotations

import random
import uuid
from pathlib import Path
from typing import Any

import pytest

from support.cloud import LoopbackCloud
from support.messages import sentence
from support.signing import signer
from support.sources import Offer, new_release, same_bytes

PATCH = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
MIB = 1 << 20


def raw_disk(path: Path, seed: int = 1) -> bytes:
    """A small disk of these random bytes, at this place."""
    data = random.Random(seed).randbytes(MIB)  # noqa: S311  # Test data, the same every time.
    path.write_bytes(data)
    return data


@pytest.mark.parametrize("publish", [True, False], ids=["published", "staged"])
def test_one_id_for_two_images(
    cloud: LoopbackCloud, upload: Any, offer: Offer, tmp_path: Path, *, publish: bool
) -> None:
    """The second one is told that the id is another image's, which stays as it is."""
    wanted = str(uuid.uuid4())
    assert upload(**offer.asked(image_id=wanted, publish=publish))["image"]["id"] == wanted
    first = cloud["provider"].image(wanted)
    disk = tmp_path / "other.raw"
    raw_disk(disk)
    other = f"{offer.name} other"
    second = upload(
        name=other,
        source=str(disk),
        image_id=wanted,
        visibility="public",
        properties={"os_distro": "debian"},
    )
    message = sentence(second)
    assert "image_id" in message
    assert wanted in message
    assert cloud["provider"].image(wanted) == first
    assert cloud.left_of(other) == []


def test_renamed_by_hand(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """It is the image still: it gets its name back, and no byte moves."""
    image_id = upload(**offer.asked())["image"]["id"]
    rename = [{"op": "replace", "path": "/name", "value": f"{offer.name} renamed"}]
    cloud["provider"].done("PATCH", f"/images/{image_id}", json=rename, headers=PATCH)
    result = upload(**offer.asked())
    assert (result.get("msg"), result["changed"], result["transfer"]) == (None, True, None)
    assert result["image"]["id"] == image_id
    assert cloud["provider"].image(image_id)["name"] == offer.name
    assert not upload(**offer.asked())["changed"]


@pytest.mark.parametrize("proven", [True, False], ids=["checksum", "no checksum"])
def test_a_signature_that_is_asked_for_later(
    cloud: LoopbackCloud, upload: Any, offer: Offer, tmp_path: Path, *, proven: bool
) -> None:
    """It is checked though the image is there: a wrong one fails, the right one is recorded."""
    source = offer.release.folder / offer.release.name
    options = {"name": offer.name, "source": str(source)}
    if proven:
        options["source_checksum"] = f"sha512:{offer.release.sha512}"
    unsigned = cloud["provider"].image(upload(**options)["image"]["id"])
    assert "curator_signed_by" not in unsigned
    keyring, signature = tmp_path / "keyring.gpg", tmp_path / "disk.sig"
    signed = {**options, "source_signature": str(signature), "source_keyring": str(keyring)}
    with signer() as upstream, signer() as stranger:
        keyring.write_bytes(upstream.public_keys())
        signature.write_bytes(stranger.detached(source.read_bytes()))
        sentence(upload(**signed))
        assert cloud["provider"].image(unsigned["id"]) == unsigned
        signature.write_bytes(upstream.detached(source.read_bytes()))
        result = upload(**signed)
    assert (result.get("msg"), result["changed"], result["transfer"]) == (None, True, None)
    assert result["image"]["id"] == unsigned["id"]
    shown = cloud["provider"].image(unsigned["id"])
    assert shown["curator_signed_by"] == upstream.fingerprint
    assert same_bytes(shown, offer.release.raw)
    assert not upload(**signed)["changed"]


def test_what_upstream_took_back_can_be_staged(
    cloud: LoopbackCloud, upload: Any, offer: Offer
) -> None:
    """A private image of its own: the one that stepped back has users, and stays as it is."""
    first = upload(**offer.asked(visibility="public"))["image"]["id"]
    new_release(offer.release.folder, offer.release.name, seed=2)
    second = upload(**offer.asked())["image"]["id"]
    before = [cloud["provider"].image(image_id) for image_id in (first, second)]
    new_release(offer.release.folder, offer.release.name)
    staged = upload(**offer.asked(publish=False))
    assert (staged.get("msg"), staged["changed"]) == (None, True)
    shown = cloud["provider"].image(staged["image"]["id"])
    assert shown["id"] not in {first, second}
    assert same_bytes(shown, offer.release.raw)
    assert (shown["visibility"], shown["curator_state"]) == ("private", "staged")
    assert [cloud["provider"].image(image_id) for image_id in (first, second)] == before
    again = upload(**offer.asked(publish=False))
    assert (again["changed"], again["image"]["id"]) == (False, shown["id"])


def test_a_raw_disk_that_the_cloud_fetches(cloud: LoopbackCloud, upload: Any, offer: Offer) -> None:
    """Small as it is, it is imported before anybody looks, or after; and it is proven each time."""
    raw = raw_disk(offer.release.folder / "disk.raw")
    for number in range(5):
        result = upload(
            cloud="elsewhere",
            name=f"{offer.name} {number}",
            source=offer.server.url("disk.raw"),
            method="web_download",
        )
        assert (result.get("msg"), result["changed"]) == (None, True)
        assert result["transfer"]["method"] == "web_download"
        shown = cloud["elsewhere"].image(result["image"]["id"])
        assert (shown["status"], shown["disk_format"]) == ("active", "raw")
        assert same_bytes(shown, raw)
