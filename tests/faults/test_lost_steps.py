# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cloud lets down a run on one of its last steps, or on its first: the next run makes good."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from faults.run import upload_beside
from faults.scene import Scene, Source, make_source
from support.faults import ALWAYS, PATIENCE, Answer, Cut, Fault, answered, sent
from support.messages import sentence
from support.proxy import proxy
from support.waiting import until

CREATE = r"POST /v2/images$"
SHOW = r"PATCH /v2/images/"
DEACTIVATE = r"POST /v2/images/[^/]+/actions/deactivate"
MIB = 1 << 20


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    """What upstream releases, one after the other."""
    return [
        make_source(tmp_path_factory.mktemp("release"), [bytes([number]) * MIB])
        for number in range(1, 4)
    ]


def run_ok(scene: Scene, **options: Any) -> str:
    """The id of the image that a run ends with."""
    result = scene.run(**options)
    assert not result.get("failed"), result
    image_id: str = result["image"]["id"]
    return image_id


def stays_in_front(scene: Scene, image_id: str, **options: Any) -> None:
    """A run whose image takes the name, but the old one does not step back for it."""
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(Fault(deed=Answer(500), on=f"{SHOW}{image_id}", times=ALWAYS))
        scene.run(glance=glance, timeout=PATIENCE, **options)
    named = {image["id"] for image in scene.traces() if image["name"] == scene.name}
    assert len(named) == 2
    assert image_id in named


def assert_one_in_front(scene: Scene, image_id: str, *stepped_back: str) -> None:
    """It alone has the name, with the bytes of the source; the others are there, out of the way."""
    images = {image["id"]: image for image in scene.traces()}
    assert images.keys() == {image_id, *stepped_back}
    front = images.pop(image_id)
    assert (front["name"], front["os_hidden"]) == (scene.name, False)
    assert (front["status"], front["curator_state"]) == ("active", "published")
    assert front["os_hash_value"] == scene.source.raw_sha512
    for image in images.values():
        assert image["name"].startswith(f"{scene.name} ")
        assert (image["os_hidden"], image["curator_state"]) == (True, "superseded")


def assert_settled(scene: Scene, image_id: str, *stepped_back: str) -> None:
    """One more run puts all in order, and the one after it finds nothing to do."""
    assert run_ok(scene) == image_id
    assert_one_in_front(scene, image_id, *stepped_back)
    assert not scene.run()["changed"]


def test_a_new_one_takes_the_name(scene: Scene, releases: list[Source]) -> None:
    """The run after it lets the old one step back."""
    first, second, _third = releases
    scene.source = first
    old = run_ok(scene)
    scene.source = second
    stays_in_front(scene, old)
    (new,) = {image["id"] for image in scene.traces()} - {old}
    assert_settled(scene, new, old)


def test_upstream_releases_again_meanwhile(scene: Scene, releases: list[Source]) -> None:
    """One run publishes the third, and lets both others step back."""
    first, second, third = releases
    scene.source = first
    oldest = run_ok(scene)
    scene.source = second
    stays_in_front(scene, oldest)
    (newer,) = {image["id"] for image in scene.traces()} - {oldest}
    scene.source = third
    newest = run_ok(scene)
    assert_one_in_front(scene, newest, newer, oldest)
    assert not scene.run()["changed"]


def test_a_staged_one_takes_the_name(scene: Scene, releases: list[Source]) -> None:
    """Whom it follows was not known when it was made, and is when it is published."""
    first, second, _third = releases
    scene.source = first
    old = run_ok(scene)
    scene.source = second
    staged = run_ok(scene, publish=False)
    stays_in_front(scene, old)
    assert_settled(scene, staged, old)


def test_one_that_had_stepped_back_takes_the_name(scene: Scene, releases: list[Source]) -> None:
    """It once made way for the one that now makes way for it."""
    first, second, _third = releases
    scene.source = first
    earlier = run_ok(scene)
    scene.source = second
    later = run_ok(scene)
    scene.source = first
    stays_in_front(scene, later)
    assert_settled(scene, earlier, later)


def test_the_old_one_is_not_deactivated(scene: Scene, releases: list[Source]) -> None:
    """It has its new name already; the next run remembers what else was asked."""
    first, second, _third = releases
    scene.source = first
    old = run_ok(scene)
    scene.source = second
    scene.options["supersede"] = {"deactivate": True}
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(Fault(deed=Answer(500), on=DEACTIVATE, times=ALWAYS))
        sentence(scene.run(glance=glance, timeout=PATIENCE))
    assert scene.owner.image(old)["status"] == "active"
    new = run_ok(scene)
    assert_one_in_front(scene, new, old)
    assert scene.owner.image(old)["status"] == "deactivated"
    assert not scene.run()["changed"]


def test_no_id_is_free(scene: Scene, releases: list[Source]) -> None:
    """Trying one id after the other comes to an end, and the task says so."""
    scene.source = releases[0]
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(Fault(deed=Answer(409), on=CREATE, times=ALWAYS))
        scene.assert_failed(scene.run(glance=glance, timeout=PATIENCE))


def test_the_wanted_id_outlives_a_lost_transfer(scene: Scene, releases: list[Source]) -> None:
    """Glance gives an id once: the second attempt fills the same image."""
    scene.source = releases[0]
    wanted = str(uuid.uuid4())
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(Fault(deed=Cut(), at=sent(0.5)))
        result = scene.run(glance=glance, image_id=wanted)
    assert scene.assert_published(result)["id"] == wanted


@pytest.mark.parametrize("user", ["provider", "customer_b"], ids=["seen", "unseen"])
def test_the_wanted_id_is_anothers(scene: Scene, releases: list[Source], user: str) -> None:
    """Whether or not the session may see that image: it is not given another id in silence."""
    scene.source, scene.user = releases[0], user
    wanted = str(uuid.uuid4())
    theirs = scene.cloud.new_image("customer_a", id=wanted)
    scene.assert_failed(scene.run(image_id=wanted), "image_id", wanted)
    assert scene.cloud["customer_a"].image(wanted) == theirs


@pytest.mark.parametrize("protected", [False, True], ids=["free", "protected"])
def test_told_to_stop_when_the_image_is_seen(
    scene: Scene, releases: list[Source], *, protected: bool
) -> None:
    """SIGTERM while the answer is on its way: what others may use already is not taken away."""
    scene.source = releases[0]
    with proxy(scene.owner.glance_url) as glance:
        held = glance.hold(SHOW, answered())
        with upload_beside(scene.task(glance=glance, protected=protected)) as run:
            held.wait()
            image_id = published(scene)
            run.terminate_module()
            until(lambda: not run.processes(), "all processes have ended")
    assert published(scene) == image_id
    assert run_ok(scene, protected=protected) == image_id
    assert not scene.run(protected=protected)["changed"]


@pytest.mark.parametrize("protected", [False, True], ids=["free", "protected"])
def test_nobody_says_that_the_image_is_seen(
    scene: Scene, releases: list[Source], *, protected: bool
) -> None:
    """The change is made and answered by an error, again and again: the image stays, too."""
    scene.source = releases[0]
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(Fault(deed=Answer(500), on=SHOW, at=answered(), times=ALWAYS))
        scene.run(glance=glance, timeout=PATIENCE, protected=protected)
    image_id = published(scene)
    assert run_ok(scene, protected=protected) == image_id
    assert not scene.run(protected=protected)["changed"]


def published(scene: Scene) -> str:
    """The id of the one image of the task, which has its name and its bytes."""
    for trace in scene.traces():
        # The scene takes away what it can; this one may be protected.
        scene.cloud.forget_later(scene.user, trace["id"])
    image = scene.assert_published()
    assert image["curator_state"] == "published"
    image_id: str = image["id"]
    return image_id
