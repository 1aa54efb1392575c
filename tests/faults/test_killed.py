# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed at any instant: the next run finds what was left, and ends in the right state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from faults.run import Run, upload_beside
from faults.scene import Scene, Source
from support.faults import UPLOAD, Point, answered, sent
from support.proxy import Proxy, proxy
from support.upstream import upstream
from support.waiting import until

slow = pytest.mark.slow
CREATE = "POST /v2/images$"
SHOW = "PATCH /v2/images/"

INSTANTS = [
    pytest.param(CREATE, sent(), id="before the image is made", marks=slow),
    pytest.param(CREATE, answered(), id="image made, nobody told", marks=slow),
    pytest.param(UPLOAD, sent(), id="before the data", marks=slow),
    pytest.param(UPLOAD, sent(0.5), id="in the middle of the data"),
    pytest.param(UPLOAD, sent(0.99), id="near the end of the data", marks=slow),
    pytest.param(UPLOAD, answered(), id="data there, nobody told", marks=slow),
    pytest.param(SHOW, sent(), id="before the name", marks=slow),
    pytest.param(SHOW, answered(), id="named, nobody told"),
]


@contextmanager
def held_run(scene: Scene, on: str, at: Point) -> Iterator[tuple[Run, Proxy]]:
    """A run of the task that has come to this point and stands there."""
    with proxy(scene.owner.glance_url) as glance:
        held = glance.hold(on, at)
        with upload_beside(scene.task(glance=glance)) as run:
            held.wait()
            yield run, glance


@pytest.mark.parametrize("on, at", INSTANTS)
def test_killed_with_everything(scene: Scene, on: str, at: Point) -> None:
    """All processes at once; nothing was visible, and the next run leaves one image."""
    with held_run(scene, on, at) as (run, _glance):
        run.kill_all()
    if (on, at) != (SHOW, answered()):
        scene.assert_invisible()
        assert scene.name not in [image["name"] for image in scene.traces()]
    scene.assert_published(scene.run())


@slow
@pytest.mark.parametrize("on, at", [(SHOW, sent()), (SHOW, answered())], ids=["before", "after"])
def test_killed_while_it_takes_the_place_of_another(
    scene: Scene, other_source: Source, on: str, at: Point
) -> None:
    """The old image stays until the new one is there; afterwards one of them has the name."""
    old = scene.assert_published(scene.run())
    scene.source = other_source
    with held_run(scene, on, at) as (run, _glance):
        run.kill_all()
    assert scene.name in [image["name"] for image in scene.traces()]
    result = scene.run()
    assert not result.get("failed"), result
    named = [image for image in scene.traces() if image["name"] == scene.name]
    assert [image["os_hash_value"] for image in named] == [other_source.raw_sha512]
    assert {image["id"] for image in scene.traces()} == {old["id"], named[0]["id"]}
    (stepped_back,) = (image for image in scene.traces() if image["id"] == old["id"])
    assert stepped_back["os_hidden"]


def test_killed_while_it_fetches(scene: Scene) -> None:
    """The next run takes up the download where it was, and needs nobody to clean up."""
    folder = scene.source.path.parent
    with upstream(folder) as server, proxy(server.url()) as web:
        held = web.hold(f"GET /{scene.source.path.name}", answered(0.5))
        task = scene.task(source=f"{web.url}/{scene.source.path.name}")
        with upload_beside(task) as run:
            held.wait()
            run.kill_all()
        scene.assert_nothing_left()
        scene.assert_published(scene.run(source=task["source"]))


@pytest.mark.parametrize(
    "on, at",
    [
        pytest.param(UPLOAD, sent(0.5), id="in the middle of the data"),
        pytest.param(UPLOAD, sent(), id="before the data", marks=slow),
        pytest.param(SHOW, sent(), id="before the name", marks=slow),
    ],
)
def test_nobody_waits_any_more(scene: Scene, on: str, at: Point) -> None:
    """With ansible-playbook gone, the module stops by itself and takes away what it made."""
    with held_run(scene, on, at) as (run, _glance):
        run.kill_ansible()
        until(lambda: not run.processes(), "the module has noticed and ended")
        until(lambda: not scene.traces(), "its image is gone")
    scene.assert_published(scene.run())


@pytest.mark.parametrize(
    "on, at",
    [
        pytest.param(UPLOAD, sent(0.5), id="in the middle of the data"),
        pytest.param(CREATE, answered(), id="image made, nobody told", marks=slow),
        pytest.param(SHOW, sent(), id="before the name", marks=slow),
    ],
)
def test_told_to_stop(scene: Scene, on: str, at: Point) -> None:
    """SIGTERM: the task fails with a sentence, and nothing of it is left."""
    with held_run(scene, on, at) as (run, _glance):
        run.terminate_module()
        result = run.played.result().result_of("task")
        # A play says it in other words than the module, and adds that it knows of no traceback.
        scene.assert_failed({"failed": result["outcome"] == "failed", "msg": result["msg"]})
        assert not run.processes()
    scene.assert_published(scene.run())


@slow
def test_killed_again_and_again(scene: Scene) -> None:
    """Each attempt dies at another place, and the last one finds its way all the same."""
    for on, at in [(UPLOAD, sent(0.5)), (CREATE, answered()), (UPLOAD, answered()), (SHOW, sent())]:
        with held_run(scene, on, at) as (run, _glance):
            run.kill_all()
    scene.assert_published(scene.run())
