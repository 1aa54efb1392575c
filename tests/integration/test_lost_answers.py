# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A question is asked again when its answer is lost, and not for ever; a change is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.cloud import LoopbackCloud
from support.faults import ALWAYS, Cut, Fault, Point, answered, sent
from support.messages import sentence
from support.proxy import Proxy, behind, proxy
from support.running import run_module

ASKS = r"GET /v2/images/"
CHANGES = r"PATCH /v2/images/"


@pytest.fixture
def glance(cloud: LoopbackCloud) -> Iterator[Proxy]:
    """What stands in front of Glance."""
    with proxy(cloud["provider"].glance_url) as standing:
        yield standing


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(sent(), id="the question"),
        pytest.param(answered(), id="the answer"),
        pytest.param(answered(0.5), id="half of the answer"),
    ],
)
def test_what_was_lost_on_the_way(cloud: LoopbackCloud, glance: Proxy, at: Point) -> None:
    """Whoever asks does not notice."""
    image = cloud.new_image()
    glance.fault(Fault(deed=Cut(), on=ASKS, at=at, times=2))
    result = run_module(
        "image_metadata",
        cloud=behind(cloud["provider"], glance=glance),
        image=image["id"],
        min_ram=image["min_ram"],
    )
    assert not result.get("failed"), result
    assert len(glance.seen(ASKS)) == 3


def test_what_is_always_lost(cloud: LoopbackCloud, glance: Proxy) -> None:
    """Three times, and a sentence."""
    image = cloud.new_image()
    glance.fault(Fault(deed=Cut(), on=ASKS, at=answered(0.5), times=ALWAYS))
    result = run_module(
        "image_metadata",
        cloud=behind(cloud["provider"], glance=glance),
        image=image["id"],
        min_ram=1,
    )
    assert "nothing answers at" in sentence(result)
    assert len(glance.seen(ASKS)) == 3


def test_a_change_is_asked_for_once(cloud: LoopbackCloud, glance: Proxy) -> None:
    """Nobody knows whether it was made."""
    image = cloud.new_image()
    glance.fault(Fault(deed=Cut(), on=CHANGES, at=answered()))
    result = run_module(
        "image_metadata",
        cloud=behind(cloud["provider"], glance=glance),
        image=image["id"],
        min_ram=1,
    )
    assert len(glance.seen(CHANGES)) == 1
    assert result.get("failed"), result
    assert cloud["provider"].image(image["id"])["min_ram"] == 1
