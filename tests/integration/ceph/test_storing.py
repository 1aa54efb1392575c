# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Uploads into Ceph, and what becomes of an image there that somebody still needs."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from integration.conftest import RunModule
from support.ceph import Pool
from support.cloud import LoopbackCloud
from support.faults import UPLOAD, Answer, Cut, Deed, Fault, sent
from support.messages import sentence
from support.proxy import behind, proxy
from support.running import run_module
from support.sources import Offer, same_bytes
from support.versions import new_version

pytestmark = pytest.mark.slow
MIB = 1 << 20
DATA = bytes(range(256)) * 4096


def image_of(result: dict[str, Any]) -> str:
    """The id of the image that a task made."""
    assert not result.get("failed"), result
    return str(result["image"]["id"])


def sha512(data: bytes) -> str:
    return hashlib.sha512(data).hexdigest()


def test_what_is_uploaded_is_stored(
    cloud: LoopbackCloud, pool: Pool, upload: RunModule, offer: Offer
) -> None:
    """Byte by byte in Ceph, and ready to be cloned; a second run changes nothing."""
    image_id = image_of(upload(**offer.asked()))
    assert same_bytes(cloud["provider"].image(image_id), offer.release.raw)
    assert pool.sha512(f"{image_id}@snap") == sha512(offer.release.raw)
    assert pool.is_protected(image_id)
    assert upload(**offer.asked())["changed"] is False


def test_zeros_take_no_room(
    cloud: LoopbackCloud, pool: Pool, upload: RunModule, name: str, tmp_path: Path
) -> None:
    """They are sent, hashed and read back, and not stored: a wide disk costs what is on it."""
    wide = DATA + bytes(191 * MIB) + DATA
    plain = tmp_path / "wide.raw"
    plain.write_bytes(wide)
    image_id = image_of(upload(name=name, source=str(plain), source_format="raw"))
    assert pool.used(image_id) < len(wide) / 4
    assert same_bytes(cloud["provider"].image(image_id), wide)
    assert pool.sha512(f"{image_id}@snap") == sha512(wide)


@pytest.mark.parametrize("deed", [Cut(), Answer(503)], ids=["cut", "503"])
def test_a_broken_upload_leaves_nothing_in_the_pool(
    cloud: LoopbackCloud, pool: Pool, offer: Offer, deed: Deed, tmp_path: Path
) -> None:
    """The next attempt has an image of its own, and what the first one stored is gone."""
    before = pool.images()
    with proxy(cloud["provider"].glance_url) as glance:
        glance.fault(Fault(deed=deed, on=UPLOAD, at=sent(0.5)))
        options = {"cloud": behind(cloud["provider"], glance=glance), "cache_dir": str(tmp_path)}
        image_id = image_of(run_module("image_upload_raw", **offer.asked(**options)))
        assert len(glance.seen(UPLOAD)) == 2
    cloud.forget_later("provider", image_id)
    assert pool.images() - before == {image_id}
    assert pool.sha512(f"{image_id}@snap") == sha512(offer.release.raw)


def test_an_image_under_clones_is_in_use(cloud: LoopbackCloud, pool: Pool, name: str) -> None:
    """The clones of old clusters keep it: the task says so, and the image is as it was."""
    image = new_version(cloud, name, "superseded", data=DATA)
    with pool.clone(image["id"], version=1) as disk:
        options = {"cloud": "provider", "image": image["id"], "level": "delete", "force": True}
        message = sentence(run_module("image_retire", **options))
        assert "in use" in message
        assert "Nothing was changed" in message
        still = cloud["provider"].image(image["id"])
        assert still["status"] == "active"
        assert still["name"] == image["name"]
        assert pool.sha512(disk) == still["os_hash_value"]
        assert pool.is_protected(image["id"])
    assert run_module("image_retire", **options)["action"] == "deleted"
    assert image["id"] not in pool.images()


def test_clones_of_today_outlive_their_image(cloud: LoopbackCloud, pool: Pool, name: str) -> None:
    """Nothing keeps the image from being deleted then, so that it could be proves nothing."""
    image = new_version(cloud, name, "superseded", data=DATA)
    with pool.clone(image["id"], version=2) as disk:
        options = {"cloud": "provider", "image": image["id"], "level": "delete", "force": True}
        assert run_module("image_retire", **options)["action"] == "deleted"
        assert cloud["provider"].http("GET", f"/images/{image['id']}").status_code == 404
        assert image["id"] in pool.trash()
        assert pool.sha512(disk) == image["os_hash_value"]
