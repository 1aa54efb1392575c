# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Others at work on the same cloud: a second run, customers' snapshots, images of the same name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from faults.run import upload_beside
from faults.scene import Scene, Source
from support.cloud import LoopbackCloud
from support.faults import UPLOAD, Point, answered, sent
from support.messages import sentence
from support.proxy import proxy

slow = pytest.mark.slow
CREATE = "POST /v2/images$"


@pytest.mark.parametrize(
    "on, at",
    [
        pytest.param(CREATE, answered(), id="image made", marks=slow),
        pytest.param(UPLOAD, sent(0.5), id="in the middle of the data"),
        pytest.param("PATCH /v2/images/", sent(), id="before the name"),
    ],
)
def test_a_second_run_waits_for_the_first(scene: Scene, on: str, at: Point) -> None:
    """It meets the first one's image, lets it come to its end, and has nothing left to do."""
    address = scene.owner.glance_url
    with proxy(address) as first, proxy(address) as second, ThreadPoolExecutor(2) as pool:
        held = first.hold(on, at)
        ahead = pool.submit(scene.run, glance=first)
        held.wait()
        behind = pool.submit(scene.run, glance=second)
        # It has seen that the name is not there, and goes to work.
        second.wait_for("(POST|GET) /v2/images", 3)
        held.release()
        results = [ahead.result(), behind.result()]
        scene.assert_published(results[0])
        scene.assert_published(results[1])
        assert results[0]["action"] == "created"
        assert not second.seen(UPLOAD)


def test_two_runs_at_the_same_time(scene: Scene) -> None:
    """Whoever is quicker: one image, and no failure."""
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _n: scene.run(), range(2)))
    for result in results:
        image = scene.assert_published(result)
        assert result["image"]["id"] == image["id"]


@slow
def test_the_first_dies_while_the_second_waits(scene: Scene) -> None:
    """The one that waits takes over."""
    address = scene.owner.glance_url
    with proxy(address) as first, proxy(address) as second, ThreadPoolExecutor(1) as pool:
        held = first.hold(at=sent(0.5))
        with upload_beside(scene.task(glance=first)) as run:
            held.wait()
            waiting = pool.submit(scene.run, glance=second)
            second.wait_for("(POST|GET) /v2/images", 3)
            run.kill_all()
            result = waiting.result()
    scene.assert_published(result)


def snapshot_of(cloud: LoopbackCloud, image: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An image with all the marks of another, as Nova makes one of a server."""
    inherited: dict[str, Any] = {k: v for k, v in image.items() if k.startswith("curator_")}
    return cloud.new_image(**inherited, image_type="snapshot", tags=["managed_by_curator"], **more)


@pytest.mark.parametrize("data", [b"\0" * 512, None], ids=["active", "queued"])
def test_a_snapshot_that_inherited_our_marks(
    scene: Scene, other_source: Source, data: bytes | None
) -> None:
    """Not the maker's, whatever it says of itself: neither a run nor a rotation touches it."""
    published = scene.assert_published(scene.run())
    snapshot = snapshot_of(scene.cloud, published, name=f"backup of {published['id']}", data=data)
    scene.source = other_source
    result = scene.run()
    assert result["action"] == "rotated"
    assert scene.cloud["provider"].image(snapshot["id"]) == snapshot
    assert result["image"]["os_hash_value"] == other_source.raw_sha512


def test_a_snapshot_is_no_published_image(scene: Scene) -> None:
    """One that inherited the marks of an image that is gone does not count as that image."""
    published = scene.assert_published(scene.run())
    snapshot = snapshot_of(scene.cloud, published, name="backup")
    scene.owner.done("DELETE", f"/images/{published['id']}")
    result = scene.run()
    assert result["action"] == "created"
    assert result["image"]["id"] != published["id"]
    assert scene.cloud["provider"].image(snapshot["id"]) == snapshot


def test_several_images_of_the_name(scene: Scene) -> None:
    """Which of them is meant is for people to say: an error with their ids, and no change."""
    twins = [scene.cloud.new_image(name=scene.name) for _n in range(2)]
    message = sentence(scene.run())
    assert all(twin["id"] in message for twin in twins)
    assert sorted(image["id"] for image in scene.traces()) == sorted(t["id"] for t in twins)
    assert [scene.owner.image(twin["id"]) for twin in twins] == twins


def test_an_image_of_that_name_in_another_project(scene: Scene) -> None:
    """A customer's private image of the same name stops nobody, though an administrator sees it."""
    theirs = scene.cloud.new_image("customer_a", name=scene.name)
    result = scene.run()
    assert result["action"] == "created"
    assert scene.cloud["customer_a"].image(theirs["id"]) == theirs
