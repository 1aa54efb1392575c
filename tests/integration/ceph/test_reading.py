# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images read out of Ceph, which gives no parts of them: to a file, and to another cloud."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.ceph import Pool
from support.cloud import LoopbackCloud
from support.faults import UPLOAD, Cut, Fault, Flip, answered, sent
from support.messages import sentence
from support.proxy import Proxy, behind, proxy
from support.running import run_module

pytestmark = pytest.mark.slow
MIB = 1 << 20
SIZE = 24 * MIB
DOWNLOAD = r"GET /v2/images/[^/]+/file"
DATA = random.Random(7).randbytes(SIZE // 2) + bytes(SIZE // 2)  # noqa: S311  # Data, no secret.
SHA512 = hashlib.sha512(DATA).hexdigest()


@pytest.fixture
def image(cloud: LoopbackCloud) -> dict[str, Any]:
    """An image bigger than what sockets hold, half of it zeros."""
    return cloud.new_image(data=DATA, os_distro="debian")


@pytest.fixture
def glance(cloud: LoopbackCloud) -> Iterator[Proxy]:
    """A proxy in front of the cloud with the Ceph."""
    with proxy(cloud["provider"].glance_url) as between:
        yield between


def ok(result: dict[str, Any]) -> dict[str, Any]:
    """The result of a task that did not fail."""
    assert not result.get("failed"), result
    return result


def asked(between: Proxy) -> list[tuple[str, int | None]]:
    """What was asked for, request by request, and how that was answered."""
    return [
        ("a part" if "Range" in one.headers else "all", one.status)
        for one in between.seen(DOWNLOAD)
    ]


def save(image: dict[str, Any], path: Path, **options: Any) -> dict[str, Any]:
    """Run image_download."""
    task = {"cloud": "provider", "image": image["id"], "path": str(path), **options}
    return run_module("image_download", **task)


def migrate(image: dict[str, Any], user: str = "elsewhere", **options: Any) -> dict[str, Any]:
    """Run image_migrate."""
    task = {"cloud": "provider", "image": image["id"], "destination": {"cloud": user}, **options}
    return run_module("image_migrate", **task)


def found(cloud: LoopbackCloud, image: dict[str, Any], user: str) -> dict[str, Any]:
    """The one image of its name that a user's project has, which goes with the test."""
    (there,) = (one for one in cloud.images_named(image["name"], user) if one["id"] != image["id"])
    cloud.forget_later(user, there["id"])
    return there


@pytest.mark.parametrize("share", [0.25, 0.99])
def test_a_download_that_breaks_goes_on(
    cloud: LoopbackCloud, image: dict[str, Any], glance: Proxy, tmp_path: Path, share: float
) -> None:
    """A part is asked for and refused; of the whole, what came before is compared and left out."""
    path = tmp_path / "disk.raw"
    glance.fault(Fault(deed=Cut(), on=DOWNLOAD, at=answered(share)))
    ok(save(image, path, cloud=behind(cloud["provider"], glance=glance)))
    assert path.read_bytes() == DATA
    assert asked(glance) == [("all", 200), ("a part", 400), ("all", 200)]


def test_a_download_that_breaks_again_and_again(
    cloud: LoopbackCloud, image: dict[str, Any], glance: Proxy, tmp_path: Path
) -> None:
    """Once it is known that there are no parts, none is asked for; every byte is there once."""
    path = tmp_path / "disk.raw"
    glance.fault(Fault(deed=Cut(), on=DOWNLOAD, at=answered(0.2)))
    for share in (0.4, 0.6):
        # But for the request for a part, which has no such place.
        glance.fault(Fault(deed=Cut(), on=DOWNLOAD, at=answered(share), skip=1))
    result = ok(save(image, path, cloud=behind(cloud["provider"], glance=glance)))
    assert path.read_bytes() == DATA
    assert asked(glance) == [("all", 200), ("a part", 400), *[("all", 200)] * 3]
    assert result["transfer"]["bytes"] > SIZE


def test_other_bytes_after_a_break_are_noticed(
    cloud: LoopbackCloud, image: dict[str, Any], glance: Proxy, tmp_path: Path
) -> None:
    """What came before is compared with what comes again: the file is not put together of both."""
    path = tmp_path / "disk.raw"
    glance.fault(Fault(deed=Cut(), on=DOWNLOAD, at=answered(0.5)))
    glance.fault(Fault(deed=Flip(), on=DOWNLOAD, at=answered(octets=MIB), skip=1))
    result = save(image, path, cloud=behind(cloud["provider"], glance=glance))
    assert "other bytes" in sentence(result)
    assert not path.exists()


def test_the_next_run_has_what_the_last_one_left(
    cloud: LoopbackCloud, image: dict[str, Any], glance: Proxy, tmp_path: Path
) -> None:
    """Its bytes are compared, not written again; a run after that asks for none."""
    path = tmp_path / "disk.raw"
    options: dict[str, Any] = {"cloud": behind(cloud["provider"], glance=glance), "retries": 0}
    glance.fault(Fault(deed=Cut(), on=DOWNLOAD, at=answered(0.5)))
    assert "goes on from there" in sentence(save(image, path, **options))
    assert not path.exists()
    result = ok(save(image, path, **options))
    assert 0 < result["transfer"]["resumed"] <= SIZE // 2
    assert path.read_bytes() == DATA
    before = len(asked(glance))
    assert save(image, path, **options)["changed"] is False
    assert len(asked(glance)) == before


@pytest.mark.parametrize("share", [None, 0.5])
def test_an_image_leaves_for_another_cloud(
    cloud: LoopbackCloud, image: dict[str, Any], glance: Proxy, share: float | None
) -> None:
    """In one upload, also where reading breaks off and begins anew in the middle."""
    if share is not None:
        glance.fault(Fault(deed=Cut(), on=DOWNLOAD, at=answered(share)))
    destination = cloud["elsewhere"]
    with proxy(destination.glance_url) as there:
        options: dict[str, Any] = {
            "cloud": behind(cloud["provider"], glance=glance),
            "destination": {"cloud": behind(destination, glance=there)},
        }
        ok(migrate(image, **options))
        assert len(there.seen(UPLOAD)) == 1
    moved = found(cloud, image, "elsewhere")
    assert (moved["status"], moved["os_hash_value"]) == ("active", SHA512)
    assert moved["os_distro"] == "debian"
    assert destination.http("GET", f"/images/{moved['id']}/file").content == DATA
    assert len(asked(glance)) == (1 if share is None else 3)
    assert migrate(image)["changed"] is False


def test_an_image_comes_from_another_cloud(cloud: LoopbackCloud, pool: Pool) -> None:
    """Into Ceph, byte by byte, and its zeros take no room there."""
    image = cloud.new_image("elsewhere", data=DATA)
    ok(migrate(image, "provider", cloud="elsewhere"))
    moved = found(cloud, image, "provider")
    assert moved["os_hash_value"] == SHA512
    assert pool.sha512(f"{moved['id']}@snap") == SHA512
    assert pool.is_protected(moved["id"])
    assert pool.used(moved["id"]) < SIZE
    assert migrate(image, "provider", cloud="elsewhere")["changed"] is False


def test_a_broken_arrival_leaves_nothing_in_the_pool(
    cloud: LoopbackCloud, pool: Pool, glance: Proxy
) -> None:
    """The second upload has an image of its own, and what the first one stored is gone."""
    image = cloud.new_image("elsewhere", data=DATA)
    before = pool.images()
    glance.fault(Fault(deed=Cut(), on=UPLOAD, at=sent(0.5)))
    destination = {"cloud": behind(cloud["provider"], glance=glance)}
    ok(migrate(image, cloud="elsewhere", destination=destination))
    moved = found(cloud, image, "provider")
    assert pool.images() - before == {moved["id"]}
    assert pool.sha512(f"{moved['id']}@snap") == SHA512


def test_another_project_has_a_copy_of_its_own(
    cloud: LoopbackCloud, pool: Pool, image: dict[str, Any]
) -> None:
    """Within one Ceph, too, the two are independent: either may go."""
    ok(migrate(image, "customer_a"))
    moved = found(cloud, image, "customer_a")
    assert cloud["provider"].http("DELETE", f"/images/{image['id']}").status_code == 204
    assert pool.sha512(f"{moved['id']}@snap") == SHA512


@pytest.mark.parametrize("user", ["elsewhere", "customer_b"])
@pytest.mark.parametrize("kind", ["queued", "deactivated"])
def test_what_cannot_be_read_is_said(
    cloud: LoopbackCloud, tmp_path: Path, *, kind: str, user: str
) -> None:
    """A word on why, before anything is made: neither a file nor an image."""
    owner = "customer_a"
    image = cloud.new_image(owner, data=None if kind == "queued" else DATA[:MIB])
    if kind == "deactivated":
        cloud[owner].done("POST", f"/images/{image['id']}/actions/deactivate")
    path = tmp_path / "disk.raw"
    assert kind in sentence(save(image, path, cloud=owner))
    assert list(tmp_path.iterdir()) == []
    assert kind in sentence(migrate(image, user, cloud=owner))
    assert cloud.images_named(image["name"], user) == []


def test_what_is_hidden_is_read_and_stays_hidden(cloud: LoopbackCloud, tmp_path: Path) -> None:
    """To be hidden is no fault of an image."""
    image = cloud.new_image(data=DATA[:MIB], os_hidden=True)
    path = tmp_path / "disk.raw"
    ok(save(image, path))
    assert path.read_bytes() == DATA[:MIB]
    moved = ok(migrate(image))["image"]
    cloud.forget_later("elsewhere", moved["id"])
    shown = cloud["elsewhere"].image(moved["id"])
    assert shown["os_hidden"] is True
    assert shown["os_hash_value"] == image["os_hash_value"]
