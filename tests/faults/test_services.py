# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keystone and Glance restart, and tokens run out, while an image is on its way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from faults.ruin import Ruin
from faults.scene import Scene
from support.cloud import LoopbackCloud
from support.faults import UPLOAD, Point, answered, sent
from support.messages import sentence
from support.proxy import proxy
from support.waiting import until

TOKEN_SECONDS = 8
HALF = sent(0.5)
slow = pytest.mark.slow


def test_glance_killed_in_the_middle(doomed: Scene, ruin: Ruin) -> None:
    """What it was writing stays `saving` for ever in Glance; ours takes it away and begins anew."""
    with proxy(doomed.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        held = glance.hold(at=HALF)
        running = pool.submit(doomed.run, glance=glance)
        held.wait()
        ruin.service("glance", "kill")
        ruin.service("glance", "start")
        held.release()
        result = running.result()
    doomed.assert_published(result)


@slow
def test_glance_is_away_for_good(doomed: Scene, ruin: Ruin) -> None:
    """One sentence; the next run finds what could not be taken away, and ends in one image."""
    with proxy(doomed.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        held = glance.hold(at=HALF)
        running = pool.submit(doomed.run, glance=glance, timeout=3)
        held.wait()
        ruin.service("glance", "kill")
        held.release()
        result = running.result()
    message = sentence(result)
    ruin.service("glance", "start")
    (left,) = doomed.traces()
    assert left["status"] == "saving"
    assert left["id"] in message
    doomed.assert_invisible()
    doomed.assert_published(doomed.run())


@slow
def test_glance_answers_late(doomed: Scene, ruin: Ruin) -> None:
    """Frozen for longer than the timeout, and then as if nothing had been."""
    with proxy(doomed.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        held = glance.hold(at=HALF)
        running = pool.submit(doomed.run, glance=glance, timeout=2)
        held.wait()
        ruin.service("glance", "pause")
        held.release()
        # The first attempt was given up, and the next request waits before a closed door.
        until(lambda: glance.requests[-1] is not glance.seen(UPLOAD)[0], "a request after it")
        ruin.service("glance", "resume")
        result = running.result()
    doomed.assert_published(result)


@slow
@pytest.mark.parametrize("at", [sent(), HALF, answered()], ids=["before", "during", "after"])
def test_keystone_restarted(doomed: Scene, ruin: Ruin, at: Point) -> None:
    """Its tokens are as good as before, whenever it was."""
    with proxy(doomed.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        held = glance.hold(at=at)
        running = pool.submit(doomed.run, glance=glance)
        held.wait()
        ruin.service("keystone", "restart")
        held.release()
        result = running.result()
    doomed.assert_published(result)


@slow
def test_keystone_gone_for_a_while(doomed: Scene, ruin: Ruin) -> None:
    """A Glance that can check no token says 503; the attempt is made again when it can."""
    with proxy(doomed.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        held = glance.hold(at=sent())
        running = pool.submit(doomed.run, glance=glance)
        held.wait()
        ruin.service("keystone", "kill")
        held.release()
        until(lambda: glance.seen(UPLOAD)[0].status, "Glance answers the first attempt")
        ruin.service("keystone", "start")
        result = running.result()
    doomed.assert_published(result)


def test_a_token_that_runs_out_before_the_transfer(short_lived: Scene) -> None:
    """The transfer begins with a fresh one, and needs no second attempt."""
    with proxy(short_lived.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        created = glance.hold("POST /v2/images$", at=answered())
        running = pool.submit(short_lived.run, glance=glance)
        created.wait()
        wait_until_tokens_are_over(short_lived)
        created.release()
        result = running.result()
        short_lived.assert_published(result)
        assert [put.status for put in glance.seen(UPLOAD)] == [204]


@slow
def test_a_token_that_runs_out_before_glance_looks(short_lived: Scene) -> None:
    """401: another token, and another stream from its beginning."""
    with proxy(short_lived.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        held = glance.hold(at=sent())
        running = pool.submit(short_lived.run, glance=glance)
        held.wait()
        wait_until_tokens_are_over(short_lived)
        held.release()
        result = running.result()
        short_lived.assert_published(result)
        assert [put.status for put in glance.seen(UPLOAD)] == [401, 204]


@slow
def test_a_token_that_runs_out_in_the_middle(short_lived: Scene) -> None:
    """Glance looks at it once, at the beginning, and lets the transfer end."""
    with proxy(short_lived.owner.glance_url) as glance, ThreadPoolExecutor(1) as pool:
        held = glance.hold(at=HALF)
        running = pool.submit(short_lived.run, glance=glance)
        held.wait()
        wait_until_tokens_are_over(short_lived)
        held.release()
        result = running.result()
        short_lived.assert_published(result)
        assert [put.status for put in glance.seen(UPLOAD)] == [204]


@pytest.fixture
def short_lived(doomed: Scene, ruin: Ruin) -> Scene:
    """A scene whose tokens live for seconds."""
    ruin.up(token_seconds=TOKEN_SECONDS)
    doomed.cloud = ruin.cloud
    return doomed


def wait_until_tokens_are_over(scene: Scene) -> None:
    """A token that is younger than all that the task has so far has run out."""
    witness = LoopbackCloud(scene.cloud.folder)["customer_a"]
    assert witness.http("GET", "/images").ok
    until(lambda: witness.http("GET", "/images").status_code == 401, "tokens run out")
