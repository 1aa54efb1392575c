# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of the playbook publish that dies at the boundary of two stages: the next one completes it.

All the while a customer looks at the name: there is an image, and it is proven.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from faults.run import Run, plays_beside
from support.cloud import LoopbackCloud
from support.faults import UPLOAD, Fault, Hold, Point, answered, sent
from support.proxy import proxy
from support.publishing import PLAYBOOK, Provider, publishing
from support.sources import Release, same_bytes
from support.waiting import until
from support.watching import watched

slow, long = pytest.mark.slow, pytest.mark.long
CREATE = "POST /v2/images$"
CHANGE = "PATCH /v2/images/"
LABEL = "transacted"

# The changes of a run, in their order: proven, given hardware, named, stepped back, retired.
PROVEN, EQUIPPED, NAMED, STEPPED_BACK, RETIRED = range(5)

BOUNDARIES = [
    pytest.param(CREATE, 0, sent(), id="before the image is made", marks=slow),
    pytest.param(UPLOAD, 0, sent(0.5), id="in the middle of the data", marks=slow),
    pytest.param(CHANGE, PROVEN, sent(), id="data there", marks=slow),
    pytest.param(CHANGE, PROVEN, answered(), id="proven", marks=slow),
    pytest.param(CHANGE, EQUIPPED, answered(), id="with its hardware", marks=slow),
    pytest.param(CHANGE, NAMED, sent(), id="before it has the name"),
    pytest.param(CHANGE, NAMED, answered(), id="named", marks=slow),
    pytest.param(CHANGE, STEPPED_BACK, sent(), id="two of the name", marks=slow),
    pytest.param(CHANGE, STEPPED_BACK, answered(), id="stepped back", marks=slow),
    pytest.param(CHANGE, RETIRED, sent(), id="before it is retired", marks=slow),
    pytest.param(CHANGE, RETIRED, answered(), id="retired", marks=slow),
]


@pytest.fixture
def provider(cloud: LoopbackCloud, tmp_path: Path) -> Iterator[Provider]:
    """A published image, of which upstream has another release; the old one is not to be kept."""
    with publishing(cloud, tmp_path) as made:
        made.add(LABEL, visibility="public", profiles=["virtio"], keep=0)
        done = made.publish()
        assert done.played.status == 0, done.played.output
        yield made


@contextmanager
def held_run(provider: Provider, on: str, number: int, at: Point) -> Iterator[tuple[Run, Hold]]:
    """A run that has come to this point and stands there."""
    held = Hold()
    with proxy(provider.owner.glance_url) as glance:
        glance.fault(Fault(deed=held, on=on, at=at, skip=number))
        environment = provider.behind(glance)
        with plays_beside(PLAYBOOK, *provider.arguments(), **environment) as run:
            held.wait()
            yield run, held


@pytest.mark.parametrize("on, number, at", BOUNDARIES)
def test_killed_with_everything(provider: Provider, on: str, number: int, at: Point) -> None:
    """All processes at once, as when the machine goes down."""
    (old,) = provider.images()
    release = provider.release(LABEL, 2)
    with watched(provider.cloud["customer_a"], provider.name(LABEL)) as watch:
        with held_run(provider, on, number, at) as (run, _held):
            run.kill_all()
        assert_completed(provider, release, old["id"])
    watch.assert_never_none()
    assert watch.ids == {image["id"] for image in provider.images()}


@pytest.mark.parametrize(
    "on, number, at",
    [
        pytest.param(UPLOAD, 0, sent(0.5), id="in the middle of the data", marks=slow),
        pytest.param(CHANGE, EQUIPPED, sent(), id="before it has its hardware", marks=long),
        pytest.param(CHANGE, NAMED, sent(), id="before it has the name", marks=long),
        pytest.param(CHANGE, STEPPED_BACK, sent(), id="two of the name", marks=slow),
    ],
)
def test_nobody_waits_any_more(provider: Provider, on: str, number: int, at: Point) -> None:
    """With ansible-playbook gone, what it had begun ends beside the next run, or gives up."""
    (old,) = provider.images()
    release = provider.release(LABEL, 2)
    with watched(provider.cloud["customer_a"], provider.name(LABEL)) as watch:
        with held_run(provider, on, number, at) as (run, held):
            run.kill_ansible()
            held.release()
            until(lambda: not run.processes(), "all processes have ended")
        assert_completed(provider, release, old["id"])
    watch.assert_never_none()


def assert_completed(provider: Provider, release: Release, old: str) -> None:
    """The next run leaves the new release under the name, the old one retired, and no other."""
    done = provider.publish()
    assert done.played.status == 0, done.played.output
    (image,) = provider.named(LABEL, user="customer_a")
    assert same_bytes(image, release.raw)
    assert image["hw_disk_bus"] == "virtio"
    images = {image["id"]: image for image in provider.images()}
    assert images.keys() == {old, image["id"]}
    assert (images[old]["os_hidden"], images[old]["curator_state"]) == (True, "retired")
    provider.publish().assert_nothing_to_do()
