# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to Glance that breaks: either a retry mends it, or one sentence says what it was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from faults.scene import Scene
from support.faults import (
    ALWAYS,
    PATIENCE,
    UPLOAD,
    Answer,
    Cut,
    Deed,
    Drip,
    Fault,
    Point,
    Silence,
    answered,
    sent,
)
from support.proxy import proxy

CREATE = r"POST /v2/images$"
# Images of the name, before anything is done; and the image that has its data.
LOOK = r"GET /v2/images\?"
PROOF = r"GET /v2/images/[0-9a-f-]{36}$"
SHOW = r"PATCH /v2/images/"
MIB = 1 << 20
slow = pytest.mark.slow


def fault(
    name: str, deed: Deed, at: Point | None = None, *, on: str = UPLOAD, rare: bool = True
) -> object:
    """A row of a table; a rare one is for `make test-slow` alone."""
    planned = Fault(deed=deed, on=on, at=at or sent())
    return pytest.param(planned, id=name, marks=[slow] if rare else [])


MENDED = [
    fault("cut before the first byte", Cut(), sent()),
    fault("cut after the first byte", Cut(), sent(octets=1)),
    fault("cut in the middle", Cut(), sent(0.5), rare=False),
    fault("cut just before the end", Cut(), sent(0.99)),
    fault("data there, answer lost", Cut(), answered(), rare=False),
    fault("401 at the start", Answer(401), sent(), rare=False),
    fault("401 in the middle", Answer(401), sent(0.5)),
    fault("409 at the start", Answer(409), sent()),
    fault("409 in the middle", Answer(409), sent(0.5)),
    fault("500 at the start", Answer(500), sent()),
    fault("500 in the middle", Answer(500), sent(0.5)),
    fault("502 instead of the answer", Answer(502), answered()),
    fault("503 at the start", Answer(503), sent()),
    fault("503 in the middle", Answer(503), sent(0.5), rare=False),
    fault("silent from the start", Silence(), sent()),
    fault("silent in the middle", Silence(), sent(0.5), rare=False),
    fault("answer never comes", Silence(), answered()),
    fault("slow from the middle", Drip(2 * MIB), sent(0.5)),
    fault("creation cut", Cut(), on=CREATE),
    fault("created, answer lost", Cut(), answered(), on=CREATE, rare=False),
    fault("creation answered by 503", Answer(503), on=CREATE),
    fault("created, and answered by 504", Answer(504), answered(), on=CREATE),
    fault("first look answered by 503", Answer(503), on=LOOK),
    fault("proof cut", Cut(), on=PROOF),
    fault("proof answered by 503", Answer(503), on=PROOF),
    fault("proof never answered", Silence(), on=PROOF),
    fault("creation never answered", Silence(), answered(), on=CREATE),
    fault("change never answered", Silence(), answered(), on=SHOW),
    fault("change cut", Cut(), on=SHOW),
    fault("changed, answer lost", Cut(), answered(), on=SHOW, rare=False),
    fault("change answered by 503", Answer(503), on=SHOW),
    fault("changed, and answered by 504", Answer(504), answered(), on=SHOW),
    fault("change answered by 401", Answer(401), on=SHOW),
]


@pytest.mark.parametrize("planned", MENDED)
def test_one_fault_is_mended(scene: Scene, planned: Fault) -> None:
    """It costs an attempt and nothing else: one image, with the right bytes."""
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(planned)
        result = scene.run(glance=glance, timeout=PATIENCE, api_timeout=PATIENCE)
    image = scene.assert_published(result)
    assert result["changed"]
    assert result["action"] == "created"
    assert result["image"]["id"] == image["id"]
    scene.assert_invisible()
    again = scene.run()
    assert not again["changed"], again
    assert again["action"] == "unchanged"


ENDED = [
    fault("first look always cut", Cut(), on=LOOK),
    fault("first look never answered", Silence(), on=LOOK),
    fault("always cut in the middle", Cut(), sent(0.5), rare=False),
    fault("always cut before the first byte", Cut(), sent()),
    fault("always 401", Answer(401), sent()),
    fault("always 409", Answer(409), sent()),
    fault("always 500 in the middle", Answer(500), sent(0.5)),
    fault("always 503", Answer(503), sent()),
    fault("always silent", Silence(), sent(0.5)),
    fault("no change is possible", Answer(503), on=SHOW),
    fault("no creation is possible", Answer(503), on=CREATE),
]


@pytest.mark.parametrize("planned", ENDED)
def test_a_fault_that_stays_ends_in_a_sentence(scene: Scene, planned: Fault) -> None:
    """Attempts come to an end, nothing is left, and later the same task succeeds."""
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(replace(planned, times=ALWAYS))
        result = scene.run(glance=glance, timeout=PATIENCE, api_timeout=PATIENCE)
        scene.assert_failed(result)
        scene.assert_invisible()
    scene.assert_published(scene.run())


@pytest.mark.parametrize(
    "at", [sent(), pytest.param(sent(0.5), marks=slow)], ids=["start", "middle"]
)
def test_a_quota_that_is_exceeded(scene: Scene, at: Point) -> None:
    """413 is no accident: it is not tried again, and the sentence says what is too small."""
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(Fault(deed=Answer(413), at=at))
        scene.assert_failed(scene.run(glance=glance), "413")
        assert len(glance.seen(UPLOAD)) == 1


def test_a_refused_token_is_not_sent_again(scene: Scene) -> None:
    """The second attempt has a token of its own, and all of the data."""
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(Fault(deed=Answer(401)))
        scene.assert_published(scene.run(glance=glance, timeout=PATIENCE))
        first, second = glance.seen(UPLOAD)
    assert first.headers["X-Auth-Token"] != second.headers["X-Auth-Token"]
    assert second.octets == scene.source.raw_size


def test_nobody_sees_an_image_on_its_way(scene: Scene) -> None:
    """Held with all its data there and not yet named: the maker alone knows of it."""
    with proxy(scene.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        midway = glance.hold(at=sent(0.5))
        running = pool.submit(scene.run, glance=glance, visibility="public")
        midway.wait()
        assert_unnamed(scene)
        # Only now: the first change may have been a rehearsal.
        proven = glance.hold(SHOW)
        midway.release()
        proven.wait()
        assert_unnamed(scene)
        proven.release()
        image = scene.assert_published(running.result())
    assert image["visibility"] == "public"
    assert scene.cloud["customer_a"].sees(image["id"])


def assert_unnamed(scene: Scene) -> None:
    """There, and nobody's business."""
    scene.assert_invisible()
    (image,) = scene.traces()
    assert image["visibility"] == "private"
    assert image["name"] != scene.name


@slow
def test_a_transfer_that_takes_longer_than_the_timeout(scene: Scene) -> None:
    """While anything moves, there is progress: the time for all of it is not limited."""
    rate = scene.source.raw_size // (2 * PATIENCE)
    with proxy(scene.owner.glance_url) as glance:
        glance.fault(Fault(deed=Drip(rate), at=sent(octets=1)))
        scene.assert_published(scene.run(glance=glance, timeout=PATIENCE))
        assert len(glance.seen(UPLOAD)) == 1
